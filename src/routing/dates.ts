export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const MONTHS: readonly string[] = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

export const MS_PER_MINUTE = 60_000;
export const MINUTES_PER_DAY = 1440;
export const MS_PER_DAY = MINUTES_PER_DAY * MS_PER_MINUTE;

/**
 * A date on a wall calendar, in no zone: days since 1970-01-01, so that the calendar's day before is `day - 1`.
 * `formatDay` writes it for people.
 */
export type LocalDay = number;

/** A date by its parts; `month` and `date` count from 1. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

/** The day of a date that exists; see `daysInMonth`. Years from 100 on. */
export function dayOf(year: number, month: number, date: number): LocalDay {
  return Date.UTC(year, month - 1, date) / MS_PER_DAY;
}

export function calendarDateOf(day: LocalDay): CalendarDate {
  const midnight = new Date(day * MS_PER_DAY);
  return { year: midnight.getUTCFullYear(), month: midnight.getUTCMonth() + 1, date: midnight.getUTCDate() };
}

/** 0 for Monday to 6 for Sunday, as in `WEEKDAYS`. */
export function weekdayIndexOf(day: LocalDay): number {
  const sinceMonday = (day + 3) % 7; // 1970-01-01 was a Thursday.
  return sinceMonday < 0 ? sinceMonday + 7 : sinceMonday;
}

export function weekdayOf(day: LocalDay): Weekday {
  const weekday = WEEKDAYS[weekdayIndexOf(day)];
  if (weekday === undefined) throw new RangeError(`${day} is no whole day`);
  return weekday;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `2026-12-25` */
export function formatDay(day: LocalDay): string {
  const { year, month, date } = calendarDateOf(day);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(date)}`;
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/**
 * Reads a date such as `2026-12-25`.
 *
 * @returns the day, or the sentence that says why there is no such date
 */
export function parseDay(text: string): LocalDay | { readonly wrong: string } {
  const typed = straightenDashes(text).trim();
  const [, yearText, monthText, dateText] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ?? [];
  if (yearText === undefined || monthText === undefined || dateText === undefined) {
    return { wrong: `"${typed}" is no date: write year-month-day, for instance 2026-12-25` };
  }
  const year = Number(yearText);
  const month = Number(monthText);
  const date = Number(dateText);
  if (year < 1900) return { wrong: `"${typed}" has the year ${yearText}: write four digits, for instance 2026-12-25` };
  const fault = faultOfMonthAndDate(typed, month, date, daysInMonth(year, month), ` ${year}`);
  if (fault !== undefined) return { wrong: fault };
  const spelled = `${yearText}-${twoDigits(month)}-${twoDigits(date)}`;
  if (spelled !== typed) return { wrong: `"${typed}" needs two digits for month and day: write ${spelled}` };
  return dayOf(year, month, date);
}

/**
 * Why a month and a date do not make a day, or undefined if they do.
 *
 * @param typed what the row holds, for the sentence
 * @param days how many days that month has at most
 * @param ofYear the year with a space before it, or nothing for every year
 */
export function faultOfMonthAndDate(
  typed: string,
  month: number,
  date: number,
  days: number,
  ofYear: string,
): string | undefined {
  const name = MONTHS[month - 1];
  if (name === undefined) {
    return `"${typed}" has no month ${month}: the month (01 to 12) comes before the day, for instance 12-25`;
  }
  if (date >= 1 && date <= days) return undefined;
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return `"${typed}" does not exist: ${capital}${ofYear} has ${days} days`;
}

/** Text with the dashes that word processors put in place of a hyphen turned back, and full-width characters narrowed. */
export function straightenDashes(text: string): string {
  return text.normalize("NFKC").replace(/[\u2010-\u2015\u2212]/g, "-");
}
