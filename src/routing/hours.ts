import { MINUTES_PER_DAY, straightenDashes, twoDigits } from "./dates.ts";

/**
 * Opening hours without a break, in minutes from the midnight that begins the day they belong to. The start belongs to
 * them, the end does not. Hours that run over midnight end after minute 1440, on the next day.
 */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The hours of one day, by their start, never overlapping. None: closed. */
export type DayHours = readonly Interval[];

export const CLOSED: DayHours = [];
export const OPEN_ALL_DAY: DayHours = [{ start: 0, end: MINUTES_PER_DAY }];

/**
 * Reads the hours of one day: `09:00-12:30, 13:30-17:00`, `open`, `closed` or nothing, which is closed as well.
 *
 * Forgiven: spaces, letter case, `;` or a line break for the comma, a comma too many, any dash, `9:00` and `9.00`, and
 * the `:00` seconds that spreadsheets append. `22:00-06:00` ends on the next day; `00:00` at the end means `24:00`, so
 * `00:00-00:00` and `00:00-24:00` are the whole day. Refused, because a guess could be twelve hours wrong: hours without
 * minutes (`9-5`) and AM/PM.
 *
 * @returns the hours, or the sentence that says which part is wrong and what would be right
 */
export function parseHours(text: string): DayHours | { readonly wrong: string } {
  const pieces = straightenDashes(text)
    .split(/[,;\r\n]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  const word = pieces.length === 1 ? pieces[0]?.toLowerCase() : undefined;
  if (pieces.length === 0 || word === "closed") return CLOSED;
  if (word === "open") return OPEN_ALL_DAY;
  const hours: Interval[] = [];
  for (const piece of pieces) {
    const interval = parseInterval(piece);
    if ("wrong" in interval) return interval;
    hours.push(interval);
  }
  hours.sort((one, other) => one.start - other.start || one.end - other.end);
  return overlapIn(hours) ?? hours;
}

function parseInterval(piece: string): Interval | { readonly wrong: string } {
  if (/^(open|closed)$/i.test(piece)) return { wrong: `"${piece}" stands alone: leave it out, or the hours beside it` };
  if (/[ap]\.?\s?m\b/i.test(piece)) return { wrong: `"${piece}" has AM or PM: use the 24-hour clock, 17:00 for 5 PM` };
  const [from, to, ...more] = piece.split("-");
  if (from === undefined || to === undefined || more.length > 0) return wrongShape(piece);
  const start = parseTime(from);
  const end = parseTime(to);
  if (typeof start !== "number") return start ?? wrongShape(piece);
  if (typeof end !== "number") return end ?? wrongShape(piece);
  if (start === MINUTES_PER_DAY)
    return { wrong: `"${piece}" starts at 24:00: a day starts at 00:00 and ends at 24:00` };
  const lastMinute = end === 0 ? MINUTES_PER_DAY : end;
  if (start === lastMinute) return { wrong: `"${piece}" is no time at all: for the whole day write 00:00-24:00` };
  return { start, end: lastMinute < start ? lastMinute + MINUTES_PER_DAY : lastMinute };
}

function wrongShape(piece: string): { readonly wrong: string } {
  return { wrong: `"${piece}" is no opening time: write start and end, for instance 09:00-17:00` };
}

/** Minutes from midnight; undefined for text that does not look like a time. */
function parseTime(text: string): number | { readonly wrong: string } | undefined {
  const typed = text.trim();
  const [, hour, minute, second] = /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?$/.exec(typed) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  if (Number(minute) > 59 || minutes > MINUTES_PER_DAY) {
    return { wrong: `"${typed}" is not on the clock: write 00:00 to 24:00` };
  }
  if (Number(second ?? 0) !== 0) return { wrong: `"${typed}" has seconds: hours are kept in whole minutes` };
  return minutes;
}

function overlapIn(hours: DayHours): { readonly wrong: string } | undefined {
  for (const [index, next] of hours.entries()) {
    const previous = hours[index - 1];
    if (previous !== undefined && next.start < previous.end) {
      return { wrong: `${formatInterval(previous)} and ${formatInterval(next)} overlap: write them as one, or apart` };
    }
  }
  return undefined;
}

/** `22:00-06:00`; midnight at the end is `24:00`. */
export function formatInterval({ start, end }: Interval): string {
  return `${formatTime(start)}-${formatTime(end > MINUTES_PER_DAY ? end - MINUTES_PER_DAY : end)}`;
}

/** Hours as a person would type them, which `parseHours` reads back: `closed`, `open` or a list. */
export function formatHours(hours: DayHours): string {
  const [first] = hours;
  if (first === undefined) return "closed";
  if (first.start === 0 && first.end === MINUTES_PER_DAY) return "open";
  return hours.map(formatInterval).join(", ");
}

function formatTime(minutes: number): string {
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
