import { DateTime } from "luxon";

/**
 * A second opinion on schedules, slow and plain, that shares no code with src/: luxon tells the wall clock, every hour is
 * spelled out as the minutes it covers, and every row is asked in turn whether it covers a date.
 */
export interface OracleRow {
  readonly key: string;
  /** In minutes; an end before the start is on the next day. */
  readonly hours: readonly (readonly [start: number, end: number])[];
  /** 1 date, 2 range, 3 date of every year, 4 weekday of every year, 5 weekday of every month. */
  readonly tier: number;
  /** Days in a range. */
  readonly length: number;
  readonly covers: (isoDate: string) => boolean;
}

export interface OracleSchedule {
  readonly timeZone: string;
  /** Monday first. */
  readonly week: readonly OracleRow["hours"][];
  /** The schedule's own rows, then those of each holiday set in their order. */
  readonly rowSets: readonly (readonly OracleRow[])[];
}

export interface Verdict {
  readonly open: boolean;
  /** The set's number and the key, or the number of the weekday's column (1 for Monday). */
  readonly row: string;
}

export interface Wall {
  readonly isoDate: string;
  readonly minute: number;
  /** The last date before this one that anybody in the zone lived through. */
  readonly isoDateBefore: string;
}

export function wallOf(timeZone: string, atMs: number): Wall {
  const local = DateTime.fromMillis(atMs, { zone: timeZone });
  const isoDate = local.toFormat("yyyy-MM-dd");
  return { isoDate, minute: local.hour * 60 + local.minute, isoDateBefore: dateBefore(timeZone, atMs, isoDate) };
}

const datesBefore = new Map<string, string>();

function dateBefore(timeZone: string, atMs: number, isoDate: string): string {
  const known = datesBefore.get(`${timeZone} ${isoDate}`);
  if (known !== undefined) return known;
  let earlierMs = atMs;
  let earlier = isoDate;
  while (earlier >= isoDate) {
    earlierMs -= 30 * 60_000;
    earlier = DateTime.fromMillis(earlierMs, { zone: timeZone }).toFormat("yyyy-MM-dd");
  }
  datesBefore.set(`${timeZone} ${isoDate}`, earlier);
  return earlier;
}

export function verdictOf(schedule: OracleSchedule, wall: Wall): Verdict {
  const today = rowOf(schedule, wall.isoDate);
  if (minutesOf(today.hours).has(wall.minute)) return { open: true, row: today.row };
  const before = rowOf(schedule, wall.isoDateBefore);
  if (minutesOf(before.hours).has(wall.minute + 1440)) return { open: true, row: before.row };
  return { open: false, row: today.row };
}

const minuteSets = new Map<OracleRow["hours"], Set<number>>();

/** Every minute, counted from the first midnight, that the hours cover. */
function minutesOf(hours: OracleRow["hours"]): Set<number> {
  const known = minuteSets.get(hours);
  if (known !== undefined) return known;
  const minutes = new Set<number>();
  for (const [start, end] of hours) {
    let minute = start;
    do {
      minutes.add(minute);
      minute += 1;
    } while (minute % 1440 !== end % 1440);
  }
  minuteSets.set(hours, minutes);
  return minutes;
}

function rowOf({ week, rowSets }: OracleSchedule, isoDate: string): { hours: OracleRow["hours"]; row: string } {
  const covering = rowSets
    .flatMap((rows, set) => rows.map((row) => ({ ...row, set })))
    .filter((row) => row.covers(isoDate));
  covering.sort(
    (one, other) =>
      one.tier - other.tier ||
      one.length - other.length ||
      one.set - other.set ||
      (one.key.toLowerCase() < other.key.toLowerCase() ? -1 : 1),
  );
  const [winner] = covering;
  if (winner !== undefined) return { hours: winner.hours, row: `${winner.set} ${winner.key}` };
  const weekday = DateTime.fromISO(isoDate, { zone: "utc" }).weekday;
  return { hours: week[weekday - 1] ?? [], row: String(weekday) };
}

/** The dates of one month that fall on a weekday, by luxon's calendar. */
export function datesOnWeekday(isoDate: string, weekday: number): string[] {
  const month = DateTime.fromISO(isoDate, { zone: "utc" }).startOf("month");
  const dates: string[] = [];
  for (let day = month; day.month === month.month; day = day.plus({ days: 1 })) {
    if (day.weekday === weekday) dates.push(day.toFormat("yyyy-MM-dd"));
  }
  return dates;
}
