/** What a script says for itself, a fact a line: what it did, what was so before, what is left to others. */
export class Report {
  readonly #write: (line: string) => void;
  #refusals = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** How much could not be done. */
  get refusals(): number {
    return this.#refusals;
  }

  done(fact: string): void {
    this.#line("done", fact);
  }

  already(fact: string): void {
    this.#line("already", fact);
  }

  /** In a dry run, what would have been done. */
  would(fact: string): void {
    this.#line("would", fact);
  }

  /** What only a person can do, now that the rest is done. */
  byHand(step: string): void {
    this.#line("by hand", step);
  }

  /** What could not be done. @param remedy lines that somebody with the right can run as they stand */
  refused(fact: string, remedy: readonly string[]): void {
    this.#refusals += 1;
    this.#line("refused", fact);
    for (const line of remedy) this.#write(`          ${line}`);
  }

  #line(kind: string, text: string): void {
    this.#write(`${kind.padEnd(8)}  ${text}`);
  }
}
