import { describe, expect, it } from "vitest";
import { readLine } from "../../src/store/rule-rows.ts";
import { aRow, IDS } from "../support/rows.ts";

describe("readLine", () => {
  const aLine = (cells: Readonly<Record<string, unknown>>) =>
    aRow({ partitionKey: "line", rowKey: IDS.line, ...cells });

  it("reads number, name, group, site and fallback", () => {
    const row = aLine({
      number: "(303) 555-0100",
      name: " Front desk ",
      group: "sales",
      site: "Denver",
      fallback: `user:${IDS.ben}`,
    });
    expect(readLine(row, "US")).toEqual({
      value: {
        id: IDS.line,
        number: "+13035550100",
        name: "Front desk",
        group: "sales",
        site: "Denver",
        fallback: [{ kind: "user", id: IDS.ben, weight: 1 }],
      },
      faults: [],
    });
  });

  it.each([
    13035550100,
    13035550100n,
    "13035550100",
    "'+13035550100",
    "+1\u2011303\u2011555\u20110100",
    "tel:+13035550100",
  ])("reads the number %s", (number) => {
    expect(readLine(aLine({ number }), undefined).value?.number).toBe("+13035550100");
  });

  it.each([`{${IDS.line}}`, IDS.line.toUpperCase()])("reads the id %s", (rowKey) => {
    expect(readLine(aLine({ rowKey }), undefined).value?.id).toBe(IDS.line);
  });

  it("leaves out a wrong cell only: the line still rings by its rules", () => {
    const { value, faults } = readLine(aLine({ number: "4.41E+11", name: "Front desk", fallback: "voicemail" }), "US");
    expect(value).toEqual({ id: IDS.line, name: "Front desk", fallback: [] });
    expect(faults.map(({ table, column, skipsRow }) => [table, column, skipsRow])).toEqual([
      ["Lines", "number", false],
      ["Lines", "fallback", false],
    ]);
  });
});
