import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { dayOf, formatDay } from "../../src/routing/dates.ts";
import {
  dayBefore,
  momentsOf,
  nextClockChange,
  parseTimeZone,
  steadyUntil,
  wallTimeAt,
} from "../../src/routing/time-zone.ts";
import { WINDOWS_ZONES } from "../../src/routing/windows-zones.ts";

const at = (text: string) => DateTime.fromISO(text, { setZone: true }).toMillis();

describe("parseTimeZone", () => {
  it.each([
    ["America/New_York", "America/New_York"],
    [" america/new_york ", "America/New_York"],
    ["America/New York", "America/New_York"],
    ["UTC", "Etc/UTC"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Eastern Standard Time", "America/New_York"],
    ["eastern  standard time", "America/New_York"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["GMT Standard Time", "Europe/London"],
    ["AUS Eastern Standard Time", "Australia/Sydney"],
    ["US Mountain Standard Time", "America/Phoenix"],
    ["UTC+13", "Etc/GMT-13"],
    ["CET", "CET"],
  ])("reads %j as %s", (text, zone) => {
    expect(parseTimeZone(text)).toBe(zone);
  });

  it.each(["EST", "PST", "IST", "BST", "mst"])("refuses %s, which hides the clock changes", (text) => {
    expect(parseTimeZone(text)).toEqual({ wrong: expect.stringContaining("America/New_York") });
  });

  it.each(["", "Europe/Atlantis", "+02:00", "UTC+02:00", "Eastern Time", "(UTC-05:00) Eastern Time (US & Canada)"])(
    "refuses %j and names one that would be right",
    (text) => {
      expect(parseTimeZone(text)).toEqual({ wrong: expect.stringContaining("W. Europe Standard Time") });
    },
  );

  it("maps every Windows name to a zone that this runtime and luxon know", () => {
    const unknown = Object.entries(WINDOWS_ZONES).filter(
      ([windows, iana]) => parseTimeZone(windows) !== iana || !DateTime.fromMillis(0, { zone: iana }).isValid,
    );
    expect(unknown).toEqual([]);
  });
});

describe("wallTimeAt", () => {
  it.each([
    ["America/New_York", "2026-03-08T06:59:59.999Z", "2026-03-08T01:59:59.999"],
    ["America/New_York", "2026-03-08T07:00:00.000Z", "2026-03-08T03:00:00.000"],
    ["America/New_York", "2026-11-01T05:59:59.999Z", "2026-11-01T01:59:59.999"],
    ["America/New_York", "2026-11-01T06:00:00.000Z", "2026-11-01T01:00:00.000"],
    ["Asia/Kathmandu", "2026-06-30T18:15:00.000Z", "2026-07-01T00:00:00.000"],
    ["Australia/Lord_Howe", "2026-04-04T14:59:59.999Z", "2026-04-05T01:59:59.999"],
    ["Australia/Lord_Howe", "2026-04-04T15:00:00.000Z", "2026-04-05T01:30:00.000"],
    ["Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29T23:59:59.999"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31T00:00:00.000"],
    ["America/Sao_Paulo", "2017-10-15T02:59:59.999Z", "2017-10-14T23:59:59.999"],
    ["America/Sao_Paulo", "2017-10-15T03:00:00.000Z", "2017-10-15T01:00:00.000"],
  ])("in %s at %s shows %s", (zone, moment, wall) => {
    const { day, msOfDay } = wallTimeAt(zone, at(moment));
    expect(`${formatDay(day)}T${new Date(msOfDay).toISOString().slice(11, 23)}`).toBe(wall);
  });

  it("agrees with luxon in every zone, every three hours over the changes of 2026", () => {
    const differing: string[] = [];
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      for (const from of ["2026-03-08T00:00Z", "2026-03-29T00:00Z", "2026-10-04T00:00Z", "2026-11-01T00:00Z"]) {
        for (let hour = 0; hour < 24; hour += 3) {
          const moment = at(from) + hour * 3_600_000 + 1;
          const { day, msOfDay } = wallTimeAt(zone, moment);
          const wallMs = moment + DateTime.fromMillis(moment, { zone }).offset * 60_000;
          if (day * 86_400_000 + msOfDay !== wallMs) differing.push(`${zone} ${moment}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });

  it("refuses a zone and a moment that do not exist", () => {
    expect(() => wallTimeAt("Europe/Atlantis", 0)).toThrow(RangeError);
    expect(() => wallTimeAt("Europe/London", Number.NaN)).toThrow(RangeError);
  });
});

describe("dayBefore", () => {
  it.each([
    ["Pacific/Apia", "2011-12-31", "2011-12-29"],
    ["Pacific/Apia", "2012-01-01", "2011-12-31"],
    ["Pacific/Kiritimati", "1995-01-01", "1994-12-30"],
    ["America/Havana", "2026-03-08", "2026-03-07"],
    ["America/Havana", "2026-03-09", "2026-03-08"],
    ["Europe/London", "2028-03-01", "2028-02-29"],
  ])("in %s takes the day before %s for %s", (zone, day, before) => {
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    expect(formatDay(dayBefore(zone, dayOf(year, month, date)))).toBe(before);
  });
});

describe("steadyUntil", () => {
  it("ends at the change of the clocks", () => {
    expect(steadyUntil("Europe/London", at("2026-10-25T00:30:00Z"))).toBe(at("2026-10-25T01:00:00Z"));
  });
});

describe("momentsOf", () => {
  const moments = (zone: string, text: string) => {
    const wallMs = Date.parse(`${text}Z`);
    const day = Math.floor(wallMs / 86_400_000);
    return momentsOf(zone, { day, msOfDay: wallMs - day * 86_400_000 });
  };

  it.each([
    ["America/New_York", "2026-03-08T02:30:00", { kind: "never", jumpMs: at("2026-03-08T07:00:00Z") }],
    ["America/New_York", "2026-03-08T03:00:00", { kind: "once", atMs: at("2026-03-08T07:00:00Z") }],
    [
      "America/New_York",
      "2026-11-01T01:30:00",
      { kind: "twice", firstMs: at("2026-11-01T05:30:00Z"), secondMs: at("2026-11-01T06:30:00Z") },
    ],
    ["America/New_York", "2026-11-01T02:00:00", { kind: "once", atMs: at("2026-11-01T07:00:00Z") }],
    ["Australia/Lord_Howe", "2026-10-04T02:15:00", { kind: "never", jumpMs: at("2026-10-03T15:30:00Z") }],
    ["Pacific/Apia", "2011-12-30T12:00:00", { kind: "never", jumpMs: at("2011-12-30T10:00:00Z") }],
    ["Pacific/Kiritimati", "2026-06-01T00:00:00", { kind: "once", atMs: at("2026-05-31T10:00:00Z") }],
    ["Etc/GMT+12", "2026-06-01T23:59:59", { kind: "once", atMs: at("2026-06-02T11:59:59Z") }],
  ])("in %s finds when the wall shows %s", (zone, text, found) => {
    expect(moments(zone, text)).toEqual(found);
  });

  it("finds every moment again from what the wall shows at it", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2 ** 31 }), (zone, seconds) => {
        const found = momentsOf(zone, wallTimeAt(zone, seconds * 1000));
        const all =
          found.kind === "twice" ? [found.firstMs, found.secondMs] : found.kind === "once" ? [found.atMs] : [];
        expect(all).toContain(seconds * 1000);
      }),
    );
  });
});

describe("nextClockChange", () => {
  it.each([
    ["America/New_York", "2026-01-01T00:00Z", { atMs: at("2026-03-08T07:00Z"), byMs: 3_600_000 }],
    ["America/New_York", "2026-03-08T07:00Z", { atMs: at("2026-11-01T06:00Z"), byMs: -3_600_000 }],
    ["Australia/Lord_Howe", "2026-09-01T00:00Z", { atMs: at("2026-10-03T15:30Z"), byMs: 1_800_000 }],
    ["Asia/Tokyo", "2026-01-01T00:00Z", undefined],
  ])("in %s after %s", (zone, from, change) => {
    expect(nextClockChange(zone, at(from), 366)).toEqual(change);
  });
});
