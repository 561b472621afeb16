/** The work that is under way, for whoever must wait for its end. */
export class OpenWork {
  readonly #open = new Set<Promise<unknown>>();

  /** Counts `work` as under way until it settles, and hands it back. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#open.add(work);
    const forget = () => {
      this.#open.delete(work);
    };
    work.then(forget, forget);
    return work;
  }

  /** Waits until everything now under way has settled, well or badly, but no longer than `withinMs`. */
  async settled(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.allSettled(this.#open), timeout]);
    clearTimeout(timer);
  }
}
