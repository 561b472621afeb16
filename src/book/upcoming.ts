import type { LocalDay } from "../routing/dates.ts";
import { type HolidayLookup, type HolidaySet, hoursOn, type Schedule } from "../routing/schedule.ts";
import { exceptionOn, type ScheduleException } from "../routing/schedule-exceptions.ts";

/** Days in a row on which one dated row counts. */
export interface ComingException {
  readonly first: LocalDay;
  readonly last: LocalDay;
  readonly exception: ScheduleException;
  /** The schedule whose row it is: the asked one, or one of its `holidays`. */
  readonly schedule: string;
}

/**
 * The dated rows that count from a day on, in order of their days. A row of every year comes once for each year.
 *
 * @param days how far to look
 * @param most how many are enough
 */
export function comingExceptions(
  schedule: Schedule | HolidaySet,
  holidays: HolidayLookup,
  from: LocalDay,
  days: number,
  most: number,
): readonly ComingException[] {
  const coming: ComingException[] = [];
  for (let day = from; day < from + days; day++) {
    const found = countingOn(schedule, holidays, day);
    if (found === undefined) continue;
    const previous = coming.at(-1);
    if (previous?.exception === found.exception && previous.last === day - 1) {
      coming[coming.length - 1] = { ...previous, last: day };
    } else if (coming.length === most) break;
    else coming.push({ ...found, first: day, last: day });
  }
  return coming;
}

function countingOn(schedule: Schedule | HolidaySet, holidays: HolidayLookup, day: LocalDay) {
  if ("timeZone" in schedule) {
    const plan = hoursOn(schedule, holidays, day);
    return plan.kind === "exception" ? { exception: plan.exception, schedule: plan.schedule } : undefined;
  }
  const exception = exceptionOn(schedule.exceptions, day);
  return exception && { exception, schedule: schedule.name };
}

/** How far ahead the dated rows of a schedule, own and shared, have been entered. */
export interface Entered {
  /** The last day of a date or a range; undefined when there is none. */
  readonly lastDay?: LocalDay;
  /** Whether there are rows of every year or month, which have no end. */
  readonly recurring: boolean;
}

export function enteredUntil(schedule: Schedule | HolidaySet, holidays: HolidayLookup): Entered {
  const shared = "holidays" in schedule ? schedule.holidays.flatMap((name) => holidays(name)?.exceptions ?? []) : [];
  let lastDay: LocalDay | undefined;
  let recurring = false;
  for (const { days } of [...schedule.exceptions, ...shared]) {
    const last = days.kind === "date" ? days.day : days.kind === "range" ? days.last : undefined;
    if (last === undefined) recurring = true;
    else lastDay = Math.max(lastDay ?? last, last);
  }
  return { ...(lastDay === undefined ? {} : { lastDay }), recurring };
}
