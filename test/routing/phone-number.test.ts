import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countryOf, normaliseNumber, type Region } from "../../src/routing/phone-number.ts";
import { validNumber } from "./numbers.ts";

/** Regions read `00` or `011` as the way abroad; these fit every region. */
const EVERYWHERE = undefined;

describe("normaliseNumber", () => {
  it.each<[string, Region | undefined, string]>([
    ["(800) 234-5678", "US", "+18002345678"],
    ["+18002345678", "US", "+18002345678"],
    ["18002345678", "US", "+18002345678"],
    ["8002345678", "US", "+18002345678"],
    ["+1 (800) 234-5678", EVERYWHERE, "+18002345678"],
    ["800.234.5678", "US", "+18002345678"],
    ["800/234-5678", "US", "+18002345678"],
    ["1-800-234-5678", "US", "+18002345678"],
  ])("reads the American spelling %s (%s) as %s", (text, region, e164) => {
    expect(normaliseNumber(text, region)).toBe(e164);
  });

  it.each<[string, Region | undefined, string]>([
    ["33123456789", "US", "+33123456789"],
    ["33123456789", "FR", "+33123456789"],
    ["33123456789", EVERYWHERE, "+33123456789"],
    ["442079460961", "GB", "+442079460961"],
    ["442079460961", "US", "+442079460961"],
  ])("gives %s (%s) its lost plus back: %s", (text, region, e164) => {
    expect(normaliseNumber(text, region)).toBe(e164);
  });

  it.each<[string, Region | undefined, string]>([
    ["0809995106", "IT", "+390809995106"],
    ["+39 080 999 5106", "US", "+390809995106"],
    ["030123456", "DE", "+4930123456"],
    ["00919262175513", "IN", "+919262175513"],
    ["011919262175513", "US", "+919262175513"],
    ["0033 1 23 45 67 89", EVERYWHERE, "+33123456789"],
    ["00441632960961", "US", "+441632960961"],
    ["020 7946 0961", "GB", "+442079460961"],
    ["+44 (0)20 7946 0961", "US", "+442079460961"],
    ["01632 960961", "GB", "+441632960961"],
  ])("knows trunk zeros and prefixes: %s in %s is %s", (text, region, e164) => {
    expect(normaliseNumber(text, region)).toBe(e164);
  });

  it.each([
    "'+442079460961",
    " +442079460961",
    "+442079460961\u00a0",
    "\u202a+442079460961\u202c",
    "+44\u00a020\u20117946\u20110961",
    "+44 20 7946–0961",
    "+442079460961",
    "tel:+442079460961",
    "phone: +44 20 7946 0961",
    "4:+442079460961",
    "442079460961.0",
  ])("forgives what tools and clipboards leave around a number: %j", (text) => {
    expect(normaliseNumber(text, "US")).toBe("+442079460961");
  });

  it.each<[string, Region | undefined]>([
    ["1064", "US"],
    ["+1064", "US"],
    ["1064", "DE"],
    ["0", "US"],
    ["911", "US"],
    ["100", EVERYWHERE],
    ["+1 425 555 0100 ext 5", "US"],
    ["+14255550100;ext=5", "US"],
    ["+1 425 555 0100 x5", "US"],
    ["425-555-0100#5", "US"],
  ])("leaves the extension %s alone", (text, region) => {
    expect(normaliseNumber(text, region)).toBeUndefined();
  });

  it("takes no part of a number for the whole when a spreadsheet has lost digits", () => {
    expect(normaliseNumber("4.41E+11", "GB")).toBeUndefined();
    expect(normaliseNumber("4,41E+11", "GB")).toBeUndefined();
  });

  it("does not take a spreadsheet's .0 for one more digit", () => {
    expect(normaliseNumber("493012345.0", "US")).toBe("+493012345");
    expect(normaliseNumber("01.42.68.53.00", "FR")).toBe("+33142685300");
  });

  it.each([
    "",
    " ",
    "+",
    "-",
    "1-800-FLOWERS",
    "+1425555O100",
    "sip:+14255550100@contoso.com",
    "+1(301",
    "++14255550100",
    "14255550100+",
    "+1425*",
    "+999999999999999",
  ])("finds no number in %j", (text) => {
    expect(normaliseNumber(text, "US")).toBeUndefined();
  });

  it("gives no number more digits than E.164 allows, though Germany's plan would", () => {
    expect(normaliseNumber("+49123456789012345", "US")).toBeUndefined();
    expect(normaliseNumber("+491234567890123", "US")).toBe("+491234567890123");
  });

  it("reads every number back from the way its own country writes it", () => {
    fc.assert(
      fc.property(validNumber, (number) => {
        fc.pre(number.nationalNumber.length >= 7);
        expect(normaliseNumber(number.formatNational(), number.country)).toBe(number.number);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads every number back from its international spelling, whatever the region", () => {
    fc.assert(
      fc.property(validNumber, fc.constantFrom<Region>("US", "DE", "IT", "JP", "BR"), (number, region) => {
        for (const text of [number.number, number.formatInternational(), number.getURI()]) {
          expect(normaliseNumber(text, region)).toBe(number.number);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("changes nothing in a number that it has normalised", () => {
    const almost = fc.stringMatching(/^\+?[\d ().-]{5,22}$/);
    fc.assert(
      fc.property(almost, fc.constantFrom<Region | undefined>("US", "GB", "IT", "AR", undefined), (text, region) => {
        const once = normaliseNumber(text, region);
        if (once === undefined) return;
        expect(once).toMatch(/^\+[1-9]\d{1,14}$/);
        expect(normaliseNumber(once, region)).toBe(once);
        expect(normaliseNumber(once)).toBe(once);
      }),
      { numRuns: 5000 },
    );
  });

  it("takes a number that loses a zero with each reading for none", () => {
    expect(normaliseNumber("9800000.0(-(", "US")).toBeUndefined();
  });

  it("never throws, and answers only with E.164", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.stringMatching(/^[+0-9٠-٩0-9 ().*#-]{0,30}$/));
    fc.assert(
      fc.property(text, (typed) => {
        expect(normaliseNumber(typed, "US") ?? "+14255550100").toMatch(/^\+[1-9]\d{1,14}$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("never makes a number of text with a letter in it", () => {
    const letter = fc.constantFrom(..."ABCXYZabcdefgoelIß你Ω");
    fc.assert(
      fc.property(validNumber, letter, fc.nat(), (number, inserted, where) => {
        const at = 1 + (where % number.number.length);
        const text = number.number.slice(0, at) + inserted + number.number.slice(at);
        expect(normaliseNumber(text, number.country)).toBeUndefined();
      }),
    );
  });
});

describe("countryOf", () => {
  it.each([
    ["+16042345678", "CA"],
    ["+12124567890", "US"],
    ["+442079460961", "GB"],
    ["+390809995106", "IT"],
    ["+18764567890", "JM"],
  ])("tells countries of one code apart by area: %s is in %s", (text, country) => {
    const number = normaliseNumber(text);
    expect(number && countryOf(number)).toBe(country);
  });
});
