/**
 * Remembers the last values that were set, by key: at least `generation` of them, and at most twice as many.
 *
 * The newer generation becomes the older one when it is full, and what was in that is forgotten at once. A Map from which
 * the oldest entry is deleted at each turn has thousands of holes at its front, and every look for the oldest goes over
 * them all.
 */
export class Recent<T> {
  readonly #generation: number;
  #newer = new Map<string, T>();
  #older: ReadonlyMap<string, T> = new Map();

  constructor(generation: number) {
    this.#generation = generation;
  }

  get(key: string): T | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: string, value: T): void {
    this.#newer.set(key, value);
    if (this.#newer.size < this.#generation) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
