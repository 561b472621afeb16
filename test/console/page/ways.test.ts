import { describe, expect, it } from "vitest";
import type { Way } from "../../../src/console/api/looking.ts";
import { marksOf, withoutLine } from "../../../src/console/page/shared/ways.ts";

const row = { partitionKey: "support", rowKey: "day" };
const rings = (id: string): Way => ({ id, kind: "redirect", who: id, by: "support/day", row });
const rejects: Way = { id: "x", kind: "reject", who: "reject busy", by: "support/night", row };
const nobody: Way = { id: "n", kind: "reject", who: "nobody rings", by: "nothing" };
const fallsBack: Way = { id: "f", kind: "fallback", who: "+1 425 555 0100", by: "the line's fallback" };

describe("marksOf", () => {
  it("tells ringing, rejecting, falling back and nobody apart by letter and by pattern, not by colour alone", () => {
    const marks = marksOf([rings("desk"), rejects, fallsBack, nobody]);
    expect(marks.map(({ letter }) => letter)).toEqual(["A", "x", "+", "!"]);
    expect(new Set(marks.map(({ tone }) => tone)).size).toBe(4);
  });

  it("gives every way that rings a letter of its own, also beyond the hues", () => {
    const ways = Array.from({ length: 12 }, (_, index) => rings(`desk ${index}`));
    expect(
      marksOf(ways)
        .map(({ letter }) => letter)
        .join(""),
    ).toBe("ABCDEFGHIJKL");
  });

  const lettersOf = (...given: Parameters<typeof marksOf>) => marksOf(...given).map(({ letter }) => letter);
  const weekOf = (line: string, week = 1) => ({ line, path: `/api/week?line=${line}&day=${week}` });

  it("goes on with AA, AB after Z, and with more signs for fallbacks, none of them twice", () => {
    const ringing = lettersOf(Array.from({ length: 30 }, (_, index) => rings(`desk ${index}`)));
    expect(ringing.slice(25)).toEqual(["Z", "AA", "AB", "AC", "AD"]);
    const others = [fallsBack, rejects].flatMap((way) =>
      Array.from({ length: 80 }, (_, id) => ({ ...way, id: `${way.id}${id}` })),
    );
    const letters = lettersOf([...others, nobody]);
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters).not.toContain("?");
  });

  it("keeps a way's mark from one week of a line to the next, whatever comes first in either", () => {
    const [desk] = marksOf([rings("desk"), rings("evening")], weekOf("a line"));
    const [, again] = marksOf([rings("holiday"), rings("desk")], weekOf("a line", 2));
    expect(again).toEqual(desk);
    expect(lettersOf([rings("evening")], weekOf("a line"))).toEqual(["B"]);
  });

  it("gives back the marks of ways that the rules have no more, so that the letters begin with A again", () => {
    marksOf([rings("first"), rings("second")], weekOf("a changed line"));
    marksOf([rings("second")], weekOf("a changed line"));
    expect(lettersOf([rings("second"), rings("third")], weekOf("a changed line"))).toEqual(["B", "A"]);
  });

  it("gives back the marks of a week that was looked at long ago", () => {
    marksOf([rings("long ago")], weekOf("a browsed line"));
    for (let week = 2; week < 40; week++) marksOf([rings("now")], weekOf("a browsed line", week));
    expect(lettersOf([rings("new")], weekOf("a browsed line", 40))).toEqual(["A"]);
  });

  it("begins with A for another line", () => {
    marksOf([rings("desk")], weekOf("one line"));
    expect(lettersOf([rings("sales")], weekOf("another line"))).toEqual(["A"]);
  });
});

describe("withoutLine", () => {
  it.each([
    ["a rule of the line itself", "Support/day", "day"],
    ["a rule of another partition", "default/day", "default/day"],
    ["a partition that only begins like the line", "Support Berlin/day", "Support Berlin/day"],
    ["a setting", "the line's fallback", "the line's fallback"],
  ])("names %s", (_, by, expected) => {
    expect(withoutLine(by, "Support")).toBe(expected);
  });
});
