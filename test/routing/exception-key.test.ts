import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf } from "../../src/routing/dates.ts";
import { formatExceptionDays, parseExceptionKey, widthOf } from "../../src/routing/exception-key.ts";
import { anException } from "./schedules.ts";

describe("parseExceptionKey", () => {
  it.each(["2026-12-25", " 2026-12-25 ", "2026–12–25", "2026-12-25..2026-12-25"])("reads %j as one date", (key) => {
    expect(parseExceptionKey(key)).toEqual({ kind: "date", day: dayOf(2026, 12, 25) });
  });

  it.each(["2026-12-24..2026-12-26", "2026-12-24 .. 2026-12-26", "2026-12-24...2026-12-26", "2026-12-24…2026-12-26"])(
    "reads %j as three days, the last one included",
    (key) => {
      const days = parseExceptionKey(key);
      expect(days).toEqual({ kind: "range", first: dayOf(2026, 12, 24), last: dayOf(2026, 12, 26) });
      expect("wrong" in days || widthOf(days)).toBe(3);
    },
  );

  it.each([
    ["12-25", 12, 25],
    ["02-29", 2, 29],
    ["01-01", 1, 1],
  ])("reads %s as a date of every year", (key, month, date) => {
    expect(parseExceptionKey(key)).toEqual({ kind: "yearly-date", month, date });
  });

  it.each(["first wednesday", "First Wednesday", "first-wednesday", "FIRST_WEDNESDAY", "  first   wednesday "])(
    "reads %j as a weekday of every month",
    (key) => {
      expect(parseExceptionKey(key)).toEqual({ kind: "monthly-weekday", ordinal: "first", weekday: "wednesday" });
    },
  );

  it.each(["last monday of may", "Last Monday of May", "last-monday-of-may", "last_monday_of_05", "last monday of 05"])(
    "reads %j as the same weekday of every year",
    (key) => {
      expect(parseExceptionKey(key)).toEqual({ kind: "yearly-weekday", ordinal: "last", weekday: "monday", month: 5 });
    },
  );

  it.each([
    ["2026-02-30", "February 2026 has 28 days"],
    ["2026-02-29", "February 2026 has 28 days"],
    ["2100-02-29", "February 2100 has 28 days"],
    ["2026-04-31", "April 2026 has 30 days"],
    ["2026-13-01", "no month 13"],
    ["2026-00-10", "no month 0"],
    ["2026-12-00", "December 2026 has 31 days"],
    ["0026-12-25", "four digits"],
    ["26-12-25", "2026-12-25"],
    ["2026-1-5", "write 2026-01-05"],
    ["13-01", "the month (01 to 12) comes before the day"],
    ["25-12", "no month 25"],
    ["02-30", "February has 29 days"],
    ["1-5", "write 01-05"],
    ["2026-12-26..2026-12-24", "ends before it starts: write 2026-12-24..2026-12-26"],
    ["2026-12-24..2026-12-32", "December 2026 has 31 days"],
    ["12-24..12-26", "year-month-day"],
    ["2026-12-24..", "year-month-day"],
    ["2026-12-24..2026-12-25..2026-12-26", "first and last day"],
    ["sixth friday", "last friday"],
    ["first wed", "last friday"],
    ["last monday of", "last monday of may"],
    ["last monday of maj", 'no month "maj"'],
    ["last monday of 13", 'no month "13"'],
    ["last monday in may", "last monday of may"],
    ["Christmas", "2026-12-25"],
    ["25 Dec", "2026-12-25"],
    ["", "2026-12-25"],
  ])("refuses %j and says %s", (key, hint) => {
    expect(parseExceptionKey(key)).toEqual({ wrong: expect.stringContaining(hint) });
  });

  it("never throws, whatever a key holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseExceptionKey(text);
      }),
    );
  });
});

describe("formatExceptionDays", () => {
  it.each(["2026-12-25", "2026-12-24..2026-12-26", "12-25", "last monday of may", "first wednesday"])(
    "writes %s as typed",
    (key) => {
      expect(formatExceptionDays(anException(key, "closed").days)).toBe(key);
    },
  );
});

describe("widthOf", () => {
  it("ranks a date, a shorter range, a longer range, a yearly date, a yearly weekday, a monthly weekday", () => {
    const keys = [
      "2026-12-25",
      "2026-12-25..2026-12-26",
      "1900-01-01..9999-12-31",
      "12-25",
      "last friday of december",
      "last friday",
    ];
    const widths = keys.map((key) => widthOf(anException(key, "closed").days));
    expect(widths).toEqual(widths.toSorted((one, other) => one - other));
    expect(new Set(widths).size).toBe(keys.length);
  });
});
