import { type LocalDay, MINUTES_PER_DAY, MS_PER_DAY, MS_PER_MINUTE, type Weekday, weekdayOf } from "./dates.ts";
import { widthOf } from "./exception-key.ts";
import type { DayHours, Interval } from "./hours.ts";
import { exceptionOn, type ScheduleException } from "./schedule-exceptions.ts";
import { dayBefore, steadyUntil, wallTimeAt } from "./time-zone.ts";

/** Dated rows under a name. All that a schedule needs to lend to others as holidays; it has no zone of its own. */
export interface HolidaySet {
  readonly name: string;
  /** Not to be changed once a schedule was asked. */
  readonly exceptions: readonly ScheduleException[];
}

/** Weekly hours and dated exceptions, by the clock on the wall of one zone. */
export interface Schedule extends HolidaySet {
  /** An IANA name, as `parseTimeZone` gives it. */
  readonly timeZone: string;
  readonly weekly: Readonly<Record<Weekday, DayHours>>;
  /** Names of schedules whose dated rows count here too, read in this schedule's zone. Not theirs in turn. */
  readonly holidays: readonly string[];
}

/** Finds a schedule by a name in `holidays`; what counts as the same name is the caller's to say. */
export type HolidayLookup = (name: string) => HolidaySet | undefined;

interface HoursOfDay {
  readonly day: LocalDay;
  readonly hours: DayHours;
  /** The schedule whose row it is: of an exception it may be one of `holidays`. */
  readonly schedule: string;
}

/** The hours of a date, with the row that sets them: the column of a weekday, or a dated row. */
export type DayPlan =
  | (HoursOfDay & { readonly kind: "weekly"; readonly weekday: Weekday })
  | (HoursOfDay & { readonly kind: "exception"; readonly exception: ScheduleException });

/**
 * Open or closed, with what settled it. While hours run on after midnight, that is the plan of the day they began on.
 */
export type ScheduleState =
  | { readonly open: true; readonly settledBy: DayPlan; readonly interval: Interval }
  | { readonly open: false; readonly settledBy: DayPlan };

/**
 * Whether a schedule is open at a moment, by the clock on the wall in the schedule's own zone.
 *
 * An interval holds its start and not its end: 09:00-17:00 is open at 16:59:59.999 and closed at 17:00. Only the wall
 * counts: an hour that is lived twice when the clocks go back matches both times, and one that is skipped never comes.
 * Hours over midnight belong to the day they start on: Friday's 22:00-06:00 lasts until Saturday 06:00 even if Saturday
 * is a holiday, and is gone altogether if Friday is one.
 *
 * @param atMs the moment of the call in epoch milliseconds; this module has no clock of its own
 * @throws RangeError for a zone that `parseTimeZone` would refuse
 */
export function scheduleState(schedule: Schedule, holidays: HolidayLookup, atMs: number): ScheduleState {
  const { day, msOfDay } = wallTimeAt(schedule.timeZone, atMs);
  const today = hoursOn(schedule, holidays, day);
  const interval = intervalAt(today.hours, msOfDay);
  if (interval !== undefined) return { open: true, settledBy: today, interval };
  const yesterday = hoursOn(schedule, holidays, dayBefore(schedule.timeZone, day));
  const tail = intervalAt(yesterday.hours, msOfDay + MS_PER_DAY);
  if (tail !== undefined) return { open: true, settledBy: yesterday, interval: tail };
  return { open: false, settledBy: today };
}

function intervalAt(hours: DayHours, ms: number): Interval | undefined {
  for (const interval of hours) {
    if (ms >= interval.start * MS_PER_MINUTE && ms < interval.end * MS_PER_MINUTE) return interval;
  }
  return undefined;
}

/**
 * The hours that begin on a date, and the row that sets them. What runs on from the day before is that day's.
 *
 * The narrowest exception wins: a date, a shorter range, a longer one, a date of every year, a weekday of every year, a
 * weekday of every month. Of equally wide ones the schedule's own comes first, then those of `holidays` in their order,
 * and within one schedule the first by key. Without any, the weekday's column counts.
 */
export function hoursOn(schedule: Schedule, holidays: HolidayLookup, day: LocalDay): DayPlan {
  let winner = exceptionOn(schedule.exceptions, day);
  let owner = schedule.name;
  for (const name of schedule.holidays) {
    const shared = holidays(name);
    const rival = shared && exceptionOn(shared.exceptions, day);
    if (rival === undefined || (winner !== undefined && widthOf(winner.days) <= widthOf(rival.days))) continue;
    winner = rival;
    owner = shared?.name ?? name;
  }
  if (winner !== undefined) return { kind: "exception", schedule: owner, exception: winner, day, hours: winner.hours };
  const weekday = weekdayOf(day);
  return { kind: "weekly", schedule: schedule.name, weekday, day, hours: schedule.weekly[weekday] };
}

/** The names in `holidays` that no schedule has. Decisions go on without them; the administrator should be told. */
export function unknownHolidays(schedule: Schedule, holidays: HolidayLookup): readonly string[] {
  return schedule.holidays.filter((name) => holidays(name) === undefined);
}

/**
 * When a schedule opens or closes next, and how it stands from then on.
 *
 * @param atMs epoch milliseconds
 * @param untilDays how far to look, in days of 24 hours
 * @returns the first moment after `atMs` that differs from it, or undefined if there is none that soon
 */
export function nextChange(
  schedule: Schedule,
  holidays: HolidayLookup,
  atMs: number,
  untilDays: number,
): { readonly atMs: number; readonly state: ScheduleState } | undefined {
  const { open } = scheduleState(schedule, holidays, atMs);
  const untilMs = atMs + untilDays * MS_PER_DAY;
  let edgeMs = nextEdge(schedule, holidays, atMs);
  while (edgeMs <= untilMs) {
    const state = scheduleState(schedule, holidays, edgeMs);
    if (state.open !== open) return { atMs: edgeMs, state };
    edgeMs = nextEdge(schedule, holidays, edgeMs);
  }
  return undefined;
}

/** The next moment at which anything can change: an edge of today's hours or yesterday's, midnight, or a clock that jumps. */
function nextEdge(schedule: Schedule, holidays: HolidayLookup, atMs: number): number {
  const { timeZone } = schedule;
  const { day, msOfDay } = wallTimeAt(timeZone, atMs);
  const today = hoursOn(schedule, holidays, day).hours.flatMap(({ start, end }) => [start, end]);
  const tails = hoursOn(schedule, holidays, dayBefore(timeZone, day)).hours.map(({ end }) => end - MINUTES_PER_DAY);
  const edges = [...today, ...tails].map((minute) => minute * MS_PER_MINUTE).filter((ms) => ms > msOfDay);
  return Math.min(atMs + Math.min(MS_PER_DAY, ...edges) - msOfDay, steadyUntil(timeZone, atMs));
}
