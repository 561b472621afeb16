import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf, textOfKey } from "../../src/store/tables.ts";
import { readKeys } from "../../src/store/typed-keys.ts";
import { IDS } from "../support/rows.ts";

const UPPER = IDS.line.toUpperCase();

describe("readKeys", () => {
  it.each([
    ["Lines", ["", `{${UPPER}}`], ["line", IDS.line]],
    ["Lines", ["Line", IDS.line], ["line", IDS.line]],
    ["Routes", ["ALL", "blocked"], ["all", "blocked"]],
    ["Routes", ["Default", "Night shift"], ["default", "Night shift"]],
    ["Routes", [UPPER, "night"], [IDS.line, "night"]],
    ["Routes", ["(425) 555-0100", "night"], ["+14255550100", "night"]],
    ["Routes", ["Sales", "ops/line@contoso.com"], ["Sales", "ops%2Fline@contoso.com"]],
    ["Schedules", ["office", "Hours"], ["office", "hours"]],
    ["Schedules", ["office", "2026-12-25"], ["office", "2026-12-25"]],
    ["CallerLists", ["(800) 234-5678", "VIP"], ["+18002345678", "vip"]],
    ["CallerLists", ["'+442079460961", "vip"], ["+442079460961", "vip"]],
    ["CallerLists", ["1064", "vip"], ["1064", "vip"]],
    ["CallerLists", [UPPER, "vip"], [IDS.line, "vip"]],
  ] as const)("stores keys of %s under the one spelling that calls look for: %j", (table, typed, stored) => {
    const [partitionKey, rowKey] = typed;
    expect(readKeys(table, { partitionKey, rowKey }, "US")).toEqual({ partitionKey: stored[0], rowKey: stored[1] });
  });

  it.each([
    ["Lines", ["lines", IDS.line], "PartitionKey"],
    ["Lines", ["line", "Support"], "RowKey"],
    ["Routes", ["", "night"], "PartitionKey"],
    ["Routes", ["default", " "], "RowKey"],
    ["Routes", ["default", "x".repeat(513)], "RowKey"],
    ["Schedules", ["office", "25/12/2026"], "RowKey"],
    ["CallerLists", ["4.41E+11", "vip"], "PartitionKey"],
    ["CallerLists", ["+14255550100", ""], "RowKey"],
  ] as const)("says which key of %s is wrong: %j", (table, [partitionKey, rowKey], column) => {
    expect(readKeys(table, { partitionKey, rowKey }, "US")).toMatchObject([{ table, column, skipsRow: true }]);
  });
});

describe("textOfKey", () => {
  it("gives back the text that keyOf made a key of, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(textOfKey(keyOf(text))).toBe(text);
      }),
    );
  });

  it("leaves a key alone that was typed by hand with a percent sign in it", () => {
    expect(textOfKey("50%")).toBe("50%");
    expect(textOfKey("a%zzb")).toBe("a%zzb");
  });
});
