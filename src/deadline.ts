import { Fault } from "./errors.ts";

/** The budget in milliseconds for which the shares of all steps are planned. */
const PLANNED_MS = 10_000;

/**
 * The share of a step, in milliseconds, where the budget is smaller than planned: in proportion, so that what follows the
 * step still gets its own. A larger budget leaves it as it is.
 */
export function shareOf(plannedMs: number, budgetMs: number): number {
  return plannedMs * Math.min(1, budgetMs / PLANNED_MS);
}

/**
 * The time budget of one delivery: how long is left, and the end of every step when it is used up.
 *
 * Graph ends an unanswered call 15 s after it rang us, so no step may outlive the budget, not even one whose library
 * ignores the signal: `within` stops waiting for it.
 */
export class Deadline {
  readonly #startedAt = performance.now();
  readonly #endsAt: number;
  /** Ends each step that is under way. */
  readonly #steps = new Set<(because: string) => void>();
  readonly #timer: NodeJS.Timeout;
  #hasPassed = false;

  /** @param totalMs milliseconds from now until the budget is used up */
  constructor(totalMs: number) {
    this.#endsAt = this.#startedAt + totalMs;
    this.#timer = setTimeout(() => {
      this.#hasPassed = true;
      for (const end of this.#steps) end("was not done when the deadline passed");
    }, totalMs);
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Milliseconds since the budget began: since the delivery was received. */
  elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /**
   * Runs one step under its own share of the budget.
   *
   * @param what the step in words, for the fault's message
   * @param shareMs most milliseconds that the step may take; what is left of the whole budget, if that is less
   * @throws Fault `late` when the share is used up first; whatever the step throws otherwise
   */
  async within<T>(what: string, shareMs: number, step: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#hasPassed) throw new Fault("late", `the deadline passed before ${what}`);
    const share = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const end = (because: string) => {
      const fault = new Fault("late", `${what} ${because}`);
      share.abort(fault);
      reject(fault);
    };
    this.#steps.add(end);
    const timer = setTimeout(() => end(`took more than ${Math.round(shareMs)} ms`), shareMs);
    try {
      step(share.signal).then(resolve, reject);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#steps.delete(end);
    }
  }

  /**
   * Waits, unless less than the wait is left.
   *
   * @returns whether the wait took place
   */
  async pause(ms: number): Promise<boolean> {
    if (ms >= this.remainingMs()) return false;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return true;
  }

  /** Ends the budget without using it up. Call it when the delivery is answered, so that no timer stays behind. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
