import { checkInSteps } from "../check/find-mistakes.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { Book, ListSummary } from "../store/book.ts";
import { Breather } from "./breather.ts";
import { ASKED_MS, type CallerLists, listsNamedBy } from "./caller-lists.ts";
import { unlessLonger } from "./kept.ts";
import { Findings, type Snapshot } from "./snapshot.ts";

/** Findings also depend on the clock: on the day, on what is open by now. They count so long, or until a rule begins or lapses. */
const FINDINGS_AGE_MS = MS_PER_MINUTE;
/** Where a check takes long, it is not begun again before so many times as long. */
const REST = 10;

/** What a check found: in which rows, with which lists, and by what time. */
export interface Checked {
  readonly snapshot: Snapshot;
  readonly lists: ListSummary | undefined;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** From when on something else may be found in the same rows. */
  readonly untilMs: number;
  readonly findings: Findings;
}

export interface ChecksOptions {
  readonly lists: CallerLists;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ends a check. */
  readonly signal: AbortSignal;
}

/** Checks rows, one check at a time, a little at a time, so that others are answered meanwhile. */
export class Checks {
  readonly #options: ChecksOptions;
  #last: Checked | undefined;
  /** When the lists that the rows name were last asked of, and how often they had been written to by then. */
  #asked = { atMs: 0, writes: 0 };
  #flight: Promise<void> | undefined;

  constructor(options: ChecksOptions) {
    this.#options = options;
  }

  /** The last check that came to its end, maybe of older rows. */
  get last(): Checked | undefined {
    return this.#last;
  }

  /** Begins a check where the last is of other rows or old. Never waits. */
  begin(snapshot: Snapshot): void {
    if (this.#isDue(snapshot)) this.#fly(snapshot).catch(() => undefined);
  }

  /** Waits for a check of these rows, but no longer than so many milliseconds. @throws what a check throws */
  async wait(snapshot: Snapshot, patienceMs: number): Promise<void> {
    await unlessLonger(this.#landing(snapshot), patienceMs);
  }

  async #landing(snapshot: Snapshot): Promise<void> {
    // What is under way may have begun with other rows.
    await this.#flight;
    if (this.#isDue(snapshot)) await this.#fly(snapshot);
  }

  #isDue({ version }: Snapshot): boolean {
    const { now, lists } = this.#options;
    return (
      this.#last?.snapshot.version !== version ||
      this.#last.lists !== lists.known ||
      isOld(this.#last, now()) ||
      this.#asked.writes !== lists.writes ||
      Math.abs(now() - this.#asked.atMs) >= ASKED_MS
    );
  }

  #fly(snapshot: Snapshot): Promise<void> {
    this.#flight ??= this.#check(snapshot).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #check(snapshot: Snapshot): Promise<void> {
    const { now, signal } = this.#options;
    const asked = { atMs: now(), writes: this.#options.lists.writes };
    const lists = await this.#options.lists.askedOf(listsNamedBy([...snapshot.book.rules.values()].flat()), signal);
    const last = this.#last;
    const atMs = now();
    const isKnown = last?.snapshot.version === snapshot.version && last.lists === lists;
    if (!isKnown || isOld(last, atMs)) {
      const steps = checkInSteps(withLists(snapshot.book, lists), snapshot.checkContext(atMs));
      const findings = new Findings(await new Breather(signal).through(steps));
      const ageMs = Math.max(FINDINGS_AGE_MS, REST * (now() - atMs));
      this.#last = { snapshot, lists, atMs, untilMs: nextLimit(snapshot.book, atMs, ageMs), findings };
    }
    this.#asked = asked;
  }
}

/** A clock that was set back makes findings old too. */
function isOld({ atMs, untilMs }: Checked, nowMs: number): boolean {
  return nowMs >= untilMs || nowMs < atMs;
}

/** When the next rule begins or lapses, in epoch milliseconds, but no later than after so long. */
function nextLimit({ rules }: Book, atMs: number, mostMs: number): number {
  let nextMs = atMs + mostMs;
  for (const rule of [...rules.values()].flat())
    for (const limit of [rule.fromMs, rule.untilMs])
      if (limit !== undefined && limit > atMs && limit < nextMs) nextMs = limit;
  return nextMs;
}

function withLists(book: Book, lists: ListSummary | undefined): Book {
  return lists === undefined ? book : { ...book, lists: lists.sizes, faults: [...book.faults, ...lists.faults] };
}
