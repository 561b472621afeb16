import { describe, expect, it } from "vitest";
import { findLine } from "../../src/cli/find-line.ts";
import { aRow, IDS } from "../support/rows.ts";

const LINES = [
  aRow({ partitionKey: "line", rowKey: IDS.line, number: "+14255550100", name: "Support" }),
  aRow({ partitionKey: "line", rowKey: IDS.queue, number: "+14255550101", name: "Sales" }),
  aRow({ partitionKey: "line", rowKey: IDS.ben, name: "sales" }),
];

describe("findLine", () => {
  it.each([IDS.line, IDS.line.toUpperCase(), "+14255550100", "(425) 555-0100", "support", " Support "])(
    "knows a line by %s",
    (text) => {
      expect(findLine(text, LINES, "US", "--to").id).toBe(IDS.line);
    },
  );

  it("takes any id: a line needs no row", () => {
    expect(findLine(IDS.adele, LINES, "US", "--to")).toEqual({ id: IDS.adele, fallback: [] });
  });

  it("names the flag, and how lines are called, when there is no such line", () => {
    expect(() => findLine("Reception", LINES, "US", "--to")).toThrow(/^--to is "Reception".*Support, Sales/);
  });

  it("names every line that a name may mean", () => {
    expect(() => findLine("Sales", LINES, "US", "--to")).toThrow(`${IDS.queue}, ${IDS.ben}`);
  });
});
