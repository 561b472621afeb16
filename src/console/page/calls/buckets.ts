import type { Fate } from "../../../cli/calls/calls-fate.ts";
import type { CallView } from "../../api/calls.ts";
import { fateOf } from "./fates.ts";

/** A time in which calls came, by the reader's clock, and how many ended how. */
export interface TimeBucket {
  readonly startMs: number;
  readonly counts: ReadonlyMap<Fate, number>;
}

export interface TimeBuckets {
  readonly unit: "hour" | "day";
  /** Without gaps, the oldest first. */
  readonly buckets: readonly TimeBucket[];
}

/** As many bars as are read at a glance; what spans more hours is drawn by the day, as the command does. */
const MOST_HOURS = 48;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Calls by the hour of the reader's clock, or by the day for a long span. */
export function bucketsOf(calls: readonly CallView[]): TimeBuckets {
  const moments = calls.map(({ receivedAtMs }) => receivedAtMs);
  if (moments.length === 0) return { unit: "hour", buckets: [] };
  const first = moments.reduce((least, atMs) => Math.min(least, atMs));
  const last = moments.reduce((most, atMs) => Math.max(most, atMs));
  const unit = last - first >= MOST_HOURS * HOUR_MS ? "day" : "hour";
  const buckets = new Map<number, Map<Fate, number>>();
  for (const startMs of withoutGaps(
    moments.map((atMs) => startOf(atMs, unit)),
    unit,
  ))
    buckets.set(startMs, new Map());
  for (const call of calls) {
    const counts = buckets.get(startOf(call.receivedAtMs, unit));
    const fate = fateOf(call);
    counts?.set(fate, (counts.get(fate) ?? 0) + 1);
  }
  return { unit, buckets: [...buckets].map(([startMs, counts]) => ({ startMs, counts })) };
}

/** Starts that calls have, each once and the oldest first, and those between them in which none came. */
function withoutGaps(starts: readonly number[], unit: TimeBuckets["unit"]): readonly number[] {
  const sorted = [...new Set(starts)].sort((one, other) => one - other);
  return sorted.flatMap((startMs, index) => {
    const until = sorted[index + 1] ?? startMs;
    const filled = [startMs];
    for (let next = nextStart(startMs, unit); next < until; next = nextStart(next, unit)) filled.push(next);
    return filled;
  });
}

function startOf(atMs: number, unit: TimeBuckets["unit"]): number {
  const date = new Date(atMs);
  if (unit === "day") return date.setHours(0, 0, 0, 0);
  // Not by setting the minutes: of an hour that is lived twice, that would always name the first.
  return atMs - date.getMinutes() * MINUTE_MS - (atMs % MINUTE_MS);
}

/** Found by looking, for clocks change: by half an hour on Lord Howe, and at a midnight that Cairo then does not have. */
function nextStart(startMs: number, unit: TimeBuckets["unit"]): number {
  let lookMs = startMs + (unit === "day" ? 23 * HOUR_MS : HOUR_MS);
  while (startOf(lookMs, unit) <= startMs) lookMs += HOUR_MS / 2;
  return startOf(lookMs, unit);
}

/** Calls whose redirect took so long. */
export interface Bin {
  readonly fromMs: number;
  /** Absent in the last bin, which holds all that took longer. */
  readonly toMs?: number;
  readonly count: number;
}

const WISHED_BINS = 24;

/** How long redirects took, in bins of equal, round width; what is far above the others shares the last one. */
export function binsOf(elapsedMs: readonly number[]): readonly Bin[] {
  if (elapsedMs.length === 0) return [];
  const sorted = elapsedMs.toSorted((one, other) => one - other);
  // A few that took very long would leave all others no room.
  const high = Math.min(sorted.at(-1) ?? 0, (sorted[Math.floor(sorted.length * 0.95)] ?? 0) * 1.25);
  const width = roundUp(Math.max(high, WISHED_BINS) / WISHED_BINS);
  const whole = Math.floor(high / width) + 1;
  const counts = Array.from({ length: whole + 1 }, () => 0);
  for (const ms of sorted) {
    const index = Math.min(whole, Math.floor(ms / width));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const bins = counts.map((count, index) => ({
    fromMs: index * width,
    ...(index < whole ? { toMs: (index + 1) * width } : {}),
    count,
  }));
  return bins.at(-1)?.count === 0 ? bins.slice(0, -1) : bins;
}

/** To 1, 2 or 5 of a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((step) => step * power >= value) ?? 10);
}
