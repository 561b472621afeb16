import { describe, expect, it } from "vitest";
import { ALICE, LINE, QUEUE } from "../support/decisions.ts";
import { inShort, mistakesIn } from "./books.ts";

const OTHER = QUEUE.replace("resource:", "");
const ring = { targets: ALICE };

describe("findMistakes, of names that lead nowhere", () => {
  it("finds a list that nobody is on, in what a rule takes and in what it excludes, unless lists were not read", () => {
    const rows = { routes: { default: { a: { ...ring, caller: "list:vip, !list:Blocked" } } } };
    expect(mistakesIn(rows, { lists: new Map([["vip", { members: 1, lapsed: 0 }]]) })).toMatchObject([
      { severity: "warning", kind: "unknown-list", says: 'Nobody is on a list "blocked".' },
    ]);
    expect(mistakesIn(rows)).toEqual([]);
  });

  it("notes once a list how many of its callers are past their date", () => {
    const findings = mistakesIn({}, { lists: new Map([["vip", { members: 40, lapsed: 12 }]]) });
    expect(inShort(findings)).toEqual(["note expired CallerLists vip, column until"]);
    expect(findings[0]?.found).toBe("12 of 40 callers");
  });

  it("finds a line's group that has no rules, and names the one that is spelled otherwise", () => {
    const lines = { [LINE]: { group: "Support" }, [OTHER]: { group: "sales" } };
    expect(mistakesIn({ lines, routes: { support: { a: ring }, default: { a: ring } } })).toMatchObject([
      { severity: "warning", kind: "unknown-group", rowKey: OTHER, found: "sales" },
    ]);
    const wrong = mistakesIn({
      lines: { [LINE]: { group: "support" } },
      routes: { SUPPORT: { a: ring }, default: { a: ring } },
    });
    expect(inShort(wrong)).toEqual([
      `error unknown-group Lines line/${LINE}, column group`,
      "warning never-read Routes SUPPORT/a, column PartitionKey",
    ]);
    expect(wrong[0]?.remedy).toBe("Write SUPPORT.");
  });

  it("finds holidays that no schedule has, and a schedule that is spelled otherwise", () => {
    const schedules = {
      DESK: { hours: { timeZone: "Etc/UTC", monday: "09:00-17:00", holidays: "us, uk" } },
      us: { "07-04": {} },
    };
    const findings = mistakesIn({ schedules, routes: { default: { a: { ...ring, schedule: "desk" } } } });
    expect(inShort(findings)).toEqual([
      "error unknown-schedule Routes default/a, column schedule",
      "error unknown-schedule Schedules DESK/hours, column holidays",
    ]);
    expect(findings.map(({ says }) => says)).toEqual([
      'There is no schedule "desk", only "DESK".',
      'There are no rows under "uk", so its days do not count here.',
    ]);
  });

  it("finds overrides that are for no line, number, name or site", () => {
    const lines = { [LINE]: { number: "+14255550100", name: "Support", site: "Denver" } };
    const right = ["all", "ALL", "site: denver", "support", "(425) 555-0100", LINE.toUpperCase()];
    const scopes = [...right, "site:Boise", "sales", "+14255550199", OTHER];
    const override = Object.fromEntries(scopes.map((scope) => [scope, ring]));
    const findings = mistakesIn({ lines, routes: { override, default: { a: ring } } });
    expect(inShort(findings.filter(({ kind }) => kind === "unknown-scope"))).toEqual([
      "error unknown-scope Routes override/+14255550199, column RowKey",
      "error unknown-scope Routes override/sales, column RowKey",
      "error unknown-scope Routes override/site:Boise, column RowKey",
      `warning unknown-scope Routes override/${OTHER}, column RowKey`,
    ]);
  });

  it("finds a number that two lines have, however it is spelled, and names the first", () => {
    const lines = { [OTHER]: { number: "(303) 555-0100", name: "Denver" }, [LINE]: { number: "+13035550100" } };
    expect(mistakesIn({ lines, routes: { default: { a: ring } } })).toMatchObject([
      {
        severity: "error",
        kind: "duplicate-number",
        rowKey: LINE,
        says: `+13035550100 is already the number of line/${OTHER} (Denver).`,
      },
    ]);
  });

  it("finds a name that two lines have, in whatever letter case", () => {
    const lines = { [OTHER]: { name: "Berlin" }, [LINE]: { name: "BERLIN" } };
    expect(mistakesIn({ lines, routes: { default: { a: ring } } })).toMatchObject([
      {
        severity: "warning",
        kind: "duplicate-name",
        rowKey: LINE,
        says: `BERLIN is already the name of line/${OTHER}.`,
      },
    ]);
  });
});

describe("findMistakes, of numbers that no numbering plan has", () => {
  it("warns wherever a call would use one, once a cell", () => {
    const odd = "+10301234567";
    const phone = `phone:${odd}`;
    const lines = { [LINE]: { number: "+10301234568", fallback: phone } };
    const cells = { caller: `${odd}, teams`, targets: `${ALICE}, ${phone}`, fallback: phone };
    const findings = mistakesIn({ lines, routes: { default: { a: cells } } });
    expect(inShort(findings)).toEqual([
      `warning odd-number Lines line/${LINE}, column fallback`,
      `warning odd-number Lines line/${LINE}, column number`,
      "warning odd-number Routes default/a, column caller",
      "warning odd-number Routes default/a, column fallback",
      "warning odd-number Routes default/a, column targets",
    ]);
    expect(findings[0]).toMatchObject({ found: odd, remedy: expect.stringContaining("country code") });
  });

  it.each(["+14255550142", "+442079460961", "+493012345678"])("says nothing of %s, kept for films or not", (number) => {
    const routes = { default: { a: { ...ring, caller: number }, b: { targets: `phone:${number}` } } };
    expect(mistakesIn({ routes })).toEqual([]);
  });
});

describe("findMistakes, of keys that no call looks for", () => {
  const lines = { [LINE]: { number: "+14255550100", name: "Support", group: "desk" } };

  it.each([
    ["a shared partition in capitals", "All", "Write all."],
    ["an id in capitals", LINE.toUpperCase(), `Write ${LINE}.`],
    ["a line's number, which is known by its id", "+14255550100", `Write ${LINE}.`],
    ["a line's name", "support", `Write ${LINE}.`],
  ])("finds rules under %s, which never count", (_, partition, remedy) => {
    const findings = mistakesIn({
      lines,
      routes: { [partition]: { a: ring }, desk: { a: ring }, default: { a: ring } },
    });
    expect(findings).toMatchObject([{ severity: "error", kind: "never-read", partitionKey: partition, remedy }]);
  });

  it.each([
    ["a group that no line has", "sales", "Write a line's id, the group of a line in Lines, all, default or override."],
    ["a group in another letter case", "DESK", "Write desk."],
  ])("warns of rules under %s, which a line may yet join", (_, partition, remedy) => {
    const findings = mistakesIn({
      lines,
      routes: { [partition]: { a: ring }, desk: { a: ring }, default: { a: ring } },
    });
    expect(findings).toMatchObject([{ severity: "warning", kind: "never-read", partitionKey: partition, remedy }]);
  });

  it.each(["all", "default", "desk", LINE, OTHER, "+14255550199"])(
    "finds no fault with rules under %s",
    (partition) => {
      const rows = { lines, routes: { desk: { a: ring }, [partition]: { b: { ...ring, caller: "phone" } } } };
      expect(mistakesIn(rows)).toEqual([]);
    },
  );

  it("finds lines under an id in capitals or under what is no id, and takes them for no lines", () => {
    const wrong = { [LINE.toUpperCase()]: { group: "desk" }, reception: {} };
    expect(inShort(mistakesIn({ lines: wrong, routes: { default: { a: ring } } }))).toEqual([
      `error never-read Lines line/${LINE.toUpperCase()}, column RowKey`,
      "error never-read Lines line/reception, column RowKey",
    ]);
  });

  it("finds a schedule whose name no cell can spell", () => {
    const schedules = { " desk": { "12-25": {} } };
    expect(inShort(mistakesIn({ schedules }))).toEqual(["error never-read Schedules  desk/hours, column PartitionKey"]);
  });
});

describe("findMistakes, of lines that nobody answers", () => {
  const lines = { [LINE]: {} };

  it("finds a line without rules and fallback, unless FALLBACK_TARGET answers", () => {
    expect(inShort(mistakesIn({ lines }, { hasAppFallback: false }))).toEqual([`error no-answer Lines line/${LINE}`]);
    expect(mistakesIn({ lines }, { hasAppFallback: true })).toEqual([]);
  });

  it("counts the bot itself among the lines", () => {
    const findings = mistakesIn({}, { hasAppFallback: false, botAppId: OTHER });
    expect(inShort(findings)).toEqual([`error no-answer Lines line/${OTHER}`]);
  });

  it.each<[string, Parameters<typeof mistakesIn>[0]]>([
    ["its own rules", { lines, routes: { [LINE]: { a: ring } } }],
    ["its group's", { lines: { [LINE]: { group: "Desk" } }, routes: { desk: { a: ring } } }],
    ["default's", { lines, routes: { default: { a: { ...ring, caller: "phone" } } } }],
    ["a reject for everybody", { lines, routes: { default: { a: { action: "reject" } } } }],
    ["its fallback", { lines: { [LINE]: { fallback: ALICE } } }],
  ])("takes a line for answered by %s", (_, rows) => {
    expect(mistakesIn(rows, { hasAppFallback: false })).toEqual([]);
  });

  it.each<[string, Parameters<typeof mistakesIn>[0]]>([
    ["rules that never apply", { lines, routes: { [LINE]: { a: { ...ring, enabled: "no" } } } }],
    ["a list of callers to reject", { lines, routes: { all: { a: { action: "reject", caller: "list:blocked" } } } }],
    ["an override, which is there for a while", { lines, routes: { override: { all: ring } } }],
    ["a rule that rings the line itself", { lines, routes: { default: { a: { targets: `resource:${LINE}` } } } }],
  ])("does not take a line for answered by %s", (_, rows) => {
    const kinds = mistakesIn(rows, { hasAppFallback: false }).map(({ kind }) => kind);
    expect(kinds).toContain("no-answer");
  });
});
