import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeInert, readInert } from "../../src/cli/csv/inert.ts";

describe("makeInert", () => {
  it.each([
    ["a number keeps its plus", "+14255550100", "'+14255550100"],
    ["a formula does not run", '=HYPERLINK("http://a")', `'=HYPERLINK("http://a")`],
    ["a formula behind a minus", "-2+3", "'-2+3"],
    ["a mention", "@SUM(A1)", "'@SUM(A1)"],
    ["a formula behind a tab", "\t=1", "'\t=1"],
    ["a full-width sign", "＝1", "'＝1"],
    ["a date is not written anew", "2026-12-25", "'2026-12-25"],
    ["a day of every year", "12-25", "'12-25"],
    ["an extension keeps its zero", "0123", "'0123"],
    ["digits that would be rounded", "442079460961", "'442079460961"],
    ["an apostrophe before what it guards", "'=1", "''=1"],
  ])("guards what a spreadsheet would change: %s", (_, text, cell) => {
    expect(makeInert(text)).toBe(cell);
    expect(readInert(cell)).toBe(text);
  });

  it.each(["", "100", "O'Brien", "'quoted'", "'", "2026-12-24..2026-12-26", "09:00-17:00", "last friday", "*"])(
    "leaves %j as it is",
    (text) => {
      expect(makeInert(text)).toBe(text);
      expect(readInert(text)).toBe(text);
    },
  );

  it("gives every text back, whatever it holds", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^'{0,3}[=+\-@\t\r\n0-9/E.]{1,15}$/));
    fc.assert(fc.property(text, (each) => readInert(makeInert(each)) === each));
  });
});

describe("readInert", () => {
  it.each([
    ["'+442079460961", "+442079460961"],
    ["'night", "'night"],
  ])("takes the apostrophe that a person typed from %s only before what needs one", (cell, text) => {
    expect(readInert(cell)).toBe(text);
  });
});
