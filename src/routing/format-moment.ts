import { formatDay, type LocalDay, MS_PER_MINUTE, twoDigits, WEEKDAYS, weekdayIndexOf } from "./dates.ts";
import { offsetAt, wallTimeAt } from "./time-zone.ts";

/** A moment by the wall of a zone, with the offset that tells it from its twin: `Thu 2026-12-24 09:00 -05:00`. */
export function formatMoment(atMs: number, timeZone: string): string {
  return `${formatWall(atMs, timeZone)} ${formatOffset(offsetAt(timeZone, atMs))}`;
}

/** A moment by the wall of a zone: `Thu 2026-12-24 09:00`. */
export function formatWall(atMs: number, timeZone: string): string {
  const { day, msOfDay } = wallTimeAt(timeZone, atMs);
  return `${shortWeekday(day)} ${formatDay(day)} ${formatTimeOfDay(msOfDay)}`;
}

/** A moment as a cell holds it, to the second by the wall of a zone: `2026-12-24T09:00:00-05:00`. */
export function formatIso(atMs: number, timeZone: string): string {
  const { day, msOfDay } = wallTimeAt(timeZone, atMs);
  const seconds = twoDigits(Math.floor(msOfDay / 1000) % 60);
  return `${formatDay(day)}T${formatTimeOfDay(msOfDay)}:${seconds}${formatOffset(offsetAt(timeZone, atMs))}`;
}

/** `09:00`; what is less than a minute is left out. */
export function formatTimeOfDay(msOfDay: number): string {
  const minutes = Math.floor(msOfDay / MS_PER_MINUTE);
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** `Thu` */
export function shortWeekday(day: LocalDay): string {
  const name = WEEKDAYS[weekdayIndexOf(day)] ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1, 3);
}

function formatOffset(offsetMs: number): string {
  return `${offsetMs < 0 ? "-" : "+"}${formatTimeOfDay(Math.abs(offsetMs))}`;
}
