import type { Wrong } from "../errors.ts";

const PER_UNIT_MS = { d: 24 * 60 * 60_000, h: 60 * 60_000, m: 60_000, s: 1000 } as const;
const PARTS = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
/** A year: whoever types more means another unit. */
const LONGEST_MS = 366 * PER_UNIT_MS.d;

/** Reads a length of time such as `30m`, `2h`, `1d` or `1h30m`. @returns milliseconds, more than none */
export function parseDuration(text: string): number | Wrong {
  const typed = text.toLowerCase().replace(/\s+/g, "");
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = PARTS.exec(typed) ?? [];
  const { d, h, m, s } = PER_UNIT_MS;
  const ms = Number(days) * d + Number(hours) * h + Number(minutes) * m + Number(seconds) * s;
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  return { wrong: "write a length of time such as 30m, 2h, 1d or 1h30m, at most 366d" };
}
