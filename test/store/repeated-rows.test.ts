import { describe, expect, it } from "vitest";
import { compareRules } from "../../src/routing/decide.ts";
import { readRule, repeatedRules } from "../../src/store/rule-rows.ts";
import { readSchedule } from "../../src/store/schedule-rows.ts";

/** Names of the rows that are reported as repeating another. */
function repeated(rows: Readonly<Record<string, Record<string, unknown>>>, partitionKey = "default"): string[] {
  const rules = Object.entries(rows).flatMap(([rowKey, cells]) => {
    const row = { partitionKey, rowKey, targets: "phone:+14255550101", ...cells };
    return readRule(row, "US").value ?? [];
  });
  return repeatedRules(rules.sort(compareRules)).map(({ rowKey }) => rowKey);
}

describe("repeatedRules", () => {
  it("reports the row that never decides, since another takes the same calls and comes first by name", () => {
    expect(repeated({ b: {}, a: {} })).toEqual(["b"]);
  });

  it("sees through spelling and order", () => {
    const one = { caller: "+1 (425) 555-0142, list:VIP, !anonymous", schedule: "Office", priority: 5 };
    const other = { caller: "list:vip, 14255550142, ! anonymous", schedule: "office", priority: "5" };
    expect(repeated({ one, other })).toEqual(["other"]);
  });

  it.each([
    ["priority", { priority: 5 }],
    ["caller", { caller: "phone" }],
    ["exclusion", { caller: "*, !anonymous" }],
    ["schedule", { schedule: "office" }],
    ["window", { until: "2027-01-01T00:00Z" }],
    ["being enabled", { enabled: "no" }],
  ])("tells rows apart by %s", (_, cells) => {
    expect(repeated({ plain: {}, special: cells })).toEqual([]);
  });

  it("leaves overrides alone, which their scopes tell apart", () => {
    expect(repeated({ all: {}, "site:denver": {} }, "override")).toEqual([]);
  });
});

describe("readSchedule", () => {
  it("reports the dated row whose days another covers too", () => {
    const row = (rowKey: string) => ({ partitionKey: "us", rowKey, hours: "closed" });
    const { faults } = readSchedule("us", [row("last friday"), row("last-friday"), row("first friday")]);
    expect(faults).toMatchObject([
      { rowKey: "last-friday", wrong: expect.stringContaining('"last friday"'), skipsRow: false },
    ]);
  });
});
