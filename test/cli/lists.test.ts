import { describe, expect, it } from "vitest";
import { readRow } from "../../src/store/tables.ts";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { BLOCKED, useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
const NOW = new Date("2026-11-25T16:30:00Z");
const lists = (...args: string[]) => command(["lists", ...args], { now: NOW });
const stored = (caller: string, list: string) =>
  readRow(running().tables.CallerLists, caller, list, new AbortController().signal);

describe("ringroute lists list", () => {
  it("counts the callers of each list, those that are past their date among them, as a process of its own", async () => {
    await writeRows(running(), {
      CallerLists: {
        "+13035550171": { vip: { until: "2020-01-01T00:00Z" } },
        "+13035550172": { VIP: { until: "2120-01-01T00:00Z" } },
        [IDS.ben]: { vip: {} },
      },
    });
    const { code, stdout } = await runProcess(["lists", "list"], {
      connectionString: running().azurite.connectionString,
    });
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["List", "Callers", "Lapsed"],
      ["blocked", "1"],
      ["vip", "3", "1"],
      [""],
    ]);
  });

  it("names rows with a mistake", async () => {
    await writeRows(running(), { CallerLists: { "+13035550173": { late: { until: "soon" } } } });
    expect((await lists("list")).stdout).toMatch(/^late \+13035550173: left out: until "soon": .*write date/m);
    await running().tables.CallerLists.deleteEntity("+13035550173", "late");
  });
});

describe("ringroute lists set, of a number that no numbering plan has", () => {
  it("warns and writes all the same", async () => {
    const { code, stderr } = await lists("set", "odd", "+10301234567");
    await lists("remove", "odd", "+10301234567", "--yes");
    expect(stderr).toContain("warning: +10301234567 is no number of its country's numbering plan.");
    expect(code).toBe(0);
  });
});

describe("ringroute lists show", () => {
  it("shows the callers on a list in whatever letter case rows have it", async () => {
    const { stdout } = await lists("show", "Vip");
    const lines = stdout.trimEnd().split("\n").sort();
    expect(lines[0]).toMatch(/^\+1 303 555 0171 +was until (Tue 2019-12-31|Wed 2020-01-01) /);
    expect(lines[1]).toMatch(/^\+1 303 555 0172 +until (Sun 2119-12-31|Mon 2120-01-01) /);
    expect(lines[2]).toBe(IDS.ben);
  });

  it("shows the lists that a caller is on, however the number is typed", async () => {
    expect((await lists("show", "--caller", "+1 (800) 555-0199")).stdout).toBe("blocked\n");
    expect(await lists("show", "--caller", "+13035550199")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("+1 303 555 0199 is on no list."),
    });
  });

  it("prints a JSON object a row", async () => {
    const { stdout } = await lists("show", "blocked", "--json");
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([{ stored: { PartitionKey: BLOCKED, RowKey: "blocked" }, parsed: { list: "blocked" }, faults: [] }]);
  });

  it("wants a list or a caller", async () => {
    expect(await lists("show")).toMatchObject({ code: 2 });
    expect(await lists("show", "vip", "--caller", BLOCKED)).toMatchObject({ code: 2 });
    expect(await lists("show", "--caller", "Ben")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--caller"),
    });
  });
});

describe("ringroute lists set", () => {
  it("puts a caller on a list under the number as calls bring it, and takes it off again", async () => {
    expect(await lists("set", "Blocked", "+1 800-555-0198")).toMatchObject({ code: 0 });
    expect(await stored("+18005550198", "blocked")).toBeDefined();
    expect(await lists("set", "blocked", "+18005550198", "--until", "2027-01-01T00:00Z")).toMatchObject({ code: 0 });
    expect(await stored("+18005550198", "blocked")).toMatchObject({ until: "2027-01-01T00:00Z" });
    expect(await lists("remove", "blocked", "+18005550198", "--yes")).toMatchObject({ code: 0 });
    expect(await stored("+18005550198", "blocked")).toBeUndefined();
  });

  it.each([
    [["blocked", "somebody"], 2, 'the caller is "somebody"'],
    [["blocked", "+18005550198", "--until", "2027-01-01"], 1, "without an offset"],
  ])("refuses %j", async (args, code, says) => {
    expect(await lists("set", ...args)).toMatchObject({ code, stderr: expect.stringContaining(says) });
    expect(await stored("+18005550198", "blocked")).toBeUndefined();
  });
});

describe("ringroute lists remove", () => {
  it("says that a caller is not on the list", async () => {
    expect(await lists("remove", "blocked", "+13035550100", "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no row CallerLists +13035550100/blocked."),
    });
  });
});
