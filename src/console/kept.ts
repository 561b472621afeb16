import { messageOf } from "../errors.ts";

/** A value that was read, when, and why it could not be read since. */
export interface Reading<T> {
  readonly value: T;
  /** Epoch milliseconds at which the reading began: what was edited meanwhile may be missing. */
  readonly readAtMs: number;
  readonly trouble?: string;
}

/** Milliseconds after which a reading that is still under way counts as trouble. */
const SLOW_MS = 5000;

export interface KeptOptions<T> {
  readonly read: () => Promise<T>;
  /** Milliseconds for which a value counts as fresh. */
  readonly freshMs: number;
  /** Milliseconds that whoever asks waits for a fresher value, when there is an old one. */
  readonly patienceMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Keeps what was read last, and reads it anew when somebody asks and it is no longer fresh: one reading at a time. When
 * that fails, the last value stays, at any age, with the reason.
 */
export class Kept<T> {
  readonly #options: KeptOptions<T>;
  #last: Reading<T> | undefined;
  #flight: { readonly landed: Promise<void>; readonly beganMs: number } | undefined;

  constructor(options: KeptOptions<T>) {
    this.#options = options;
  }

  /** What was read last; undefined when nothing was. Never waits. */
  get last(): Reading<T> | undefined {
    const waitedMs = this.#flight === undefined ? 0 : this.#options.now() - this.#flight.beganMs;
    if (this.#last === undefined || waitedMs < SLOW_MS) return this.#last;
    return { ...this.#last, trouble: `the tables have not answered for ${Math.floor(waitedMs / 1000)} s` };
  }

  /** @throws what the reading throws, when nothing was ever read */
  async get(): Promise<Reading<T>> {
    const { freshMs, patienceMs, now } = this.#options;
    if (this.#last === undefined) await this.#fly();
    // The machine's clock may have been set back since.
    else if (Math.abs(now() - this.#last.readAtMs) >= freshMs) await unlessLonger(this.#fly(), patienceMs);
    const { last } = this;
    if (last === undefined) throw new TypeError("a reading that succeeds leaves a value");
    return last;
  }

  /** Reads anew whatever the age, so that the value holds what was written before. A failure shows as trouble. */
  async renew(): Promise<void> {
    await this.#flight?.landed.catch(() => undefined);
    await this.#fly().catch(() => undefined);
  }

  #fly(): Promise<void> {
    this.#flight ??= {
      beganMs: this.#options.now(),
      landed: this.#read().finally(() => {
        this.#flight = undefined;
      }),
    };
    return this.#flight.landed;
  }

  async #read(): Promise<void> {
    const readAtMs = this.#options.now();
    try {
      this.#last = { value: await this.#options.read(), readAtMs };
    } catch (error) {
      if (this.#last === undefined) throw error;
      this.#last = { ...this.#last, trouble: messageOf(error) };
    }
  }
}

/** Waits for work, but no longer than so many milliseconds. @throws what the work throws by then */
export async function unlessLonger(work: Promise<void>, patienceMs: number): Promise<void> {
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, patienceMs);
  try {
    await Promise.race([work, patience.promise]);
  } finally {
    clearTimeout(timer);
  }
}
