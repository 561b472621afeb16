import { isWrong } from "../errors.ts";
import { WEEKDAYS, type Weekday } from "../routing/dates.ts";
import { formatExceptionDays, parseExceptionKey } from "../routing/exception-key.ts";
import { CLOSED, type DayHours, parseHours } from "../routing/hours.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";
import type { ScheduleException } from "../routing/schedule-exceptions.ts";
import { parseTimeZone } from "../routing/time-zone.ts";
import { listOf, type Row, type RowFault, RowReader } from "./cells.ts";
import type { ReadRow } from "./rule-rows.ts";

export const HOURS_COLUMNS = ["timeZone", ...WEEKDAYS, "holidays", "note"] as const;
export const EXCEPTION_COLUMNS = ["hours", "name", "note"] as const;

/** RowKey of the row with the weekly hours. */
export const HOURS_ROW = "hours";

/**
 * The rows of one partition of Schedules as a schedule. Without a usable `hours` row there is no weekly plan and no zone:
 * it then only lends its dated rows to others, as a set of holidays does.
 */
export function readSchedule(name: string, rows: readonly Row[]): ReadRow<Schedule | HolidaySet> {
  const faults: RowFault[] = [];
  const exceptions: ScheduleException[] = [];
  let hours: Omit<Schedule, "name" | "exceptions"> | undefined;
  for (const row of rows) {
    if (row.rowKey.trim().toLowerCase() === HOURS_ROW) {
      const read = readHours(row);
      faults.push(...read.faults);
      hours = read.value ?? hours;
    } else {
      const read = readException(row);
      faults.push(...read.faults);
      if (read.value !== undefined) exceptions.push(read.value);
    }
  }
  faults.push(...repeatedDays(name, exceptions));
  if (rows.length === 0) return { faults };
  return { value: { name, exceptions, ...hours }, faults };
}

/** Dated rows that cover the very days of another: of the two the first by key counts. */
function repeatedDays(partitionKey: string, exceptions: readonly ScheduleException[]): RowFault[] {
  const byDays = Map.groupBy(exceptions, ({ days }) => formatExceptionDays(days));
  return [...byDays.values()].flatMap((same) => {
    const [first, ...others] = same.map(({ key }) => key).sort();
    return others.map((rowKey): RowFault => {
      const wrong = `"${first}" covers the same days and counts instead: remove one of them`;
      return { table: "Schedules", partitionKey, rowKey, column: "RowKey", found: rowKey, wrong, skipsRow: false };
    });
  });
}

function readHours(row: Row): ReadRow<Omit<Schedule, "name" | "exceptions">> {
  const read = new RowReader("Schedules", row, HOURS_COLUMNS);
  const timeZone = read.optional("timeZone", parseTimeZone);
  if (read.text("timeZone") === "") {
    read.report("timeZone", "", "write the zone in which the hours are meant, for instance America/New_York");
  }
  const weekly = Object.fromEntries(WEEKDAYS.map((day) => [day, read.optional(day, parseHours) ?? CLOSED])) as Record<
    Weekday,
    DayHours
  >;
  const holidays =
    read.optional(
      "holidays",
      listOf((text) => text),
    ) ?? [];
  return {
    faults: read.faults,
    ...(read.usable && timeZone !== undefined ? { value: { timeZone, weekly, holidays } } : {}),
  };
}

function readException(row: Row): ReadRow<ScheduleException> {
  const read = new RowReader("Schedules", row, EXCEPTION_COLUMNS);
  const days = parseExceptionKey(row.rowKey);
  if (isWrong(days)) read.report("RowKey", row.rowKey, days.wrong);
  const hours = read.optional("hours", parseHours) ?? CLOSED;
  const name = read.text("name");
  return {
    faults: read.faults,
    ...(read.usable && !isWrong(days)
      ? { value: { key: row.rowKey, days, hours, ...(name === "" ? {} : { name }) } }
      : {}),
  };
}
