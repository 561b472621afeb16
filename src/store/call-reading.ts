import type { Deadline } from "../deadline.ts";
import { Fault, messageOf } from "../errors.ts";
import type { Memory, Remembered } from "./remembered.ts";

/** What the reads of one call have in common: how old the oldest rows are, and what went wrong. */
export class CallReading {
  oldestMs = 0;
  missing = false;
  readonly #deadline: Deadline;
  readonly #endsAtMs: number;
  #succeeded = 0;
  readonly #troubles: string[] = [];
  #firstFault: unknown;

  constructor(deadline: Deadline, readingMs: number) {
    this.#deadline = deadline;
    this.#endsAtMs = deadline.elapsedMs() + readingMs;
  }

  /** What is remembered and fresh costs no timer and no signal; the rest is read. */
  async ofKey<T>(what: string, memory: Memory<T>, key: string): Promise<T | undefined> {
    const fresh = memory.fresh(key);
    return fresh === undefined ? await this.of(what, () => memory.get(key)) : this.#took(what, fresh);
  }

  /**
   * Keys tell letter case apart and people do not: a name that is not found as typed is looked for in lower case.
   *
   * @param isMissing whether a value says that nothing was found
   */
  async ofName<T>(
    what: string,
    memory: Memory<T>,
    name: string,
    isMissing: (value: T) => boolean,
  ): Promise<T | undefined> {
    const fresh = memory.fresh(name);
    if (fresh !== undefined && !isMissing(fresh.value)) return this.#took(what, fresh);
    return await this.of(what, async () => {
      const asTyped = await memory.get(name);
      return isMissing(asTyped.value) && name !== name.toLowerCase() ? await memory.get(name.toLowerCase()) : asTyped;
    });
  }

  /** Waits for one read; one that fails, or outlasts the time for them all, is noted, and its rows are missed. */
  async of<T>(what: string, read: () => Promise<Remembered<T>>): Promise<T | undefined> {
    try {
      const leftMs = Math.max(0, this.#endsAtMs - this.#deadline.elapsedMs());
      return this.#took(what, await this.#deadline.within(`reading ${what}`, leftMs, read));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#firstFault ??= error;
      this.missing = true;
      this.#troubles.push(`${what} is missing: ${messageOf(error)}`);
      return undefined;
    }
  }

  #took<T>(what: string, { value, ageMs, fault }: Remembered<T>): T {
    this.#succeeded++;
    this.oldestMs = Math.max(this.oldestMs, ageMs);
    if (fault !== undefined) this.#troubles.push(`${what} is ${Math.round(ageMs / 1000)} s old: ${messageOf(fault)}`);
    return value;
  }

  get trouble(): string | undefined {
    return this.#troubles.length === 0 ? undefined : this.#troubles.join("; ").slice(0, 1000);
  }

  throwIfNothing(): void {
    if (this.#succeeded === 0) throw this.#firstFault;
  }
}
