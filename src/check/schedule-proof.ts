import { dayOf, type LocalDay, MINUTES_PER_DAY, WEEKDAYS } from "../routing/dates.ts";
import type { ExceptionDays } from "../routing/exception-key.ts";
import type { DayHours } from "../routing/hours.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";

/** What the rows of a schedule prove of all moments to come: `unproven` means that it may open and may close. */
export type Proof = "never-open" | "always-open" | "unproven";

/**
 * Proves by its rows alone, however far ahead one looks, that a schedule stays closed or stays open from a moment on.
 * An exception counts as long as its days are not over, even where a narrower one takes them all.
 *
 * @param holidays the sets that the schedule names
 * @param atMs epoch milliseconds
 */
export function proveHours(schedule: Schedule, holidays: readonly HolidaySet[], atMs: number): Proof {
  const first = firstDayThatCounts(atMs);
  const exceptions = [schedule, ...holidays].flatMap((each) => each.exceptions);
  const plans = [
    ...WEEKDAYS.map((day) => schedule.weekly[day]),
    ...exceptions.flatMap(({ days, hours }) => (lastDayOf(days) < first ? [] : [hours])),
  ];
  if (plans.every(({ length }) => length === 0)) return "never-open";
  return joinUp(plans) ? "always-open" : "unproven";
}

/** No zone is more than a day away from UTC, and hours may run on from the day before. */
function firstDayThatCounts(atMs: number): LocalDay {
  const now = new Date(atMs);
  return dayOf(now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()) - 2;
}

/** The last of an exception's days; infinite for one that comes again every year or month. */
export function lastDayOf(days: ExceptionDays): LocalDay {
  switch (days.kind) {
    case "date":
      return days.day;
    case "range":
      return days.last;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Whether any day's hours begin no later than any other day's run on: then no two days leave a gap between them. */
function joinUp(plans: readonly DayHours[]): boolean {
  const starts = plans.map(([first]) => first?.start ?? Number.POSITIVE_INFINITY);
  const ends = plans.map(endWithoutGap);
  return Math.max(...starts) <= Math.min(...ends) - MINUTES_PER_DAY;
}

function endWithoutGap(hours: DayHours): number {
  let end = hours[0]?.start ?? 0;
  for (const interval of hours) if (interval.start <= end) end = interval.end;
  return end;
}
