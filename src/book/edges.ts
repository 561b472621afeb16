import { MS_PER_DAY } from "../routing/dates.ts";
import type { RuleBook } from "../routing/decide.ts";
import { nextChange, type Schedule } from "../routing/schedule.ts";
import type { Row } from "../store/cells.ts";
import { readMembership } from "../store/list-rows.ts";
import { findIn, isSchedule } from "./schedules.ts";

/** The moments of a span at which a line's calls may begin to be decided otherwise. */
export class Edges {
  readonly #fromMs: number;
  readonly #untilMs: number;
  /** Lines share schedules. */
  readonly #changes = new Map<Schedule, readonly number[]>();

  /** A span in epoch milliseconds: behind its start, before its end. */
  constructor(fromMs: number, untilMs: number) {
    this.#fromMs = fromMs;
    this.#untilMs = untilMs;
  }

  /**
   * Where schedules that rules name open and close, and where rules begin and lapse, in the order of time.
   *
   * @param others moments at which something else changes: that the caller leaves a list
   */
  of(book: RuleBook, others: readonly number[] = []): readonly number[] {
    const edges = new Set<number>(others);
    const schedules = new Set<string>();
    for (const { enabled, fromMs, untilMs, schedule } of book.partitions.flat()) {
      if (!enabled) continue;
      for (const limit of [fromMs, untilMs]) if (limit !== undefined) edges.add(limit);
      if (schedule !== undefined) schedules.add(schedule.schedule);
    }
    for (const name of schedules) for (const atMs of this.#changesOf(name, book)) edges.add(atMs);
    return [...edges].filter((atMs) => atMs > this.#fromMs && atMs < this.#untilMs).sort((one, other) => one - other);
  }

  #changesOf(name: string, book: RuleBook): readonly number[] {
    const find = findIn(book);
    const schedule = find(name);
    if (!isSchedule(schedule)) return [];
    const known = this.#changes.get(schedule);
    if (known !== undefined) return known;
    const changes: number[] = [];
    for (let atMs = this.#fromMs; ; ) {
      const next = nextChange(schedule, find, atMs, (this.#untilMs - atMs) / MS_PER_DAY);
      if (next === undefined) break;
      changes.push(next.atMs);
      atMs = next.atMs;
    }
    this.#changes.set(schedule, changes);
    return changes;
  }
}

/** When a caller leaves lists, in epoch milliseconds. @param rows the caller's of CallerLists */
export function listEdgesIn(rows: readonly Row[]): readonly number[] {
  return rows.flatMap((row) => readMembership(row).value?.untilMs ?? []);
}
