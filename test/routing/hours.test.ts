import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSED, formatHours, formatInterval, OPEN_ALL_DAY, parseHours } from "../../src/routing/hours.ts";
import { hours } from "./schedules.ts";

const nine = 9 * 60;
const half12 = 12 * 60 + 30;

describe("parseHours", () => {
  it.each([
    ["the plain form", "09:00-12:30, 13:30-17:00"],
    ["no spaces", "09:00-12:30,13:30-17:00"],
    ["spaces everywhere", "  09:00 - 12:30 ,  13:30 -17:00  "],
    ["semicolons", "09:00-12:30; 13:30-17:00"],
    ["line breaks", "09:00-12:30\r\n13:30-17:00\n"],
    ["a comma too many", "09:00-12:30,, 13:30-17:00,"],
    ["one-digit hours", "9:00-12:30, 13:30-17:00"],
    ["full stops", "9.00-12.30, 13.30-17.00"],
    ["en dashes", "09:00–12:30, 13:30–17:00"],
    ["em dashes", "09:00—12:30, 13:30—17:00"],
    ["a minus sign", "09:00−12:30, 13:30−17:00"],
    ["full-width colons", "09：00-12：30, 13：30-17：00"],
    ["a spreadsheet's seconds", "09:00:00-12:30:00, 13:30:00-17:00:00"],
    ["the afternoon first", "13:30-17:00, 09:00-12:30"],
  ])("reads a day with a lunch break written with %s", (_, text) => {
    expect(parseHours(text)).toEqual([
      { start: nine, end: half12 },
      { start: 13 * 60 + 30, end: 17 * 60 },
    ]);
  });

  it.each(["00:00-24:00", "00:00-00:00", "0:00-0:00", "open", "Open", " OPEN "])(
    "takes %s for the whole day",
    (text) => {
      expect(parseHours(text)).toEqual(OPEN_ALL_DAY);
    },
  );

  it.each(["", "  ", "\n", ",", "closed", " Closed "])("takes %j for closed", (text) => {
    expect(parseHours(text)).toEqual(CLOSED);
  });

  it.each([
    ["22:00-06:00", 22 * 60, 30 * 60],
    ["22:00-00:00", 22 * 60, 24 * 60],
    ["22:00-24:00", 22 * 60, 24 * 60],
    ["00:01-00:00", 1, 24 * 60],
    ["23:59-00:01", 23 * 60 + 59, 24 * 60 + 1],
  ])("ends %s at or after midnight", (text, start, end) => {
    expect(parseHours(text)).toEqual([{ start, end }]);
  });

  it("lets one interval begin when another ends", () => {
    expect(parseHours("09:00-12:00, 12:00-17:00")).toHaveLength(2);
  });

  it("lets the small hours and the night of the same day stand together", () => {
    expect(parseHours("00:00-06:00, 22:00-06:00")).toHaveLength(2);
  });

  it.each([
    ["25:00-26:00", "25:00"],
    ["09:60-10:00", "09:60"],
    ["09:00-24:01", "24:01"],
    ["09:00-09:00", "00:00-24:00"],
    ["24:00-06:00", "starts at 24:00"],
    ["09:00:30-17:00", "whole minutes"],
    ["9:00 AM-5:00 PM", "24-hour clock"],
    ["9-5", "09:00-17:00"],
    ["09:00", "09:00-17:00"],
    ["09:00-12:00-17:00", "09:00-17:00"],
    ["09:00 to 17:00", "09:00-17:00"],
    ["closed, 09:00-17:00", "closed"],
    ["holiday", "09:00-17:00"],
    ["09:00-12:00, 11:00-13:00", "09:00-12:00 and 11:00-13:00 overlap"],
    ["09:00-17:00, 09:00-17:00", "overlap"],
    ["22:00-06:00, 23:00-23:30", "22:00-06:00 and 23:00-23:30 overlap"],
    ["00:00-24:00, 12:00-13:00", "overlap"],
  ])("refuses %s and says %s", (text, hint) => {
    expect(parseHours(text)).toEqual({ wrong: expect.stringContaining(hint) });
  });

  it("never throws, whatever a cell holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseHours(text);
      }),
    );
  });
});

describe("formatHours", () => {
  it.each(["closed", "open", "09:00-12:30, 13:30-17:00", "22:00-06:00", "18:00-24:00"])(
    "writes %s as typed",
    (text) => {
      expect(formatHours(hours(text))).toBe(text);
    },
  );

  it("writes what parseHours reads back, for any two times of the clock", () => {
    const minute = fc.nat({ max: 1439 });
    fc.assert(
      fc.property(minute, minute, (start, end) => {
        fc.pre(start !== end || start === 0);
        const interval = { start, end: end === 0 ? 1440 : end < start ? end + 1440 : end };
        expect(parseHours(formatInterval(interval))).toEqual([interval]);
        expect(parseHours(formatHours([interval]))).toEqual([interval]);
      }),
    );
  });
});
