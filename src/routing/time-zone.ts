import { type LocalDay, MS_PER_DAY, MS_PER_MINUTE } from "./dates.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";

/** What clock and calendar on the wall show. */
export interface WallTime {
  readonly day: LocalDay;
  /** Since midnight by that clock: hands moved forward or back are not counted, only where they point. */
  readonly msOfDay: number;
}

/** How far a zone is ahead of UTC within one day of UTC, which holds at most one change. */
interface Offsets {
  readonly beforeMs: number;
  readonly afterMs: number;
  /** The first moment of `afterMs`; the end of that UTC day when nothing changes. */
  readonly changeAtMs: number;
}

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  /** By days of UTC since 1970. */
  readonly offsets: Map<number, Offsets>;
}

// There are some 600 zone names and a decision looks at few days: both bounds only keep odd callers from filling memory.
const MOST_ZONES = 1_000;
const MOST_DAYS = 1_500;
const zones = new Map<string, Zone>();

/** No zone is farther ahead of UTC, or behind it. */
const MOST_AHEAD_MS = 14 * 60 * MS_PER_MINUTE;
const MOST_BEHIND_MS = 12 * 60 * MS_PER_MINUTE;

const ZONE_BY_WINDOWS_NAME = new Map(
  Object.entries(WINDOWS_ZONES).map(([windows, iana]) => [windows.toLowerCase(), iana]),
);
/** Three letters that name one zone and follow its clock changes. */
const UNAMBIGUOUS = new Set(["utc", "gmt", "wet", "cet", "met", "eet"]);

/**
 * Reads a time zone by its IANA name (`Europe/Berlin`) or its Windows name (`W. Europe Standard Time`).
 *
 * Letter case and spaces are forgiven. Abbreviations such as `EST`, `IST` or `BST` are refused although the runtime knows
 * them: it takes EST for Panama, which has no summer time, and BST for Dhaka. So are bare offsets, which have none either.
 *
 * @returns the IANA name, or the sentence that says what is wrong and what would be right
 */
export function parseTimeZone(text: string): string | { readonly wrong: string } {
  const typed = text.trim().replace(/\s+/g, " ");
  const windows = ZONE_BY_WINDOWS_NAME.get(typed.toLowerCase());
  if (windows !== undefined) return windows;
  if (/^[a-z]{3}$/i.test(typed) && !UNAMBIGUOUS.has(typed.toLowerCase())) {
    return {
      wrong: `"${typed}" is an abbreviation that hides the clock changes: name the city, as in America/New_York`,
    };
  }
  const name = typed.replaceAll(" ", "_");
  const zone = /^[a-z]/i.test(name) ? zoneNamed(name) : undefined;
  if (zone === undefined) {
    return {
      wrong: `"${typed}" is no time zone: write an IANA name such as Europe/Berlin or a Windows name such as W. Europe Standard Time`,
    };
  }
  // The runtime resolves links to older names (Asia/Kolkata to Asia/Calcutta): take over its letter case, not its choice.
  const resolved = zone.clock.resolvedOptions().timeZone;
  return resolved.toLowerCase() === name.toLowerCase() ? resolved : name;
}

/**
 * The time on the wall in a zone at a moment.
 *
 * @param timeZone as `parseTimeZone` gives it
 * @param atMs epoch milliseconds
 * @throws RangeError for a zone or a moment that does not exist
 */
export function wallTimeAt(timeZone: string, atMs: number): WallTime {
  const offsets = offsetsAt(timeZone, atMs);
  const wallMs = atMs + (atMs < offsets.changeAtMs ? offsets.beforeMs : offsets.afterMs);
  const day = Math.floor(wallMs / MS_PER_DAY);
  return { day, msOfDay: wallMs - day * MS_PER_DAY };
}

/** When clock and calendar on the wall show a time: once, twice when the clocks go back, never when they jump over it. */
export type WallMoments =
  | { readonly kind: "once"; readonly atMs: number }
  | { readonly kind: "twice"; readonly firstMs: number; readonly secondMs: number }
  /** `jumpMs`: when the clocks jump over it, to a later time. */
  | { readonly kind: "never"; readonly jumpMs: number };

/**
 * The moments at which the wall in a zone shows a time: the other way round of `wallTimeAt`.
 *
 * @throws RangeError for a zone or a day that does not exist
 */
export function momentsOf(timeZone: string, { day, msOfDay }: WallTime): WallMoments {
  const wallMs = day * MS_PER_DAY + msOfDay;
  const firstDay = Math.floor((wallMs - MOST_AHEAD_MS) / MS_PER_DAY);
  const lastDay = Math.floor((wallMs + MOST_BEHIND_MS) / MS_PER_DAY);
  const around = Array.from({ length: lastDay - firstDay + 1 }, (_, index) =>
    offsetsAt(timeZone, (firstDay + index) * MS_PER_DAY),
  );
  const offsets = new Set(around.flatMap(({ beforeMs, afterMs }) => [beforeMs, afterMs]));
  const [first, second] = [...offsets]
    .map((offsetMs) => wallMs - offsetMs)
    .filter((atMs) => atMs + offsetAt(timeZone, atMs) === wallMs)
    .sort((one, other) => one - other);
  if (first !== undefined && second !== undefined) return { kind: "twice", firstMs: first, secondMs: second };
  if (first !== undefined) return { kind: "once", atMs: first };
  const jump = around.find(
    ({ changeAtMs, beforeMs, afterMs }) => changeAtMs + beforeMs <= wallMs && wallMs < changeAtMs + afterMs,
  );
  if (jump === undefined) throw new RangeError(`${timeZone} has no clock at ${wallMs}`);
  return { kind: "never", jumpMs: jump.changeAtMs };
}

/** A moment after `atMs` up to which the clock on the wall just runs on; never more than a day later. */
export function steadyUntil(timeZone: string, atMs: number): number {
  const { changeAtMs } = offsetsAt(timeZone, atMs);
  return atMs < changeAtMs ? changeAtMs : (Math.floor(atMs / MS_PER_DAY) + 1) * MS_PER_DAY;
}

/** A jump of a zone's clock. */
export interface ClockChange {
  /** The first moment after it. */
  readonly atMs: number;
  /** Milliseconds by which the hands go forward; negative when they go back. */
  readonly byMs: number;
}

/** The next jump of the clock after a moment, if there is one within so many days. */
export function nextClockChange(timeZone: string, afterMs: number, untilDays: number): ClockChange | undefined {
  const untilMs = afterMs + untilDays * MS_PER_DAY;
  for (let atMs = steadyUntil(timeZone, afterMs); atMs <= untilMs; atMs = steadyUntil(timeZone, atMs)) {
    const byMs = offsetAt(timeZone, atMs) - offsetAt(timeZone, atMs - 1);
    if (byMs !== 0) return { atMs, byMs };
  }
  return undefined;
}

/** The day before, among the days that the zone had: in Apia, 2011-12-31 followed 2011-12-29. */
export function dayBefore(timeZone: string, day: LocalDay): LocalDay {
  let before = day - 1;
  while (!hadDay(timeZone, before)) before -= 1;
  return before;
}

/** Whether noon of that day ever came. */
function hadDay(timeZone: string, day: LocalDay): boolean {
  const noonMs = (day + 0.5) * MS_PER_DAY;
  const offsetMs = offsetAt(timeZone, noonMs - MOST_AHEAD_MS);
  if (offsetAt(timeZone, noonMs - offsetMs) === offsetMs) return true;
  const laterOffsetMs = offsetAt(timeZone, noonMs + MOST_BEHIND_MS);
  return offsetAt(timeZone, noonMs - laterOffsetMs) === laterOffsetMs;
}

/** Milliseconds that the wall's clock is ahead of UTC. */
export function offsetAt(timeZone: string, atMs: number): number {
  const offsets = offsetsAt(timeZone, atMs);
  return atMs < offsets.changeAtMs ? offsets.beforeMs : offsets.afterMs;
}

/**
 * The offsets of the UTC day around a moment. Asking Intl takes microseconds, remembering the day's answer takes none: it
 * stays true, because the rules of a zone come with the runtime.
 */
function offsetsAt(timeZone: string, atMs: number): Offsets {
  const zone = zones.get(timeZone) ?? zoneNamed(timeZone);
  if (zone === undefined) throw new RangeError(`${timeZone} is no time zone`);
  const utcDay = Math.floor(atMs / MS_PER_DAY);
  const known = zone.offsets.get(utcDay);
  if (known !== undefined) return known;
  const offsets = findOffsets(zone.clock, utcDay * MS_PER_DAY, (utcDay + 1) * MS_PER_DAY);
  if (zone.offsets.size >= MOST_DAYS) zone.offsets.clear();
  zone.offsets.set(utcDay, offsets);
  return offsets;
}

function findOffsets(clock: Intl.DateTimeFormat, fromMs: number, untilMs: number): Offsets {
  const beforeMs = askOffset(clock, fromMs);
  const afterMs = askOffset(clock, untilMs);
  if (beforeMs === afterMs) return { beforeMs, afterMs, changeAtMs: untilMs };
  let last = fromMs;
  let first = untilMs;
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (askOffset(clock, middle) === beforeMs) last = middle;
    else first = middle;
  }
  return { beforeMs, afterMs, changeAtMs: first };
}

function askOffset(clock: Intl.DateTimeFormat, atMs: number): number {
  const written = clock.formatToParts(atMs).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(written) ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MS_PER_MINUTE + Number(seconds ?? 0) * 1000;
  return sign === "-" ? -ahead : ahead;
}

/** The zone of an IANA name, or undefined if the runtime knows none of that name. */
function zoneNamed(timeZone: string): Zone | undefined {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const clock = clockOf(timeZone);
  if (clock === undefined) return undefined;
  const zone: Zone = { clock, offsets: new Map() };
  if (zones.size >= MOST_ZONES) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
