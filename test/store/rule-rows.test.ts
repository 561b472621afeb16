import { describe, expect, it } from "vitest";
import type { Region } from "../../src/routing/phone-number.ts";
import type { RedirectAction, Rule } from "../../src/routing/rule.ts";
import type { RowFault } from "../../src/store/cells.ts";
import { readRule } from "../../src/store/rule-rows.ts";
import { aRoute, IDS } from "../support/rows.ts";

/** The rule of a row of Routes without faults. */
function ruleOf(cells: Readonly<Record<string, unknown>>, region?: Region): Rule {
  const { value, faults } = readRule(aRoute(cells), region);
  expect(faults).toEqual([]);
  if (value === undefined) throw new Error("the row gave no rule");
  return value;
}

function redirectOf(cells: Readonly<Record<string, unknown>>, region?: Region): RedirectAction {
  const { action } = ruleOf(cells, region);
  if (action.kind !== "redirect") throw new Error("the rule rejects");
  return action;
}

/** The one fault of a row of Routes, which must cost the row. */
function faultOf(cells: Readonly<Record<string, unknown>>): RowFault | undefined {
  const { value, faults } = readRule(aRoute(cells), undefined);
  expect(value).toBeUndefined();
  expect(faults).toHaveLength(1);
  return faults[0];
}

const manyTargets = (count: number) =>
  Array.from({ length: count }, (_, index) => `user:98da8a1a-1b87-452c-a713-${String(index).padStart(12, "0")}`).join();

describe("readRule", () => {
  it("needs targets only: the rest has the defaults of the contract", () => {
    expect(ruleOf({})).toEqual({
      partition: "default",
      name: "night",
      priority: 100,
      enabled: true,
      caller: { include: [{ kind: "anyone" }], exclude: [] },
      action: {
        kind: "redirect",
        targets: [{ kind: "user", id: IDS.adele, weight: 1 }],
        ring: "all",
        policies: [],
        fallback: [],
      },
    });
  });

  it("takes an empty cell for none", () => {
    const empty = {
      priority: "",
      enabled: " ",
      caller: "",
      schedule: "",
      from: "",
      until: null,
      action: "",
      ring: "",
      timeout: "",
      policies: "",
      fallback: "\u00a0",
      reason: "",
      note: "",
    };
    expect(ruleOf(empty)).toEqual(ruleOf({}));
  });

  it.each<[unknown, boolean]>([
    [true, true],
    ["yes", true],
    [1, true],
    ["On", true],
    [false, false],
    ["no", false],
    [0, false],
    ["OFF", false],
  ])("reads enabled %j as %j", (cell, enabled) => {
    expect(ruleOf({ enabled: cell }).enabled).toBe(enabled);
  });

  it.each<[string, unknown]>([
    ["a number", 50],
    ["an Int64", 50n],
    ["a typed Int64", { value: "50", type: "Int64" }],
    ["a text", " 50 "],
  ])("reads a priority that is %s", (_, cell) => {
    expect(ruleOf({ priority: cell }).priority).toBe(50);
  });

  it("reads moments from texts with an offset and from DateTime cells alike", () => {
    const rule = ruleOf({ from: "2026-12-24T09:00-05:00", until: new Date("2026-12-25T00:00:00Z") });
    expect(rule.fromMs).toBe(Date.parse("2026-12-24T14:00:00Z"));
    expect(rule.untilMs).toBe(Date.parse("2026-12-25T00:00:00Z"));
  });

  it.each<[string, object]>([
    ["support", { schedule: "support", negated: false }],
    ["!support", { schedule: "support", negated: true }],
    ["! Support Hours", { schedule: "Support Hours", negated: true }],
  ])("reads schedule %s", (text, schedule) => {
    expect(ruleOf({ schedule: text }).schedule).toEqual(schedule);
  });

  it.each<[string, string, Region?]>([
    [`user:{${IDS.adele.toUpperCase()}}`, `user ${IDS.adele}`],
    [`USER : ${IDS.adele.toUpperCase()}`, `user ${IDS.adele}`],
    ["phone:+1 (425) 555-0100", "phone +14255550100"],
    ["phone:+1\u00a0425\u2011555\u20130100", "phone +14255550100"],
    ["phone:(425) 555-0100", "phone +14255550100", "US"],
    ["phone:14255550100", "phone +14255550100"],
    ["phone:030 123456", "phone +4930123456", "DE"],
    [`app:${IDS.queue}`, `application ${IDS.queue}`],
    [`resource:${IDS.queue}`, `applicationInstance ${IDS.queue}`],
  ])("reads the target %s", (text, target, region) => {
    const [{ kind, id }] = redirectOf({ targets: text }, region).targets;
    expect(`${kind} ${id}`).toBe(target);
  });

  it.each<[string, string | undefined, number]>([
    [`user:${IDS.adele} "Adele Vance"`, "Adele Vance", 1],
    [`user:${IDS.adele} \u201cAdele Vance\u201d`, "Adele Vance", 1],
    [`user:${IDS.adele} \u201eAdele Vance\u201c`, "Adele Vance", 1],
    [`user:${IDS.adele} "Vance, Adele" x3`, "Vance, Adele", 3],
    [`user:${IDS.adele} x3`, undefined, 3],
    [`user:${IDS.adele} X 3`, undefined, 3],
    [`user:${IDS.adele} \u00d73`, undefined, 3],
    [`user:${IDS.adele} x0`, undefined, 0],
  ])("reads name and weight of %s", (text, displayName, weight) => {
    const [target] = redirectOf({ targets: text }).targets;
    expect([target.displayName, target.weight]).toEqual([displayName, weight]);
  });

  it("reads targets apart at commas, semicolons and line breaks", () => {
    const targets = `user:${IDS.adele}, phone:+14255550100;\r\nresource:${IDS.queue}\n`;
    expect(redirectOf({ targets }).targets.map(({ kind }) => kind)).toEqual(["user", "phone", "applicationInstance"]);
  });

  it("reads how long and how the targets ring", () => {
    const action = redirectOf({
      ring: "Round Robin",
      timeout: "45",
      policies: "disableForwarding, NoMissedCall",
      fallback: "phone:+14255550199",
    });
    expect(action).toMatchObject({
      ring: "round-robin",
      timeoutSeconds: 45,
      policies: ["disableForwarding", "noMissedCall"],
    });
    expect(action.fallback).toEqual([{ kind: "phone", id: "+14255550199", weight: 1 }]);
  });

  it("rejects with the reason of the row, busy when it names none, and needs no targets", () => {
    expect(ruleOf({ targets: "", action: "reject" }).action).toEqual({ kind: "reject", reason: "busy" });
    expect(ruleOf({ action: "Reject", reason: "Forbidden" }).action).toEqual({ kind: "reject", reason: "forbidden" });
  });

  it("rings 25 targets together and no more", () => {
    expect(redirectOf({ targets: manyTargets(25) }).targets).toHaveLength(25);
    expect(faultOf({ targets: manyTargets(26) })).toMatchObject({
      column: "targets",
      wrong: expect.stringContaining("25"),
    });
  });

  it("chooses among 26 targets, since only one of them rings", () => {
    expect(redirectOf({ targets: manyTargets(26), ring: "random" }).targets).toHaveLength(26);
    expect(redirectOf({ targets: manyTargets(26), ring: "round-robin" }).targets).toHaveLength(26);
  });

  it("refuses 26 fallback targets: they ring together whatever ring says", () => {
    expect(faultOf({ ring: "random", fallback: manyTargets(26) })).toMatchObject({ column: "fallback" });
  });

  it.each<[string, unknown, string]>([
    ["priority", "first", "whole number"],
    ["priority", 1.5, "whole number"],
    ["enabled", "perhaps", "true or false"],
    ["caller", "+1(301", "number"],
    ["caller", "1425*", "+1425*"],
    ["caller", "tenant:contoso", "id such as"],
    ["caller", "country:Germany", "two letters"],
    ["caller", "list:", "name"],
    ["caller", "!+14255550100", "only excludes"],
    ["schedule", "!", "schedule's name"],
    ["from", "2026-12-24T09:00", "without an offset"],
    ["until", "2026-02-30T09:00Z", "date, time and offset"],
    ["action", "forward", "redirect, reject"],
    ["targets", "adele@contoso.com", "user:ID"],
    ["targets", "user:adele@contoso.com", "6d17c2f5"],
    ["targets", "phone:1064", "+14255550100"],
    ["targets", `user:${IDS.adele}, phone:4.41E+11`, "+14255550100"],
    ["targets", "", "who should ring"],
    ["ring", "both", "all, random, round-robin"],
    ["timeout", 14, "15 to 90"],
    ["timeout", 91, "15 to 90"],
    ["policies", "noForwarding", "disableForwarding"],
    ["fallback", "voicemail", "user:ID"],
    ["reason", "angry", "busy, forbidden, none"],
  ])("skips the row for %s %j and says what would be right", (column, cell, right) => {
    const fault = faultOf({ partitionKey: "sales", rowKey: "lunch", [column]: cell });
    expect(fault).toMatchObject({
      table: "Routes",
      partitionKey: "sales",
      rowKey: "lunch",
      column,
      found: String(cell),
    });
    expect(fault?.skipsRow).toBe(true);
    expect(fault?.wrong).toContain(right);
  });

  it("refuses a rule that ends before it begins", () => {
    expect(faultOf({ from: "2026-12-25T00:00Z", until: "2026-12-24T00:00Z" })).toMatchObject({ column: "until" });
    expect(faultOf({ from: "2026-12-25T00:00Z", until: "2026-12-25T01:00+01:00" })).toMatchObject({ column: "until" });
  });

  it("reports every mistake of a row at once", () => {
    const { faults } = readRule(aRoute({ priority: "x", timeout: "5", from: "soon" }), undefined);
    expect(faults.map(({ column }) => column).toSorted()).toEqual(["from", "priority", "timeout"]);
  });

  it("uses a row with an unknown column and reports the column", () => {
    const { value, faults } = readRule(aRoute({ targt: "phone:+14255550100" }), undefined);
    expect(value?.action).toMatchObject({ targets: [{ id: IDS.adele }] });
    expect(faults).toMatchObject([{ column: "targt", wrong: expect.stringContaining("did you mean targets?") }]);
  });

  it("never lets a bad row cost another", () => {
    const rows = [aRoute({ rowKey: "a" }), aRoute({ rowKey: "b", timeout: "soon" }), aRoute({ rowKey: "c" })];
    expect(rows.flatMap((row) => readRule(row, undefined).value?.name ?? [])).toEqual(["a", "c"]);
  });
});
