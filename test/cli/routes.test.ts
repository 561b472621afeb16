import { describe, expect, it } from "vitest";
import { readRow } from "../../src/store/tables.ts";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
/** Wednesday, 09:30 in Denver. */
const NOW = new Date("2026-11-25T16:30:00Z");
const routes = (...args: string[]) => command(["routes", ...args], { now: NOW });
const stored = (partition: string, name: string) =>
  readRow(running().tables.Routes, partition, name, new AbortController().signal);

describe("ringroute routes list", () => {
  it("shows rules in the order in which a call asks them, and which count now and why not", async () => {
    const { code, stdout } = await routes("list", "--to", "Support");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "Of        Rule     Priority  Callers             Rings        Counts now",
      "all       blocked  100       list:blocked        reject busy  yes",
      "helpdesk  day      100       anyone              Adele, Ben   yes: office open until Wed 17:00",
      "helpdesk  night    100       anyone              On call      no: office open until Wed 17:00",
      "default   desk     100       anyone, !anonymous  Ben          yes",
      "",
    ]);
  });

  it("shows the rules of the group where a line has none of its own, and says whose they are", async () => {
    const { code, stdout, stderr } = await routes("list", "Support");
    expect(stderr).toContain("Support has no rules of its own; these are of its group, helpdesk.");
    expect(stdout).toMatch(/^helpdesk +day/m);
    expect(stdout).toMatch(/^helpdesk +night/m);
    expect(code).toBe(0);
    expect(await routes("list", "Warehouse")).toMatchObject({ code: 1, stdout: "" });
  });

  it("gives a program the stored text, the values and whether each counts, as a process of its own", async () => {
    const { stdout } = await runProcess(["routes", "list", "helpdesk", "--json"], {
      connectionString: running().azurite.connectionString,
    });
    const [day] = JSON.parse(stdout);
    expect(day).toMatchObject({
      stored: { PartitionKey: "helpdesk", RowKey: "day", timeout: "30", schedule: "office" },
      parsed: { priority: 100, enabled: true, action: { kind: "redirect", timeoutSeconds: 30 } },
      faults: [],
    });
    expect(typeof day.now.on).toBe("boolean");
  });

  it.each([
    [{ enabled: "no" }, /no: disabled$/],
    [{ from: "2026-12-01T00:00Z" }, /no: from (Mon 2026-11-30|Tue 2026-12-01)/],
    [{ until: "2026-11-01T00:00Z" }, /no: was until (Sat 2026-10-31|Sun 2026-11-01)/],
    [{ schedule: "nosuch" }, /no: there is no schedule nosuch$/],
    [{ schedule: "feasts" }, /no: feasts has no hours that can be read$/],
    [{ schedule: "!office" }, /no: office open until Wed 17:00$/],
    [{ timeout: "9" }, /no: left out: timeout "9": write a whole number from 15 to 90$/],
    [{ colour: "red" }, /yes\n.*colour "red": unknown column/],
  ])("says of a rule with %j why it does not count", async (cells, expected) => {
    await writeRows(running(), { Routes: { states: { one: { targets: `user:${IDS.ben}`, ...cells } } } });
    expect((await routes("list", "states")).stdout.trimEnd()).toMatch(expected);
  });

  it("shows only the overrides that are for the line", async () => {
    const targets = `user:${IDS.ben}`;
    await writeRows(running(), { Routes: { override: { "site:Denver": { targets }, "site:Boulder": { targets } } } });
    const support = await routes("list", "--to", "Support");
    expect(support.stdout).toContain("site:Denver");
    expect(support.stdout).not.toContain("site:Boulder");
  });

  it("says that there are no such rules", async () => {
    expect(await routes("list", "nosuch")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no rules of nosuch"),
    });
    expect(await routes("list", "all", "--to", "Support")).toMatchObject({ code: 2 });
  });
});

describe("ringroute routes set", () => {
  it("takes a line by its name for whose rules are meant", async () => {
    const args = [
      "set",
      "sales",
      "vip",
      "--caller",
      "+14255550142",
      "--priority",
      "5",
      "--targets",
      `user:${IDS.adele}`,
    ];
    const { code, stdout } = await routes(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/priority +- +5\n/);
    expect(await stored(IDS.queue, "vip")).toMatchObject({ priority: "5" });
    expect((await routes("list", "+1 303 555 0101")).stdout).toMatch(/^Sales +vip +5 /m);
    expect(await routes("remove", "Sales", "vip", "--yes")).toMatchObject({ code: 0 });
  });

  it("tells a line from a group of the same name by letter case, and asks for the id where that does not", async () => {
    await writeRows(running(), { Routes: { sales: { g: { targets: `user:${IDS.ben}` } } } });
    expect((await routes("show", "sales", "g")).stdout).toContain("Routes sales/g");
    expect(await routes("show", "Sales", "g")).toMatchObject({ code: 1 });
    expect(await routes("show", "SALES", "g")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("write the line's id"),
    });
    await running().tables.Routes.deleteEntity("sales", "g");
  });

  it("refuses a row with mistakes, with every one of them", async () => {
    const { code, stderr } = await routes("set", "helpdesk", "day", "--timeout", "9", "--ring", "loud");
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: ring is "loud"/);
    expect(stderr).toMatch(/error: timeout is "9"; write a whole number from 15 to 90/);
    expect(await stored("helpdesk", "day")).toMatchObject({ timeout: "30" });
  });

  it("refuses two lines that send calls round, and prints the way", async () => {
    const sales = ["set", "Sales", "over", "--targets", `resource:${IDS.line}`];
    expect(await routes(...sales)).toMatchObject({ code: 0 });
    const { code, stderr } = await routes("set", "Support", "back", "--targets", "phone:+13035550101");
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*Sales -> Support -> Sales/);
    expect(await stored(IDS.line, "back")).toBeUndefined();
    expect(await routes("remove", "Sales", "over", "--yes")).toMatchObject({ code: 0 });
  });

  it("lets the rules of a group be written before the first line is put into it", async () => {
    const rule = ["set", "newcomers", "day", "--targets", `user:${IDS.ben}`];
    expect(await routes(...rule)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/warning: .*no line's group/),
    });
    expect(await routes("remove", "newcomers", "day", "--yes")).toMatchObject({ code: 0 });
  });

  it("only warns of a list that nobody is on yet", async () => {
    const args = ["set", "helpdesk", "vip", "--caller", "list:vips", "--priority", "5", "--targets", `user:${IDS.ben}`];
    expect(await routes(...args)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("warning: Routes helpdesk/vip"),
    });
    expect(await routes("remove", "helpdesk", "vip", "--yes")).toMatchObject({ code: 0 });
  });
});

describe("ringroute routes remove", () => {
  it("refuses to leave lines with a group that has no rules, and names all of them", async () => {
    await writeRows(running(), {
      Routes: { annex: { only: { targets: `user:${IDS.ben}` } } },
      Lines: {
        line: {
          "44444444-0000-4000-8000-000000000001": { name: "One", group: "annex" },
          "44444444-0000-4000-8000-000000000002": { name: "Two", group: "annex" },
          "44444444-0000-4000-8000-000000000003": { name: "Three", group: "annex" },
        },
      },
    });
    const { code, stderr } = await routes("remove", "annex", "only", "--yes");
    expect(code).toBe(1);
    expect(stderr.match(/error: Lines line\/44444444-0000-4000-8000-00000000000[123], column group/g)).toHaveLength(3);
    expect(await stored("annex", "only")).toBeDefined();
  });

  it("removes also a row under keys that no call looks for", async () => {
    const upper = IDS.queue.toUpperCase();
    await writeRows(running(), { Routes: { [upper]: { lost: { targets: `user:${IDS.ben}` } } } });
    expect(await routes("remove", upper, "lost", "--yes")).toMatchObject({ code: 0 });
    expect(await stored(upper, "lost")).toBeUndefined();
  });
});
