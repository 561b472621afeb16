import { setImmediate as turn } from "node:timers/promises";
import type { Steps } from "../check/steps.ts";
import { Refused } from "./refused.ts";

/** Milliseconds of work in one go: what a person who clicks elsewhere meanwhile does not notice. */
const SHIFT_MS = 20;

/** Lets long work rest now and then, so that other requests and Ctrl-C are heard meanwhile. */
export class Breather {
  readonly #signal: AbortSignal;
  #sinceMs = performance.now();

  /** @param signal ends the work */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * To be called between pieces of the work.
   *
   * @throws Refused 503 when nobody waits for the work any more
   */
  async rest(): Promise<void> {
    if (this.#isTired()) {
      await turn();
      this.#sinceMs = performance.now();
    }
    if (this.#signal.aborted) throw nobodyWaits();
  }

  /** Does work to its end that comes in steps, resting between them. @throws as `rest` */
  async through<T>(steps: Steps<T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      // An await for each of a million steps would take longer than they do.
      if (this.#isTired()) await this.rest();
    }
  }

  #isTired(): boolean {
    return performance.now() - this.#sinceMs >= SHIFT_MS;
  }
}

/** Waits for work that others may wait for as well. @throws Refused 503 as soon as the signal ends the waiting */
export async function unlessGone(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(nobodyWaits());
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  try {
    await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

function nobodyWaits(): Refused {
  return new Refused(503, "The console was ended, or whoever asked is gone.");
}
