import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskNumber, maskNumbers } from "../src/mask.ts";

function digitsIn(text: string): string {
  return text.replace(/\D/g, "");
}

describe("maskNumber", () => {
  it.each([
    ["+14255550142", "+*******0142"],
    ["(425) 555-0142", "(***) ***-0142"],
    ["5550142", "***0142"],
    ["555014", "******"],
    ["1064", "****"],
    ["", ""],
  ])("shows %j as %j", (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});

describe("maskNumbers", () => {
  it.each([
    "+14255550142",
    "tel:+14255550142",
    "sip:+14255550142@contoso.com;user=phone",
    "+14255550142ext7",
    "4255550142 -",
    "-4255550142",
    "14255550142",
    "+1 425 555 0142",
    "+1 (425) 555-0142",
    "+1.425.555.0142",
    "+1/425/5550142",
    "001-425-555-0142",
    "'+14255550142'",
    "+1\u00a0425\u00a0555\u00a00142",
    "+1 425\u2011555\u20110142",
    "+1 425 555 0142, ext. 7",
    "+14255550142x7",
  ])("masks %s", (spelled) => {
    const masked = maskNumbers(`caller ${spelled} was refused`);
    expect(digitsIn(masked)).toMatch(/^0142[7]?$/);
    expect(masked).toMatch(/^caller .* was refused$/);
  });

  it.each([
    "line 1064 is a short number",
    "Graph answered 503 after 1300 ms",
    "7505: Request authorization tenant mismatch.",
    "call 491f0b00-ffff-4bc9-a43e-b226498ec22a is gone",
    "call 11111111-2222-3333-4444-555555555555 is gone",
    "call 491F0B00FFFF4CA18C67A5F1E31E8E82 is gone",
    "holidays, row 2026-12-25, column hours",
    "holidays, row 2026-12-24..2026-12-26, column hours",
    "until 2026-12-24T18:00:00+01:00",
    "08:00-12:00, 13:30-17:00",
  ])("leaves alone: %s", (text) => {
    expect(maskNumbers(text)).toBe(text);
  });

  const separator = fc.constantFrom("", " ", "-", ".", "/", "\u00a0", "\u202f", "\u2011", " - ");
  const groups = fc.array(fc.stringMatching(/^\d{1,4}$/), { minLength: 3, maxLength: 7 });
  const number = fc
    .record({ groups, separator, plus: fc.constantFrom("+", "") })
    .map(({ groups: parts, separator: between, plus }) => plus + parts.join(between))
    .filter((text) => digitsIn(text).length >= 7 && digitsIn(text).length <= 15)
    .filter((text) => !/^(19|20)\d\d-[01]\d-[0-3]\d$/.test(text));

  it("shows no more than four digits of a number, in whatever spelling", () => {
    fc.assert(
      fc.property(number, fc.constantFrom(" ", '"', "<", ":", ",", "'"), (spelled, beside) => {
        const masked = maskNumbers(`caller${beside}${spelled}${beside}refused`);
        expect(digitsIn(masked).length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves ids alone, whatever stands around them", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(" ", '"', "/", "{", ":", "'"), (id, beside) => {
        const text = `call${beside}${id}${beside}of tenant ${id.toUpperCase()}`;
        expect(maskNumbers(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});
