import { describe, expect, it } from "vitest";
import { newFindings } from "../../src/check/finding.ts";
import { ALICE, BOB, type Cells, LINE, QUEUE, type TypedRows } from "../support/decisions.ts";
import { inShort, mistakesIn } from "./books.ts";

const NIGHT_LINE = QUEUE.replace("resource:", "");
const SCHEDULES = {
  desk: { hours: { timeZone: "America/New_York", monday: "09:00-17:00", wednesday: "09:00-17:00" } },
  lunch: { hours: { timeZone: "America/New_York", wednesday: "12:00-13:00" } },
  evening: { hours: { timeZone: "America/New_York", wednesday: "16:00-20:00" } },
  weekend: { hours: { timeZone: "America/New_York", saturday: "09:00-12:00" } },
  holidays: { "12-25": {} },
  shut: { hours: { timeZone: "Etc/UTC" } },
};

/** What is found of rules in `default`, by name; each rings Alice unless its cells say otherwise. */
function found(rules: Readonly<Record<string, Cells>>, rows: TypedRows = {}): string[] {
  const routes = Object.fromEntries(Object.entries(rules).map(([name, cells]) => [name, { targets: ALICE, ...cells }]));
  return inShort(mistakesIn({ schedules: SCHEDULES, ...rows, routes: { ...rows.routes, default: routes } }));
}

describe("findMistakes", () => {
  it("finds nothing wrong with day, night and a holiday set", () => {
    const rules = { day: { schedule: "desk" }, night: { schedule: "!desk", priority: 200, targets: BOB } };
    expect(found(rules)).toEqual([]);
  });

  it("lists the gravest first, then by table and row", () => {
    const rules = { a: { enabled: "no" }, b: { caller: "phone, !phone" }, c: { targets: "bob" }, d: { colour: "red" } };
    expect(found(rules)).toEqual([
      "error never-applies Routes default/b, column caller",
      "error bad-row Routes default/c, column targets",
      "warning bad-cell Routes default/d, column colour",
      "note never-applies Routes default/a, column enabled",
    ]);
  });

  it.each<[string, Cells, string]>([
    ["an unknown schedule", { schedule: "office" }, "error unknown-schedule Routes default/a, column schedule"],
    [
      "a set of holidays in the place of a schedule",
      { schedule: "!holidays" },
      "error unknown-schedule Routes default/a, column schedule",
    ],
    ["a schedule that is never open", { schedule: "shut" }, "error never-applies Routes default/a, column schedule"],
    ["a window that is over", { until: "2026-06-03T12:00Z" }, "note expired Routes default/a, column until"],
    [
      "targets of which none may be chosen",
      { targets: `${ALICE} "Alice" x0`, ring: "random" },
      "error never-applies Routes default/a, column targets",
    ],
    [
      "callers who are all excluded",
      { caller: "+1425*, !phone" },
      "error never-applies Routes default/a, column caller",
    ],
    [
      "more targets than can ring together",
      { targets: Array.from({ length: 26 }, (_, index) => `phone:+142555501${10 + index}`).join() },
      "error bad-row Routes default/a, column targets",
    ],
  ])("finds %s", (_, cells, finding) => {
    expect(found({ a: cells })).toEqual([finding]);
  });

  it("finds no fault with a negated schedule that is never open, since it is always closed", () => {
    expect(found({ a: { schedule: "!shut" } })).toEqual([]);
  });

  it("finds the rules of a line that would only ring the line itself, by id or number", () => {
    const rows = {
      lines: { [LINE]: { number: "+14255550100" } },
      routes: { [LINE]: { self: { targets: `phone:+14255550100, resource:${LINE}` } } },
    };
    expect(found({ a: {} }, rows)).toEqual([`error never-applies Routes ${LINE}/self, column targets`]);
  });

  it("tells only what is new after a change", () => {
    const before = mistakesIn({ routes: { default: { a: { targets: "bob" } } } });
    const after = mistakesIn({ routes: { default: { a: { targets: "bob" }, b: { targets: "carol" } } } });
    expect(inShort(newFindings(before, after))).toEqual(["error bad-row Routes default/b, column targets"]);
  });
});

describe("findMistakes, of rules that others go before", () => {
  const shadowed = "error shadowed Routes default/b, column priority";
  const except = "warning shadowed Routes default/b, column priority";

  it.each<[string, Cells, Cells, string]>([
    ["a reject for everybody", { action: "reject", priority: 1 }, {}, shadowed],
    ["a rule that rings the same people", { priority: 1 }, { caller: "phone" }, shadowed],
    ["a rule for everybody, except calls from whom it rings", { priority: 1 }, { targets: BOB }, except],
    ["a prefix before a longer one", { caller: "+1*", priority: 1 }, { caller: "+1425*" }, shadowed],
    ["a prefix before a number", { caller: "+1425*", priority: 1 }, { caller: "(425) 555-0142" }, shadowed],
    ["the same schedule", { schedule: "desk", priority: 1 }, { schedule: "Desk" }, shadowed],
    ["a window around it", { until: "2027-01-01T00:00Z", priority: 1 }, { until: "2026-12-01T00:00Z" }, shadowed],
    ["a window that has begun", { from: "2026-01-01T00:00Z", priority: 1 }, {}, shadowed],
    ["the name at the same priority and rank", { caller: "external" }, { caller: "phone" }, shadowed],
  ])("finds one behind %s", (_, a, b, finding) => {
    expect(found({ a, b })).toEqual([finding]);
  });

  it.each<[string, Cells, Cells]>([
    ["for a closer caller at the same priority", {}, { caller: "phone", targets: BOB }],
    ["with a schedule", { schedule: "desk", priority: 1 }, { targets: BOB }],
    ["with a window that begins later", { from: "2026-12-01T00:00Z", priority: 1 }, { targets: BOB }],
    ["with a window that ends", { until: "2026-12-01T00:00Z", priority: 1 }, { targets: BOB }],
    ["with an exception", { caller: "*, !+1425*", priority: 1 }, { targets: BOB }],
    [
      "that the numbering plan knows no more of",
      { caller: "country:US", priority: 1 },
      { caller: "+1*", targets: BOB },
    ],
  ])("finds no fault with one behind a rule %s", (_, a, b) => {
    expect(found({ a, b })).toEqual([]);
  });

  it("finds one behind a rule of all, which comes before everything", () => {
    const rows = { routes: { all: { closed: { action: "reject" } } } };
    expect(found({ b: {} }, rows)).toEqual([shadowed]);
    expect(
      mistakesIn({ routes: { all: { closed: { action: "reject" } }, default: { b: { targets: ALICE } } } })[0]?.says,
    ).toBe('"all/closed" takes all of its calls before it.');
  });

  it("does not count what an override takes, which is there for a while", () => {
    const rows = { lines: { [LINE]: {} }, routes: { override: { all: { action: "reject" } } } };
    expect(found({ b: {} }, rows)).toEqual([]);
  });

  it("finds one behind two that share the day, and only notes a net for everybody", () => {
    const day = { schedule: "desk", action: "reject", priority: 1 };
    const night = { schedule: "!desk", action: "reject", priority: 2 };
    expect(found({ day, night, b: { caller: "phone" } })).toEqual([shadowed]);
    const schedules = { Office: SCHEDULES.desk };
    const [open, closed] = [
      { ...day, schedule: "Office" },
      { ...night, schedule: "!office" },
    ];
    expect(found({ day: open, night: closed, b: { caller: "phone" } }, { schedules })).toContain(shadowed);
    expect(found({ day, night, b: {} })).toEqual(["note shadowed Routes default/b, column priority"]);
  });

  it("finds no fault with what decides for a line that the rule before rings itself", () => {
    const rows = { lines: { [NIGHT_LINE]: {} } };
    expect(found({ a: { targets: `resource:${NIGHT_LINE}`, priority: 1 }, b: {} }, rows)).toEqual([]);
  });

  it("tells of a row with the same conditions once", () => {
    expect(found({ a: {}, b: { targets: BOB } })).toEqual(["warning same-conditions Routes default/b, column RowKey"]);
  });
});

describe("findMistakes, of rules at one priority", () => {
  const tie = "warning tie Routes default/b, column priority";

  it.each<[string, Cells, Cells]>([
    [
      "of two lists, that a caller may both be on",
      { caller: "list:vip" },
      { caller: "list:blocked", action: "reject" },
    ],
    ["of two schedules that overlap", { schedule: "evening" }, { schedule: "desk", targets: BOB }],
    ["of two windows that overlap", { until: "2026-12-02T00:00Z" }, { from: "2026-12-01T00:00Z", targets: BOB }],
  ])("warns where only the name settles it: %s", (_, a, b) => {
    expect(found({ a, b })).toEqual([tie]);
  });

  it.each<[string, Cells, Cells]>([
    ["schedules that do not meet", { schedule: "weekend" }, { schedule: "desk", targets: BOB }],
    ["open and closed", { schedule: "desk" }, { schedule: "!desk", targets: BOB }],
    ["an exception that comes first by name", { schedule: "desk" }, { targets: BOB }],
    ["a schedule within another", { schedule: "lunch" }, { schedule: "desk", targets: BOB }],
    ["different callers", { caller: "+1425*" }, { caller: "+1206*", targets: BOB }],
    ["the same to do", { caller: "list:vip" }, { caller: "list:friends" }],
  ])("finds no fault with %s", (_, a, b) => {
    expect(found({ a, b })).toEqual([]);
  });
});
