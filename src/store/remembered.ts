import { Fault } from "../errors.ts";

/** A value and how old it is. `fault` is why it could not be read anew, when it is older than it should be. */
export interface Remembered<T> {
  readonly value: T;
  readonly ageMs: number;
  readonly fault?: Error;
}

interface Entry<T> {
  value: T;
  /** When the read began: what was edited meanwhile may be missing. */
  readAtMs: number;
}

export interface MemoryOptions<T> {
  /** Reads one key. Shared by every caller that waits for it, so the signal is the memory's own. */
  readonly read: (key: string, signal: AbortSignal) => Promise<T>;
  /** Milliseconds for which a value counts as fresh; 0 reads every time. */
  readonly freshMs: number;
  /** Milliseconds that a read may take when nothing is remembered, and when something is. */
  readonly patienceMs: { readonly first: number; readonly again: number };
  /** How many rows a value holds. A key counts as one more, so that empty values are bounded too. */
  readonly sizeOf: (value: T) => number;
  /** Rows and keys kept at most; the keys unused the longest go first. */
  readonly most: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/**
 * Remembers what was read, a key at a time.
 *
 * A fresh value is given at once. An old one is read anew, in one flight however many wait for it; when that fails, the old
 * one is given with the reason, at any age, and the next try comes no sooner than a second later, so that a table that is
 * down costs a caller's patience once and not on every call.
 */
export class Memory<T> {
  readonly #options: MemoryOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #flights = new Map<string, Promise<T>>();
  readonly #failures = new Map<string, { atMs: number; fault: Error }>();
  #size = 0;

  constructor(options: MemoryOptions<T>) {
    this.#options = options;
  }

  /** Rows and keys that are remembered. */
  get size(): number {
    return this.#size;
  }

  /** Milliseconds since what is remembered of a key was read; undefined when nothing is. */
  ageMs(key: string): number | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#options.now() - entry.readAtMs;
  }

  /** What is remembered of a key, if it need not be read anew. */
  fresh(key: string): Remembered<T> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const ageMs = this.#options.now() - entry.readAtMs;
    if (ageMs >= this.#options.freshMs) return undefined;
    this.#touch(key, entry);
    return { value: entry.value, ageMs };
  }

  /** @throws what the read throws, when nothing is remembered */
  async get(key: string): Promise<Remembered<T>> {
    const fresh = this.fresh(key);
    if (fresh !== undefined) return fresh;
    const { now } = this.#options;
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#touch(key, entry);
      const ageMs = now() - entry.readAtMs;
      const failure = this.#failures.get(key);
      if (failure !== undefined && now() - failure.atMs < RETRY_AFTER_MS) {
        return { value: entry.value, ageMs, fault: failure.fault };
      }
    }
    try {
      return { value: await this.#readOnce(key, entry !== undefined), ageMs: 0 };
    } catch (error) {
      if (entry === undefined || !(error instanceof Error)) throw error;
      return { value: entry.value, ageMs: now() - entry.readAtMs, fault: error };
    }
  }

  async #readOnce(key: string, remembered: boolean): Promise<T> {
    const running = this.#flights.get(key);
    if (running !== undefined) return running;
    const { patienceMs, read, now } = this.#options;
    const readAtMs = now();
    const flight = withPatience(remembered ? patienceMs.again : patienceMs.first, (signal) => read(key, signal)).then(
      (value) => this.#landed(key, { value, readAtMs }),
      (error: unknown) => this.#failed(key, error),
    );
    this.#flights.set(key, flight);
    return flight;
  }

  #landed(key: string, entry: Entry<T>): T {
    this.#flights.delete(key);
    this.#failures.delete(key);
    this.#drop(key);
    this.#entries.set(key, entry);
    this.#size += 1 + this.#options.sizeOf(entry.value);
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#options.most || oldest === key) break;
      this.#drop(oldest);
    }
    return entry.value;
  }

  #failed(key: string, error: unknown): never {
    this.#flights.delete(key);
    if (error instanceof Error && this.#entries.has(key))
      this.#failures.set(key, { atMs: this.#options.now(), fault: error });
    throw error;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#size -= 1 + this.#options.sizeOf(entry.value);
    this.#entries.delete(key);
    this.#failures.delete(key);
  }

  /** A Map keeps the order of insertion: the newest use goes last. */
  #touch(key: string, entry: Entry<T>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }
}

const RETRY_AFTER_MS = 1000;

/** Ends a read when its time is up, also one whose library ignores the signal, as a credential's does. */
async function withPatience<T>(ms: number, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const fault = new Fault("late", `reading took more than ${ms} ms`);
    patience.abort(fault);
    late.reject(fault);
  }, ms);
  try {
    return await Promise.race([read(patience.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
