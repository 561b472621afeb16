import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { nextChange, type Schedule, scheduleState } from "../../src/routing/schedule.ts";
import {
  datesOnWeekday,
  type OracleRow,
  type OracleSchedule,
  verdictOf,
  type Wall,
  wallOf,
} from "./schedule-oracle.ts";
import { aHolidaySet, aSchedule, lookupOf } from "./schedules.ts";

const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "last"] as const;

/** A zone and a few days around something that goes wrong easily. */
const STRETCHES = [
  { what: "spring in New York", timeZone: "America/New_York", from: "2026-03-06T12:00Z", days: 4 },
  { what: "autumn in New York", timeZone: "America/New_York", from: "2026-10-30T12:00Z", days: 4 },
  { what: "spring in London", timeZone: "Europe/London", from: "2026-03-27T12:00Z", days: 4 },
  { what: "autumn in London", timeZone: "Europe/London", from: "2026-10-23T12:00Z", days: 4 },
  { what: "autumn's half hour on Lord Howe", timeZone: "Australia/Lord_Howe", from: "2026-04-03T00:00Z", days: 4 },
  { what: "spring's half hour on Lord Howe", timeZone: "Australia/Lord_Howe", from: "2026-10-02T00:00Z", days: 4 },
  { what: "Kathmandu, which never changes", timeZone: "Asia/Kathmandu", from: "2026-03-27T12:00Z", days: 3 },
  { what: "Kathmandu's move to a quarter hour", timeZone: "Asia/Kathmandu", from: "1985-12-30T12:00Z", days: 3 },
  { what: "the day that Apia did not have", timeZone: "Pacific/Apia", from: "2011-12-28T12:00Z", days: 4 },
  { what: "a skipped midnight in Havana", timeZone: "America/Havana", from: "2026-03-06T12:00Z", days: 4 },
  { what: "a midnight lived twice in Havana", timeZone: "America/Havana", from: "2026-10-30T12:00Z", days: 4 },
  { what: "a skipped midnight in Beirut", timeZone: "Asia/Beirut", from: "2026-03-27T12:00Z", days: 4 },
  { what: "an evening lived twice in Beirut", timeZone: "Asia/Beirut", from: "2026-10-23T12:00Z", days: 4 },
  { what: "a skipped midnight in Sao Paulo", timeZone: "America/Sao_Paulo", from: "2017-10-13T12:00Z", days: 4 },
  { what: "an evening lived twice in Sao Paulo", timeZone: "America/Sao_Paulo", from: "2017-02-17T12:00Z", days: 4 },
  { what: "a year's end in Auckland", timeZone: "Pacific/Auckland", from: "2026-12-30T00:00Z", days: 4 },
  { what: "a leap day in Los Angeles", timeZone: "America/Los_Angeles", from: "2028-02-27T12:00Z", days: 4 },
  { what: "a February without leap day", timeZone: "America/Los_Angeles", from: "2027-02-26T12:00Z", days: 4 },
] as const;
type Stretch = (typeof STRETCHES)[number];

type Hours = OracleRow["hours"];

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const typed = (hours: Hours) => hours.map(([start, end]) => `${clock(start)}-${clock(end)}`).join(", ");

/** Edges that meet each other and the changes of clocks often, and any others now and then. */
const minute = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 30, 60, 90, 120, 121, 150, 180, 360, 540, 1020, 1380, 1410, 1439) },
  { weight: 1, arbitrary: fc.nat({ max: 1439 }) },
);

/** Distinct edges in pairs; turned by one, the last pair runs over midnight. */
const someHours: fc.Arbitrary<Hours> = fc
  .tuple(fc.uniqueArray(minute, { maxLength: 6 }), fc.boolean())
  .map(([edges, overMidnight]) => {
    const sorted = edges.slice(0, edges.length - (edges.length % 2)).sort((one, other) => one - other);
    const turned = overMidnight ? [...sorted.slice(1), ...sorted.slice(0, 1)] : sorted;
    return turned.flatMap((start, index) => (index % 2 === 0 ? [[start, turned[index + 1] ?? 0] as const] : []));
  });

const isoDay = (from: string, plus: number) =>
  DateTime.fromISO(from, { zone: "utc" }).plus({ days: plus }).toFormat("yyyy-MM-dd");

function someRow({ from }: Stretch): fc.Arbitrary<OracleRow> {
  const day = fc.integer({ min: -3, max: 7 }).map((plus) => isoDay(from, plus));
  const shape = fc.oneof(
    day.map((date) => ({ key: date, tier: 1, length: 1, covers: (iso: string) => iso === date })),
    fc.tuple(fc.integer({ min: -5, max: 4 }), fc.integer({ min: 1, max: 6 })).map(([plus, more]) => {
      const [first, last] = [isoDay(from, plus), isoDay(from, plus + more)];
      const covers = (iso: string) => first <= iso && iso <= last;
      return { key: `${first}..${last}`, tier: 2, length: more + 1, covers };
    }),
    fc.oneof(day, fc.constant("2028-02-29")).map((date) => {
      const key = date.slice(5);
      return { key, tier: 3, length: 0, covers: (iso: string) => iso.endsWith(key) };
    }),
    fc.tuple(day, fc.nat(6), fc.constantFrom(...ORDINALS), fc.boolean()).map(([date, weekday, ordinal, yearly]) => {
      const month = date.slice(5, 7);
      const covers = (iso: string) => {
        const dates = datesOnWeekday(iso, weekday + 1);
        const meant = ordinal === "last" ? dates.at(-1) : dates[ORDINALS.indexOf(ordinal)];
        return iso === meant && (!yearly || iso.slice(5, 7) === month);
      };
      return {
        key: `${ordinal} ${WEEK[weekday]}${yearly ? ` of ${month}` : ""}`,
        tier: yearly ? 4 : 5,
        length: 0,
        covers,
      };
    }),
  );
  return fc.tuple(shape, someHours).map(([row, hours]) => ({ ...row, hours }));
}

interface Case {
  readonly stretch: Stretch;
  readonly oracle: OracleSchedule;
  readonly moments: readonly number[];
}

function someCase(stretch: Stretch): fc.Arbitrary<Case> {
  const rows = (maxLength: number) =>
    fc.uniqueArray(someRow(stretch), { maxLength, selector: (row) => row.key, comparator: "IsStrictlyEqual" });
  const moment = fc.tuple(fc.nat({ max: stretch.days * 1440 }), fc.constantFrom(0, 0, -1, -1000, 1, 59_999));
  return fc.record({
    stretch: fc.constant(stretch),
    oracle: fc.record({
      timeZone: fc.constant(stretch.timeZone),
      week: fc.array(someHours, { minLength: 7, maxLength: 7 }),
      rowSets: fc.tuple(rows(4), rows(3), rows(3)),
    }),
    moments: fc.array(
      moment.map(([minutes, ms]) => Date.parse(stretch.from) + minutes * 60_000 + ms),
      { minLength: 10, maxLength: 10 },
    ),
  });
}

const anyCase = fc.constantFrom(...STRETCHES).chain(someCase);

/** The same schedule as an administrator would have typed it, so that the parsers are tried as well. */
function inRows({ timeZone, week, rowSets }: OracleSchedule) {
  const rows = rowSets.map((set) => Object.fromEntries(set.map((row) => [row.key, typed(row.hours)])));
  const weekly = Object.fromEntries(WEEK.map((weekday, index) => [weekday, typed(week[index] ?? [])]));
  const schedule = aSchedule({ ...weekly, name: "0", timeZone, exceptions: rows[0] ?? {}, holidays: ["1", "2"] });
  return { schedule, holidays: lookupOf(aHolidaySet("1", rows[1] ?? {}), aHolidaySet("2", rows[2] ?? {})) };
}

/** In the oracle's words. */
function verdict(schedule: Schedule, holidays: ReturnType<typeof lookupOf>, atMs: number) {
  const { open, settledBy } = scheduleState(schedule, holidays, atMs);
  const isWeekly = settledBy.kind === "weekly";
  const row = isWeekly
    ? String(WEEK.indexOf(settledBy.weekday) + 1)
    : `${settledBy.schedule} ${settledBy.exception.key}`;
  return { open, row };
}

describe("scheduleState", () => {
  it("agrees with the oracle for any rows at any moment, on the row too", () => {
    fc.assert(
      fc.property(anyCase, ({ stretch, oracle, moments }) => {
        const { schedule, holidays } = inRows(oracle);
        for (const atMs of moments) {
          expect(verdict(schedule, holidays, atMs), new Date(atMs).toISOString()).toEqual(
            verdictOf(oracle, wallOf(stretch.timeZone, atMs)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("does not mind in which order the rows come", () => {
    fc.assert(
      fc.property(anyCase, ({ oracle, moments }) => {
        const { schedule, holidays } = inRows(oracle);
        const turned = { ...schedule, exceptions: schedule.exceptions.toReversed() };
        for (const atMs of moments) {
          expect(scheduleState(turned, holidays, atMs)).toEqual(scheduleState(schedule, holidays, atMs));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(STRETCHES)("minute by minute through $what", (stretch) => {
  const startMs = Date.parse(stretch.from);
  const minutes = Array.from({ length: stretch.days * 1440 }, (_, index) => startMs + index * 60_000);
  const walls: readonly Wall[] = minutes.map((atMs) => wallOf(stretch.timeZone, atMs));

  const week = (hours: Hours) => WEEK.map(() => hours);
  const only = (iso: string, hours: Hours): OracleRow => {
    return { key: iso, tier: 1, length: 1, covers: (other) => other === iso, hours };
  };
  const schedules: Record<string, OracleSchedule> = {
    nights: { timeZone: stretch.timeZone, week: week([[1320, 360]]), rowSets: [[]] },
    "the hours that clocks skip and repeat": {
      timeZone: stretch.timeZone,
      week: week([
        [0, 30],
        [60, 119],
        [120, 151],
        [180, 181],
        [1380, 0],
      ]),
      rowSets: [[]],
    },
    "office hours": { timeZone: stretch.timeZone, week: week([[540, 1020]]), rowSets: [[]] },
    "every other day whole": {
      timeZone: stretch.timeZone,
      week: [[[0, 0]], [], [[0, 0]], [], [[0, 0]], [], [[0, 0]]],
      rowSets: [[]],
    },
    "nights with a day off between": {
      timeZone: stretch.timeZone,
      week: week([[1320, 360]]),
      rowSets: [[only(isoDay(stretch.from, 2), []), only(isoDay(stretch.from, 1), [[720, 719]])]],
    },
  };

  it.each(Object.entries(schedules))(
    "keeps %s as the oracle does, to the millisecond before each minute",
    (_, oracle) => {
      const { schedule, holidays } = inRows(oracle);
      const differing: string[] = [];
      for (const [index, wall] of walls.entries()) {
        const startOfMinute = minutes[index] ?? 0;
        const expected = verdictOf(oracle, wall);
        for (const atMs of [startOfMinute, startOfMinute + 59_000, startOfMinute + 59_999]) {
          const actual = verdict(schedule, holidays, atMs);
          if (actual.open !== expected.open || actual.row !== expected.row)
            differing.push(new Date(atMs).toISOString());
        }
      }
      expect(differing).toEqual([]);
    },
  );
});

describe("nextChange", () => {
  it("is the first minute that differs, or none", () => {
    fc.assert(
      fc.property(anyCase, ({ stretch, oracle }) => {
        const { schedule, holidays } = inRows(oracle);
        const startMs = Date.parse(stretch.from);
        const { open } = scheduleState(schedule, holidays, startMs);
        let expected: number | undefined = startMs + 60_000;
        while (expected !== undefined && scheduleState(schedule, holidays, expected).open === open) {
          expected = expected < startMs + 2 * 86_400_000 ? expected + 60_000 : undefined;
        }
        expect(nextChange(schedule, holidays, startMs, 2)?.atMs).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
