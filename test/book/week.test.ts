import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentsOfWeek, mondayOf, type Week, weekOf } from "../../src/book/week.ts";
import { formatDay, MS_PER_MINUTE } from "../../src/routing/dates.ts";
import { nameOfDecider } from "../../src/routing/explain.ts";
import { formatTimeOfDay } from "../../src/routing/format-moment.ts";
import { wallTimeAt } from "../../src/routing/time-zone.ts";
import { ALICE, BOB, decideCall, type TypedRows } from "../support/decisions.ts";

const ROWS: TypedRows = {
  routes: { default: { day: { schedule: "office", targets: ALICE }, night: { schedule: "!office", targets: BOB } } },
  schedules: {
    office: { hours: { timeZone: "America/New_York", monday: "09:00-12:30", sunday: "01:00-02:00" } },
  },
};

function week(text: string, rows: TypedRows = ROWS, timeZone = "America/New_York"): Week {
  const monday = mondayOf(timeZone, Date.parse(text));
  return weekOf(timeZone, monday, (atMs) => decideCall(rows, { at: new Date(atMs).toISOString() }).decision);
}

/** `09:00-12:30 default/day` for a day's stretches, by the wall, the first time where an hour comes twice. */
function stretches({ days, ways }: Week, index: number): string[] {
  const steps = days[index]?.steps ?? [];
  const told = steps.map(({ moments: [first] }) => {
    const way = first && ways[first.way];
    return way === undefined ? "nothing" : nameOfDecider(way.by);
  });
  return steps.flatMap(({ msOfDay }, step) =>
    told[step] === told[step - 1] ? [] : [`${formatTimeOfDay(msOfDay)} ${told[step]}`],
  );
}

describe("mondayOf", () => {
  it("takes the zone's own calendar: Sunday evening in New York is Monday in UTC", () => {
    expect(formatDay(mondayOf("America/New_York", Date.parse("2026-11-30T03:00Z")))).toBe("2026-11-23");
    expect(formatDay(mondayOf("Etc/UTC", Date.parse("2026-11-30T03:00Z")))).toBe("2026-11-30");
  });
});

describe("weekOf", () => {
  it("begins on Monday and shows who rings in steps of a quarter of an hour", () => {
    const found = week("2026-06-05T12:00Z");
    expect(found.days.map(({ day }) => formatDay(day))).toEqual(
      ["01", "02", "03", "04", "05", "06", "07"].map((date) => `2026-06-${date}`),
    );
    expect(stretches(found, 0)).toEqual(["00:00 default/night", "09:00 default/day", "12:30 default/night"]);
    expect(stretches(found, 1)).toEqual(["00:00 default/night"]);
  });

  it("has nothing to show of an hour that the clocks skip", () => {
    const found = week("2026-03-08T12:00Z");
    expect(stretches(found, 6)).toEqual([
      ...["00:00 default/night", "01:00 default/day", "02:00 nothing", "03:00 default/night"],
    ]);
  });

  it("shows both times of an hour that comes twice", () => {
    const twice = week("2026-11-01T12:00Z").days[6]?.steps.filter(({ moments }) => moments.length === 2) ?? [];
    expect(twice.map(({ msOfDay }) => formatTimeOfDay(msOfDay))).toEqual(["01:00", "01:15", "01:30", "01:45"]);
    expect(twice[0]?.moments.map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
      "2026-11-01T05:00:00.000Z",
      "2026-11-01T06:00:00.000Z",
    ]);
  });

  it("keeps rules apart that ring the same, and decisions of one rule together", () => {
    const { ways } = week("2026-06-05T12:00Z", {
      ...ROWS,
      routes: { default: { day: { schedule: "office", targets: ALICE }, night: { priority: 200, targets: ALICE } } },
    });
    expect(ways.map(({ by }) => nameOfDecider(by))).toEqual(["default/night", "default/day"]);
  });

  it("gives every step the decision of its own moment, in any zone and week", () => {
    const zones = fc.constantFrom("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu");
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 2 ** 31 }), (timeZone, seconds) => {
        const monday = mondayOf(timeZone, seconds * 1000);
        const moments = momentsOfWeek(timeZone, monday);
        const asked: number[] = [];
        const { days } = weekOf(timeZone, monday, (atMs) => {
          asked.push(atMs);
          return { kind: "reject", by: { kind: "nothing" }, reason: "none", trace: { steps: [], dropped: [] } };
        });
        expect(asked).toEqual(moments);
        for (const { day, steps } of days) {
          for (const { msOfDay, moments: beginnings } of steps) {
            for (const { atMs } of beginnings) expect(wallTimeAt(timeZone, atMs)).toEqual({ day, msOfDay });
          }
        }
        // Seven days, give or take a jump of the clock.
        const spanMinutes = ((moments.at(-1) ?? 0) - (moments[0] ?? 0)) / MS_PER_MINUTE + 15;
        expect(Math.abs(spanMinutes - 7 * 1440)).toBeLessThanOrEqual(60);
      }),
      { numRuns: 30 },
    );
  });
});
