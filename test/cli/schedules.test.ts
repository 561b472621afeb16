import { describe, expect, it } from "vitest";
import { readPartition, readRow } from "../../src/store/tables.ts";
import { runProcess } from "../support/command.ts";
import { useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
const signal = new AbortController().signal;
const schedules = (args: readonly string[], now: string) => command(["schedules", ...args], { now: new Date(now) });
/** Wednesday, 09:30 in Denver. */
const WEDNESDAY = "2026-11-25T16:30:00Z";
const stored = (name: string, rowKey: string) => readRow(running().tables.Schedules, name, rowKey, signal);

describe("ringroute schedules list", () => {
  it.each([
    [WEDNESDAY, "open until Wed 17:00"],
    ["2026-11-28T16:30:00Z", "closed until Mon 08:00"],
    ["2026-12-25T16:30:00Z", "closed (Christmas) until Mon 08:00"],
    ["2026-12-29T16:30:00Z", "open (Year's end) until Tue 12:00"],
  ])("tells at %s that the office is %s, by its own clock", async (now, expected) => {
    const { stdout } = await schedules(["list"], now);
    expect(stdout).toMatch(/^feasts +1$/m);
    expect(stdout.split("\n").find((line) => line.startsWith("office"))).toMatch(
      new RegExp(`^office +America/Denver +${expected.replace(/[()]/g, "\\$&")} +1 +feasts$`),
    );
  });

  it("gives a program each row's text and values, as a process of its own", async () => {
    const { code, stdout } = await runProcess(["schedules", "list", "--json"], {
      connectionString: running().azurite.connectionString,
    });
    expect(code).toBe(0);
    const [feasts] = JSON.parse(stdout);
    expect(feasts).toMatchObject({
      schedule: "feasts",
      now: null,
      rows: [{ stored: { PartitionKey: "feasts", RowKey: "12-25", name: "Christmas" }, faults: [] }],
    });
  });

  it("lists a schedule with a bad row, and says which and why", async () => {
    await writeRows(running(), { Schedules: { broken: { hours: { timeZone: "EST", monday: "9-5" } } } });
    const { stdout } = await schedules(["list"], WEDNESDAY);
    expect(stdout).toMatch(/^broken.*hours: left out: timeZone "EST"/m);
    expect(stdout).toMatch(/hours: left out: monday "9-5"/);
    await running().tables.Schedules.deleteEntity("broken", "hours");
  });
});

describe("ringroute schedules set", () => {
  it.each([
    ["12-25", "--monday", "09:00-17:00", '--monday: only for the row "hours", the week; 12-25 is a dated row'],
    ["hours", "--name", "Christmas", '--name: only for dated rows; "hours" is the week'],
  ])("refuses for the row %s the column %s of the other kind of row, and says so", async (row, flag, text, words) => {
    const { code, stderr } = await command(["schedules", "set", "kinds", row, flag, text]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("adds a dated row and changes the week", async () => {
    expect(
      await schedules(["set", "office", "2026-12-24", "--hours", "08:00-12:00", "--name", "Christmas Eve"], WEDNESDAY),
    ).toMatchObject({ code: 0 });
    expect(await stored("office", "2026-12-24")).toMatchObject({ hours: "08:00-12:00", name: "Christmas Eve" });
    const friday = await schedules(["set", "OFFICE", "Hours", "--friday", "08:00-12:00"], WEDNESDAY);
    expect(friday.stdout).toMatch(/friday +08:00-17:00 +08:00-12:00\n/);
    expect(await stored("office", "hours")).toMatchObject({ timeZone: "America/Denver", friday: "08:00-12:00" });
    await schedules(["set", "office", "hours", "--friday", "08:00-17:00"], WEDNESDAY);
    expect(await schedules(["remove", "office", "2026-12-24", "--yes"], WEDNESDAY)).toMatchObject({ code: 0 });
  });

  it.each([
    [["hours", "--monday", "9-5"], 1, 'monday is "9-5"'],
    [["hours", "--time-zone", ""], 1, "write the zone in which the hours are meant"],
    [["12-31", "--monday", "08:00-12:00"], 2, "--monday: only for the row"],
    [["31.12.2026", "--hours", "closed"], 2, 'the row is "31.12.2026"'],
    [["2026-02-30", "--hours", "closed"], 2, "February 2026 has 28 days"],
    [["2026-12-29..2026-12-30"], 2, "Say what to set"],
  ])("refuses %j", async (args, code, says) => {
    expect(await schedules(["set", "office", ...args], WEDNESDAY)).toMatchObject({
      code,
      stderr: expect.stringContaining(says),
    });
  });

  it("refuses a dated row for the very days of another, and names the other", async () => {
    const { code, stderr } = await schedules(
      ["set", "office", "2026-12-28 .. 2026-12-31", "--hours", "closed"],
      WEDNESDAY,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('"2026-12-28 .. 2026-12-31" covers the same days');
    expect(await stored("office", "2026-12-28 .. 2026-12-31")).toBeUndefined();
  });
});

describe("ringroute schedules remove", () => {
  it("refuses to remove hours that rules need, and names the rules", async () => {
    const { code, stderr } = await schedules(["remove", "office", "hours", "--yes"], WEDNESDAY);
    expect(code).toBe(1);
    expect(stderr).toContain("Routes helpdesk/day, column schedule");
    expect(stderr).toContain("Routes helpdesk/night, column schedule");
    expect(await stored("office", "hours")).toBeDefined();
  });

  it("refuses to remove holidays that another schedule shares", async () => {
    const { code, stderr } = await schedules(["remove", "feasts", "--all", "--yes"], WEDNESDAY);
    expect(code).toBe(1);
    expect(stderr).toContain("Schedules office/hours, column holidays");
    expect(await stored("feasts", "12-25")).toBeDefined();
  });

  it("removes a whole schedule that nobody needs", async () => {
    await writeRows(running(), {
      Schedules: { old: { hours: { timeZone: "UTC", monday: "open" }, "01-01": {}, "12-31": {} } },
    });
    expect(await schedules(["remove", "Old", "--all", "--yes"], WEDNESDAY)).toMatchObject({ code: 0 });
    expect(await readPartition(running().tables.Schedules, "old", signal)).toEqual([]);
  });

  it("wants to know which row is meant", async () => {
    expect(await schedules(["remove", "office"], WEDNESDAY)).toMatchObject({ code: 2 });
    expect(await schedules(["remove", "office", "hours", "--all"], WEDNESDAY)).toMatchObject({ code: 2 });
    expect(await schedules(["remove", "nosuch", "--all"], WEDNESDAY)).toMatchObject({ code: 1 });
  });
});
