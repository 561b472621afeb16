import { calendarDateOf, daysInMonth, type LocalDay, WEEKDAYS, weekdayIndexOf } from "./dates.ts";
import { type ExceptionDays, ORDINALS, type Ordinal, widthOf } from "./exception-key.ts";
import type { DayHours } from "./hours.ts";

/** A dated row: on its days, its hours stand in place of the weekday's. */
export interface ScheduleException {
  /** The row's key as it was typed. */
  readonly key: string;
  /** What the day is called, for people: "Christmas". */
  readonly name?: string;
  readonly days: ExceptionDays;
  readonly hours: DayHours;
}

/**
 * The exception that counts on a day, out of one schedule's: the narrowest; of equally wide ones the first by key, letter
 * case aside.
 *
 * Takes the same time however many dates and ranges there are. The index it builds on first use lives as long as the
 * list, so the list must not be changed afterwards.
 */
export function exceptionOn(exceptions: readonly ScheduleException[], day: LocalDay): ScheduleException | undefined {
  if (exceptions.length === 0) return undefined;
  const index = indexOf(exceptions);
  return index.dates.get(day) ?? rangeOn(index.ranges, day) ?? recurringOn(index, day);
}

interface ExceptionIndex {
  readonly dates: ReadonlyMap<LocalDay, ScheduleException>;
  readonly ranges: Ranges;
  readonly yearlyDates: ReadonlyMap<number, ScheduleException>;
  readonly weekdays: ReadonlyMap<number, ScheduleException>;
}

/** The calendar cut wherever a range begins or has ended: piece `i` runs from `starts[i]` to just before the next. */
interface Ranges {
  readonly starts: readonly LocalDay[];
  readonly winners: readonly (ScheduleException | undefined)[];
}

const indexes = new WeakMap<readonly ScheduleException[], ExceptionIndex>();

function indexOf(exceptions: readonly ScheduleException[]): ExceptionIndex {
  const known = indexes.get(exceptions);
  if (known !== undefined) return known;
  const index = buildIndex(exceptions);
  indexes.set(exceptions, index);
  return index;
}

function buildIndex(exceptions: readonly ScheduleException[]): ExceptionIndex {
  const dates = new Map<LocalDay, ScheduleException>();
  const yearlyDates = new Map<number, ScheduleException>();
  const weekdays = new Map<number, ScheduleException>();
  const ranges: Range[] = [];
  // By precedence, so that whoever comes first to a place keeps it.
  for (const exception of exceptions.toSorted(byPrecedence)) {
    const { days } = exception;
    switch (days.kind) {
      case "date":
        claim(dates, days.day, exception);
        break;
      case "range":
        ranges.push({ first: days.first, last: days.last, exception });
        break;
      case "yearly-date":
        claim(yearlyDates, yearlyKey(days.month, days.date), exception);
        break;
      case "yearly-weekday":
        claim(weekdays, weekdayKey(days.ordinal, WEEKDAYS.indexOf(days.weekday), days.month), exception);
        break;
      case "monthly-weekday":
        claim(weekdays, weekdayKey(days.ordinal, WEEKDAYS.indexOf(days.weekday), ANY_MONTH), exception);
        break;
    }
  }
  return { dates, ranges: cutRanges(ranges), yearlyDates, weekdays };
}

function claim(places: Map<number, ScheduleException>, place: number, exception: ScheduleException): void {
  if (!places.has(place)) places.set(place, exception);
}

/** Narrower first, then by key: letter case aside, and at last with it, so that no two keys are equal. */
function byPrecedence(one: ScheduleException, other: ScheduleException): number {
  return (
    widthOf(one.days) - widthOf(other.days) ||
    byCodeUnit(one.key.toLowerCase(), other.key.toLowerCase()) ||
    byCodeUnit(one.key, other.key)
  );
}

function byCodeUnit(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

interface Range {
  readonly first: LocalDay;
  readonly last: LocalDay;
  readonly exception: ScheduleException;
}

/** @param ranges by precedence */
function cutRanges(ranges: readonly Range[]): Ranges {
  const starts = [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((one, other) => one - other);
  const winners: (ScheduleException | undefined)[] = starts.map(() => undefined);
  for (const { first, last, exception } of ranges) {
    for (let piece = pieceOf(starts, first); (starts[piece] ?? Number.POSITIVE_INFINITY) <= last; piece += 1) {
      winners[piece] ??= exception;
    }
  }
  return { starts, winners };
}

function rangeOn({ starts, winners }: Ranges, day: LocalDay): ScheduleException | undefined {
  return winners[pieceOf(starts, day)];
}

/** The piece that holds the day, by halving; -1 before the first. */
function pieceOf(starts: readonly LocalDay[], day: LocalDay): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function recurringOn(index: ExceptionIndex, day: LocalDay): ScheduleException | undefined {
  if (index.yearlyDates.size === 0 && index.weekdays.size === 0) return undefined;
  const place = placeOf(day);
  return (
    index.yearlyDates.get(yearlyKey(place.month, place.date)) ??
    weekdayOn(index, place, place.month) ??
    weekdayOn(index, place, ANY_MONTH)
  );
}

/** Where a day stands in its month. */
interface Place {
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
  readonly ordinal: Ordinal;
  readonly isLast: boolean;
}

// Calendar dates cost more than all else in an evaluation, and live calls ask for two days only.
const MOST_PLACES = 1_500;
const places = new Map<LocalDay, Place>();

function placeOf(day: LocalDay): Place {
  const known = places.get(day);
  if (known !== undefined) return known;
  const { year, month, date } = calendarDateOf(day);
  const ordinal = ORDINALS[Math.ceil(date / 7) - 1] ?? "last";
  const isLast = date + 7 > daysInMonth(year, month);
  const place: Place = { month, date, weekday: weekdayIndexOf(day), ordinal, isLast };
  if (places.size >= MOST_PLACES) places.clear();
  places.set(day, place);
  return place;
}

/** The fourth or fifth Friday may be the last one too. By key, `fourth` and `fifth` come before `last`. */
function weekdayOn(index: ExceptionIndex, place: Place, month: number): ScheduleException | undefined {
  const { ordinal, isLast, weekday } = place;
  const counted = index.weekdays.get(weekdayKey(ordinal, weekday, month));
  return counted ?? (isLast ? index.weekdays.get(weekdayKey("last", weekday, month)) : undefined);
}

const ANY_MONTH = 0;

function yearlyKey(month: number, date: number): number {
  return month * 32 + date;
}

function weekdayKey(ordinal: Ordinal, weekday: number, month: number): number {
  return (month * WEEKDAYS.length + weekday) * ORDINALS.length + ORDINALS.indexOf(ordinal);
}
