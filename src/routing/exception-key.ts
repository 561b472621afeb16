import {
  daysInMonth,
  faultOfMonthAndDate,
  formatDay,
  type LocalDay,
  MONTHS,
  parseDay,
  straightenDashes,
  twoDigits,
  WEEKDAYS,
  type Weekday,
} from "./dates.ts";

/** Which one of a month's Mondays (or other weekdays) is meant. Not every month has a fifth. */
export const ORDINALS = ["first", "second", "third", "fourth", "fifth", "last"] as const;
export type Ordinal = (typeof ORDINALS)[number];

/** The days that a dated exception covers. Months and dates count from 1; both ends of a range belong to it. */
export type ExceptionDays =
  | { readonly kind: "date"; readonly day: LocalDay }
  | { readonly kind: "range"; readonly first: LocalDay; readonly last: LocalDay }
  | { readonly kind: "yearly-date"; readonly month: number; readonly date: number }
  | { readonly kind: "yearly-weekday"; readonly ordinal: Ordinal; readonly weekday: Weekday; readonly month: number }
  | { readonly kind: "monthly-weekday"; readonly ordinal: Ordinal; readonly weekday: Weekday };

/** Wider than any range of four-digit years: forms that come again rank behind all that happen once. */
const EVERY_YEAR_ON_A_DATE = 10_000_000;
const EVERY_YEAR_ON_A_WEEKDAY = EVERY_YEAR_ON_A_DATE + 1;
const EVERY_MONTH = EVERY_YEAR_ON_A_DATE + 2;

/**
 * How wide an exception is: the smaller number wins. A date (1), a range by its number of days, a date of every year, a
 * weekday of every year, a weekday of every month.
 */
export function widthOf(days: ExceptionDays): number {
  switch (days.kind) {
    case "date":
      return 1;
    case "range":
      return days.last - days.first + 1;
    case "yearly-date":
      return EVERY_YEAR_ON_A_DATE;
    case "yearly-weekday":
      return EVERY_YEAR_ON_A_WEEKDAY;
    case "monthly-weekday":
      return EVERY_MONTH;
  }
}

/**
 * Reads the key of a dated exception: `2026-12-25`, `2026-12-24..2026-12-26` (both ends belong to it), `12-25` (every
 * year; `02-29` in leap years only), `last friday` (every month) or `last monday of may` (every year).
 *
 * Forgiven: letter case, spaces around, `-` or `_` for the spaces between words, any dash, a range of one day, and the
 * month by two digits (`last monday of 05`). Dates keep their two digits, so that keys sort by time and no key has two
 * spellings.
 *
 * @returns the days, or the sentence that says what is wrong and what would be right
 */
export function parseExceptionKey(text: string): ExceptionDays | { readonly wrong: string } {
  const typed = straightenDashes(text).trim().toLowerCase();
  if (typed.includes("..")) return parseRange(typed);
  if (/^\d+-\d+-\d+$/.test(typed)) {
    const day = parseDay(typed);
    return typeof day === "number" ? { kind: "date", day } : day;
  }
  if (/^\d+-\d+$/.test(typed)) return parseYearlyDate(typed);
  return (
    parseWeekdayForm(typed) ?? {
      wrong: `"${text.trim()}" is no date: write 2026-12-25, 2026-12-24..2026-12-26, 12-25 (every year), last friday (every month) or last monday of may`,
    }
  );
}

function parseRange(typed: string): ExceptionDays | { readonly wrong: string } {
  const [from, to, ...more] = typed.split(/\.{2,3}/).map((end) => end.trim());
  if (from === undefined || to === undefined || more.length > 0) {
    return { wrong: `"${typed}" is no range: write first and last day, for instance 2026-12-24..2026-12-26` };
  }
  const first = parseDay(from);
  if (typeof first !== "number") return first;
  const last = parseDay(to);
  if (typeof last !== "number") return last;
  if (first > last) return { wrong: `"${typed}" ends before it starts: write ${to}..${from}` };
  return first === last ? { kind: "date", day: first } : { kind: "range", first, last };
}

function parseYearlyDate(typed: string): ExceptionDays | { readonly wrong: string } {
  const [monthText = "", dateText = ""] = typed.split("-");
  const month = Number(monthText);
  const date = Number(dateText);
  const leapYear = 2000;
  const fault = faultOfMonthAndDate(typed, month, date, daysInMonth(leapYear, month), "");
  if (fault !== undefined) return { wrong: fault };
  const spelled = `${twoDigits(month)}-${twoDigits(date)}`;
  if (spelled !== typed) return { wrong: `"${typed}" needs two digits for month and day: write ${spelled}` };
  return { kind: "yearly-date", month, date };
}

function parseWeekdayForm(typed: string): ExceptionDays | { readonly wrong: string } | undefined {
  const [ordinalWord, weekdayWord, of, monthWord, ...more] = typed.split(/[\s_-]+/);
  const ordinal = ORDINALS.find((each) => each === ordinalWord);
  const weekday = WEEKDAYS.find((each) => each === weekdayWord);
  if (ordinal === undefined || weekday === undefined || more.length > 0) return undefined;
  if (of === undefined) return { kind: "monthly-weekday", ordinal, weekday };
  if (of !== "of" || monthWord === undefined) return undefined;
  const month = monthOf(monthWord);
  if (month === undefined) {
    return {
      wrong: `"${typed}" has no month "${monthWord}": write its English name or 01 to 12, as in last monday of may`,
    };
  }
  return { kind: "yearly-weekday", ordinal, weekday, month };
}

function monthOf(word: string): number | undefined {
  const month = /^\d\d$/.test(word) ? Number(word) : MONTHS.indexOf(word) + 1;
  return month >= 1 && month <= 12 ? month : undefined;
}

/** The one spelling of an exception's days, which `parseExceptionKey` reads back. */
export function formatExceptionDays(days: ExceptionDays): string {
  switch (days.kind) {
    case "date":
      return formatDay(days.day);
    case "range":
      return `${formatDay(days.first)}..${formatDay(days.last)}`;
    case "yearly-date":
      return `${twoDigits(days.month)}-${twoDigits(days.date)}`;
    case "yearly-weekday":
      return `${days.ordinal} ${days.weekday} of ${MONTHS[days.month - 1]}`;
    case "monthly-weekday":
      return `${days.ordinal} ${days.weekday}`;
  }
}
