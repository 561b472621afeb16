import type { Span } from "./span.ts";

/** Milliseconds that every period of activity is billed for at least, and the step in which longer ones are. */
const BILLED = { leastMs: 1000, stepMs: 100 };

/** One instance of the app: places for requests, one core, and the rows that it remembers. */
export class Instance {
  readonly alwaysReady: boolean;
  /** Requests that it could take now. */
  room: number;
  /** When its first calls can go on: keys, token and connections are there. Undefined until it has a call. */
  warmAtMs: number | undefined;
  readonly #places: number;
  readonly #billed: Span;
  readonly #readAtMs: (number | undefined)[] = [];
  #coreFreeAtMs = 0;
  #activeSinceMs = 0;
  #billedMs = 0;

  /** @param billed activity outside of it is not counted */
  constructor(alwaysReady: boolean, places: number, billed: Span) {
    this.alwaysReady = alwaysReady;
    this.room = places;
    this.#places = places;
    this.#billed = billed;
  }

  takePlace(nowMs: number): void {
    if (this.room === this.#places) this.#activeSinceMs = nowMs;
    this.room--;
  }

  givePlace(nowMs: number): void {
    this.room++;
    if (this.room < this.#places) return;
    const activeMs = Math.min(nowMs, this.#billed.untilMs) - Math.max(this.#activeSinceMs, this.#billed.fromMs);
    if (activeMs <= 0) return;
    const steps = Math.ceil(activeMs / BILLED.stepMs);
    this.#billedMs += Math.max(BILLED.leastMs, steps * BILLED.stepMs);
  }

  /** Milliseconds that are billed for activity, of the periods that have ended. */
  get billedMs(): number {
    return this.#billedMs;
  }

  /** @returns when so much work is done: there is one core, and work is done in the order in which it comes */
  compute(workMs: number, nowMs: number): number {
    this.#coreFreeAtMs = Math.max(this.#coreFreeAtMs, nowMs) + workMs;
    return this.#coreFreeAtMs;
  }

  /**
   * @param rows which ones, by a small number
   * @returns whether they have to be read, because they were not for so long; if so, they count as read now
   */
  mustRead(rows: number, freshMs: number, nowMs: number): boolean {
    const readAtMs = this.#readAtMs[rows];
    if (readAtMs !== undefined && nowMs - readAtMs < freshMs) return false;
    this.#readAtMs[rows] = nowMs;
    return true;
  }
}
