import { describe, expect, it } from "vitest";
import { readMembership } from "../../src/store/list-rows.ts";
import { aRow } from "../support/rows.ts";

const membership = (cells: Readonly<Record<string, unknown>>) =>
  readMembership(aRow({ partitionKey: "+14255550100", rowKey: "VIP", ...cells }));

describe("readMembership", () => {
  it("puts the caller on the list for good when until is empty", () => {
    expect(membership({ note: "the mayor" })).toEqual({ value: { list: "vip" }, faults: [] });
  });

  it.each(["VIP", "vip", " Vip "])("takes the list's name %j in any letter case", (rowKey) => {
    expect(membership({ rowKey }).value?.list).toBe("vip");
  });

  it.each<[string, unknown]>([
    ["a text with an offset", "2026-12-24T09:00-05:00"],
    ["a DateTime", new Date("2026-12-24T14:00:00Z")],
    ["a typed DateTime", { value: "2026-12-24T14:00:00Z", type: "DateTime" }],
  ])("reads until from %s", (_, until) => {
    expect(membership({ until }).value?.untilMs).toBe(Date.parse("2026-12-24T14:00:00Z"));
  });

  it("skips the row with the bad moment and says which cell it is", () => {
    const { value, faults } = membership({ until: "next week" });
    expect(value).toBeUndefined();
    expect(faults).toMatchObject([
      {
        table: "CallerLists",
        partitionKey: "+14255550100",
        rowKey: "VIP",
        column: "until",
        found: "next week",
        skipsRow: true,
      },
    ]);
    expect(faults[0]?.wrong).toContain("2026-12-24T09:00-05:00");
  });

  it("uses the row when a column is unknown", () => {
    const { value, faults } = membership({ untill: "2026-12-24T09:00Z" });
    expect(value).toEqual({ list: "vip" });
    expect(faults).toMatchObject([{ column: "untill", wrong: expect.stringContaining("did you mean until?") }]);
  });
});
