import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { textTable, wrap } from "../../src/cli/text-table.ts";

describe("textTable", () => {
  it("aligns columns by what they hold, wide letters too, and leaves no spaces at the ends", () => {
    const lines = textTable(
      ["name", "rings"],
      [
        ["sales", "Ben"],
        ["営業", "Adele"],
      ],
      80,
    );
    expect(lines).toEqual(["name   rings", "sales  Ben", "営業   Adele"]);
  });

  it("leaves out a column that no row fills", () => {
    expect(textTable(["name", "site", "rings"], [["sales", "", "Ben"]], 80)).toEqual(["name   rings", "sales  Ben"]);
  });

  it("goes on below where a cell is too long, and loses nothing", () => {
    const targets = "user Adele, user Ben, phone +1 425 555 0100";
    const lines = textTable(["rule", "targets"], [["night", targets]], 30);
    expect(lines).toEqual(["rule   targets", "night  user Adele, user Ben,", "       phone +1 425 555 0100"]);
  });

  it("never passes the width, as long as each column has eight letters' room", () => {
    const cell = fc.stringMatching(/^[a-z ,]{0,60}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
        fc.integer({ min: 28, max: 120 }),
        (rows, width) => {
          for (const line of textTable(["one", "two", "three"], rows, width)) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});

describe("wrap", () => {
  it("keeps every letter, whatever the width", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z, ]{0,80}$/), fc.integer({ min: 1, max: 30 }), (text, width) => {
        const letters = (each: string) => each.replaceAll(" ", "");
        expect(letters(wrap(text, width).join(""))).toBe(letters(text));
      }),
    );
  });
});
