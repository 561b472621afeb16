import { formatDay, weekdayIndexOf } from "../../../routing/dates.ts";
import type { CoverageAnswer, Way } from "../../api/looking.ts";
import { localDayOf } from "../shared/time.ts";

export type CoveredDay = CoverageAnswer["days"][number];

/** A week of the calendar from Monday on, with the days that are covered. */
export interface CalendarWeek {
  /** `2026-11-23` */
  readonly monday: string;
  readonly days: readonly (CoveredDay | null)[];
}

/** Lays days in a row out as a calendar: each week has seven places, those before the first day and after the last are empty. */
export function weeksOf(days: readonly CoveredDay[]): readonly CalendarWeek[] {
  const weeks = new Map<string, (CoveredDay | null)[]>();
  for (const each of days) {
    const day = localDayOf(each.day);
    const weekday = weekdayIndexOf(day);
    const monday = formatDay(day - weekday);
    const week = weeks.get(monday) ?? new Array<CoveredDay | null>(7).fill(null);
    week[weekday] = each;
    weeks.set(monday, week);
  }
  return [...weeks].map(([monday, places]) => ({ monday, days: places }));
}

/** The ways of a day with the minutes that each takes, in the order of the legend. */
export function sharesOf({ minutes }: CoveredDay): readonly { readonly way: number; readonly minutes: number }[] {
  return Object.entries(minutes)
    .map(([way, count]) => ({ way: Number(way), minutes: count }))
    .filter((share) => share.minutes > 0)
    .sort((one, other) => one.way - other.way);
}

/** What is out of the ordinary on a day, as short sentences. */
export function eventsOf(day: CoveredDay, ways: readonly Way[]): readonly string[] {
  const { exceptions, clockChange, changes, onlyFallback } = day;
  const isNeverRung = sharesOf(day).every(({ way }) => ways[way]?.kind === "reject");
  const gap = isNeverRung ? "Nobody rings all day" : "Only a fallback rings all day";
  return [
    ...exceptions,
    ...(clockChange === undefined ? [] : [`Clock change: ${clockChange}`]),
    ...changes,
    ...(onlyFallback ? [gap] : []),
  ];
}

/** `8 h`, `7 h 30 min`. */
export function formatMinutes(count: number): string {
  const [hours, minutes] = [Math.floor(count / 60), Math.round(count % 60)];
  return [hours > 0 && `${hours} h`, (minutes > 0 || hours === 0) && `${minutes} min`].filter(Boolean).join(" ");
}
