import { isWrong, unreachable, type Wrong } from "../errors.ts";
import {
  formatDay,
  type LocalDay,
  MS_PER_MINUTE,
  parseDay,
  straightenDashes,
  twoDigits,
  WEEKDAYS,
  weekdayIndexOf,
} from "../routing/dates.ts";
import { formatMoment } from "../routing/format-moment.ts";
import { momentsOf, wallTimeAt } from "../routing/time-zone.ts";
import { moment } from "../store/cells.ts";

/** A moment that a person named. */
export interface NamedMoment {
  readonly at: Date;
  /** What to tell when the time exists twice or not at all on the wall: which moment was taken. */
  readonly note?: string;
}

/** Date, if any, and time of day. */
const WALL = /^(?:(\S+?)[T\s]\s*)?(\d{1,2}):(\d\d)(?::(\d\d))?$/i;
const HOUR_MS = 60 * MS_PER_MINUTE;

/**
 * Reads a moment: ISO 8601 with an offset, or the time on the wall of a zone: `2026-12-24T09:00`, `2026-12-24 09:00`,
 * `09:00` (today), `friday 09:00` (today or the next one), `tomorrow 09:00`. Of a time that exists twice it takes the
 * first; of one that the clocks jump over, the moment at which they do.
 *
 * @param timeZone as `parseTimeZone` gives it
 * @param now tells which day is today
 */
export function parseAt(text: string, timeZone: string, now: Date): NamedMoment | Wrong {
  const typed = straightenDashes(text).trim();
  if (/[T\s]\d.*(z|[+-]\d\d:?\d\d)$/i.test(typed)) {
    const ms = moment(typed);
    return isWrong(ms) ? ms : { at: new Date(ms) };
  }
  const [whole, dayText, hour = "", minute = "", second = "0"] = WALL.exec(typed) ?? [];
  if (whole === undefined) return { wrong: EXAMPLES };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return { wrong: `a clock does not show ${hour}:${minute}; write 00:00 to 23:59` };
  const day = readDay(dayText?.toLowerCase(), wallTimeAt(timeZone, now.getTime()).day);
  if (isWrong(day)) return day;
  const msOfDay = Number(hour) * HOUR_MS + Number(minute) * MS_PER_MINUTE + Number(second) * 1000;
  const found = momentsOf(timeZone, { day, msOfDay });
  const named = `${formatDay(day)} ${twoDigits(Number(hour))}:${minute}`;
  switch (found.kind) {
    case "once":
      return { at: new Date(found.atMs) };
    case "twice": {
      const taken = formatMoment(found.firstMs, timeZone);
      const note = `${named} comes twice in ${timeZone}, where the clocks go back: took the first, ${taken}.`;
      return { at: new Date(found.firstMs), note };
    }
    case "never": {
      const taken = formatMoment(found.jumpMs, timeZone);
      const note = `${named} does not exist in ${timeZone}, where the clocks jump over it: took ${taken}, when they do.`;
      return { at: new Date(found.jumpMs), note };
    }
    default:
      return unreachable(found);
  }
}

const EXAMPLES =
  'write 2026-12-24T09:00-05:00, or a time on the wall: "2026-12-24 09:00", 09:00 (today) or "friday 09:00"';

function readDay(text: string | undefined, today: LocalDay): LocalDay | Wrong {
  if (text === undefined || text === "today") return today;
  if (text === "tomorrow") return today + 1;
  const weekday = WEEKDAYS.findIndex((name) => name === text || name.slice(0, 3) === text);
  if (weekday >= 0) return today + ((weekday - weekdayIndexOf(today) + 7) % 7);
  const day = parseDay(text);
  return isWrong(day) && !/\d/.test(text) ? { wrong: EXAMPLES } : day;
}
