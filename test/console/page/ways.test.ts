import { describe, expect, it } from "vitest";
import type { Way } from "../../../src/console/api.ts";
import { marksOf } from "../../../src/console/page/shared/ways.ts";

const row = { partitionKey: "support", rowKey: "day" };
const rings = (id: string): Way => ({ id, kind: "redirect", who: id, by: "support/day", row });
const rejects: Way = { id: "x", kind: "reject", who: "reject busy", by: "support/night", row };
const nobody: Way = { id: "n", kind: "reject", who: "reject none", by: "nothing" };
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

  it("keeps a way's mark from one week of a line to the next, whatever comes first in either", () => {
    const [desk] = marksOf([rings("desk"), rings("evening")], "a line");
    const [, again] = marksOf([rings("holiday"), rings("desk")], "a line");
    expect(again).toEqual(desk);
  });

  it("begins with A for another line", () => {
    marksOf([rings("desk")], "one line");
    expect(marksOf([rings("sales")], "another line").map(({ letter }) => letter)).toEqual(["A"]);
  });
});
