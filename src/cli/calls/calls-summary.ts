import { formatDay, twoDigits } from "../../routing/dates.ts";
import { wallTimeAt } from "../../routing/time-zone.ts";
import type { LoggedCall } from "../../store/call-list.ts";
import { HOUR_MS } from "../../store/call-rows.ts";
import { FATES, type Fate, usedFallback } from "./calls-fate.ts";

/** As many bars as are read at a glance; what spans more hours is drawn by the day. */
const MOST_HOURS = 48;
const LONGEST_BAR = 40;
/** Eighths of a block. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Milliseconds from receipt to acceptance: half of the redirects, and 95 percent, took no more. */
export interface RedirectTimes {
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Counts calls as they are listed. */
export class CallSummary {
  readonly #timeZone: string;
  readonly #fates = new Map<Fate, number>();
  readonly #redirectMs: number[] = [];
  /** By hours of the wall since 1970: the hour that comes twice when the clocks go back is one. */
  readonly #byHour = new Map<number, number>();
  #fallbacks = 0;
  #count = 0;

  /** @param timeZone by whose clock hours are told */
  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  add(call: LoggedCall, fate: Fate): void {
    this.#count++;
    this.#fates.set(fate, (this.#fates.get(fate) ?? 0) + 1);
    if (usedFallback(call)) this.#fallbacks++;
    if (call.cells.status === "redirected" && call.elapsedMs !== undefined) this.#redirectMs.push(call.elapsedMs);
    const { day, msOfDay } = wallTimeAt(this.#timeZone, call.at.getTime());
    const hour = day * 24 + Math.floor(msOfDay / HOUR_MS);
    this.#byHour.set(hour, (this.#byHour.get(hour) ?? 0) + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** Undefined without any redirect. */
  redirectTimes(): RedirectTimes | undefined {
    const sorted = this.#redirectMs.toSorted((one, other) => one - other);
    const count = sorted.length;
    return count === 0 ? undefined : { count, medianMs: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
  }

  /** How many, how they ended, how long a redirect took, how often a fallback rang. */
  lines(times = this.redirectTimes()): string[] {
    const number = (count: number) => count.toLocaleString("en-US");
    if (this.#count === 0) return ["No calls."];
    const fates = FATES.flatMap((fate) => {
      const count = this.#fates.get(fate) ?? 0;
      return count === 0 && fate !== "answered" ? [] : [`${number(count)} ${fate}`];
    });
    const redirects =
      times === undefined
        ? "None was redirected."
        : `${number(times.count)} redirected: ${number(times.medianMs)} ms median, ${number(times.p95Ms)} ms 95th percentile.`;
    const calls = this.#count === 1 ? "1 call" : `${number(this.#count)} calls`;
    return [`${calls}: ${fates.join(", ")}.`, `${redirects} Fallbacks used: ${number(this.#fallbacks)}.`];
  }

  /** Bars by hour, or by day for a long span; none when all calls came within one hour. @param blocks whether the output shows block characters */
  histogram(blocks: boolean): string[] {
    const hours = [...this.#byHour.keys()];
    const first = hours.reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY);
    const last = hours.reduce((most, hour) => Math.max(most, hour), Number.NEGATIVE_INFINITY);
    if (last <= first || hours.length === 0) return [];
    const byDay = last - first >= MOST_HOURS;
    const counts = new Map<string, number>();
    for (let hour = first; hour <= last; hour++) {
      const day = formatDay(Math.floor(hour / 24));
      const label = byDay ? day : `${day} ${twoDigits(hour % 24)}:00`;
      counts.set(label, (counts.get(label) ?? 0) + (this.#byHour.get(hour) ?? 0));
    }
    const most = Math.max(...counts.values());
    return [...counts].map(([label, count]) => `${label}  ${bar((count / most) * LONGEST_BAR, blocks)} ${count}`);
  }
}

/** A bar of a length in characters; a length above none is never drawn as none. */
export function bar(length: number, blocks: boolean): string {
  if (!blocks) return "#".repeat(length > 0 ? Math.max(1, Math.round(length)) : 0);
  const eighths = length > 0 ? Math.max(1, Math.round(length * 8)) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** The smallest of the values that so many percent of them do not exceed. @param sorted ascending, not empty */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
