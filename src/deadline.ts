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
 * The time budget of one delivery: how long is left, and a signal that ends every step when it is used up.
 *
 * Graph ends an unanswered call 15 s after it rang us, so no step may outlive the budget, not even one whose library
 * ignores the signal: `within` stops waiting for it.
 */
export class Deadline {
  readonly #startedAt = performance.now();
  readonly #endsAt: number;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** @param totalMs milliseconds from now until the budget is used up */
  constructor(totalMs: number) {
    this.#endsAt = this.#startedAt + totalMs;
    this.#timer = setTimeout(() => this.#controller.abort(new Fault("late", "the deadline has passed")), totalMs);
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
    this.#controller.signal.throwIfAborted();
    const share = new AbortController();
    const late = Promise.withResolvers<never>();
    const end = (reason: unknown) => {
      share.abort(reason);
      late.reject(reason);
    };
    const onDeadline = () => end(this.#controller.signal.reason);
    this.#controller.signal.addEventListener("abort", onDeadline, { once: true });
    const shareTimer = setTimeout(
      () => end(new Fault("late", `${what} took more than ${Math.round(shareMs)} ms`)),
      shareMs,
    );
    try {
      return await Promise.race([step(share.signal), late.promise]);
    } finally {
      clearTimeout(shareTimer);
      this.#controller.signal.removeEventListener("abort", onDeadline);
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
