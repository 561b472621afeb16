/**
 * Moments, days and spans in the reader's own locale. Moments are epoch milliseconds, days texts such as `2026-11-23`; a
 * moment is always shown with its zone, be it once for a whole view.
 */

import type { Telling } from "../../../cli/on-now.ts";
import { type LocalDay, MS_PER_DAY, parseDay } from "../../../routing/dates.ts";

/** The zone of the machine on which the page is read. */
export const READERS_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `Wed, 25 Nov 2026, 09:00 PST` */
export function formatMoment(atMs: number, timeZone = READERS_ZONE): string {
  return format(atMs, timeZone, { ...DATE, year: "numeric", ...CLOCK, timeZoneName: "short" });
}

/** Words with the moments among them. */
export function formatTelling(telling: Telling): string {
  return telling.map((part) => (typeof part === "string" ? part : formatMoment(part.atMs, part.timeZone))).join("");
}

/** `Wed, 25 Nov, 09:00:07 PST` */
export function formatSecond(atMs: number, timeZone = READERS_ZONE): string {
  return format(atMs, timeZone, { ...DATE, ...CLOCK, second: "2-digit", timeZoneName: "short" });
}

/** `Wed, 25 Nov, 09:00`, where the zone is said beside it. */
export function formatMomentBriefly(atMs: number, timeZone = READERS_ZONE): string {
  return format(atMs, timeZone, { ...DATE, ...CLOCK });
}

/** `09:00`, where day and zone are said beside it. */
export function formatClock(atMs: number, timeZone = READERS_ZONE): string {
  return format(atMs, timeZone, CLOCK);
}

/** `09:00:07.125`, for a call's steps. */
export function formatPreciseClock(atMs: number, timeZone = READERS_ZONE): string {
  return format(atMs, timeZone, { ...CLOCK, second: "2-digit", fractionalSecondDigits: 3 });
}

/** A zone's short name at a moment: `PST`. */
export function formatZone(atMs: number, timeZone = READERS_ZONE): string {
  const named = formatterOf(timeZone, { timeZoneName: "short" }).formatToParts(atMs);
  return named.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** A day: `Wed, 25 Nov 2026`. */
export function formatDate(day: string): string {
  return formatDayAs(day, { ...DATE, year: "numeric" });
}

/** A day, by parts of the caller's choice. */
export function formatDayAs(day: string, parts: Intl.DateTimeFormatOptions): string {
  return format(localDayOf(day) * MS_PER_DAY, "UTC", parts);
}

/** Days since 1970 of a day's text; a text that is no day counts as the first of them. */
export function localDayOf(day: string): LocalDay {
  const read = parseDay(day);
  return typeof read === "number" ? read : 0;
}

/** How long ago, or how long until: `12 s`, `3 min`, `5 h`, `2 days`. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.round(spanMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

const DATE = { weekday: "short", day: "numeric", month: "short" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

/** Making a formatter costs a hundred times what using one does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(atMs: number, timeZone: string, parts: Intl.DateTimeFormatOptions): string {
  return formatterOf(timeZone, parts).format(atMs);
}

function formatterOf(timeZone: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([timeZone, parts]);
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(undefined, { ...parts, timeZone });
  formatters.set(key, formatter);
  return formatter;
}
