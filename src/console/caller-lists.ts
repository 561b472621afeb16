import { readLists } from "../check/read-book.ts";
import { Fault } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Rule } from "../routing/rule.ts";
import type { ListSize, ListSummary } from "../store/book.ts";
import type { RowKeys } from "../store/layouts.ts";
import { orFault, readRow, type Tables } from "../store/tables.ts";
import { unlessGone } from "./breather.ts";
import { Kept } from "./kept.ts";

/**
 * The table may hold millions of rows: while somebody looks they are counted this often, and beside that behind each
 * change that is made from here.
 */
const COUNTED_MS = 10 * MS_PER_MINUTE;
/** What was asked of a list counts so long: while somebody looks, the table is asked this often of those that rules name. */
export const ASKED_MS = 30_000;
/** Milliseconds for all that is asked of lists at a time. */
const ASKING_MS = 5000;

export interface CallerListsOptions {
  readonly tables: Tables;
  readonly region: Region | undefined;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Count {
  readonly summary: ListSummary;
  /** A row of each list. */
  readonly samples: ReadonlyMap<string, RowKeys>;
}

/** Whether a list has rows; undefined when it was asked and could not be known. */
interface Answer {
  readonly isThere: boolean | undefined;
  readonly atMs: number;
}

/**
 * What CallerLists holds: counted whole now and then, and asked anew of single lists in between.
 *
 * Whether anybody is on a list that a rule names is so known for half a minute at most. Two things may stay as the count
 * had them, for ten minutes: a list that has to be searched for in so many rows that this takes more than seconds, and
 * one that is spelled otherwise than `vip`, `VIP` or `Vip`. How many are on a list, and whose time is over, is always as
 * the count had it.
 */
export class CallerLists {
  readonly #options: CallerListsOptions;
  readonly #count: Kept<Count | undefined>;
  readonly #answers = new Map<string, Answer>();
  #asking: Promise<void> = Promise.resolve();
  #writes = 0;
  #corrected: { readonly of: ListSummary; readonly by: string; readonly summary: ListSummary } | undefined;

  constructor(options: CallerListsOptions) {
    this.#options = options;
    this.#count = new Kept({
      read: () => this.#countAll(),
      freshMs: COUNTED_MS,
      patienceMs: 0,
      now: options.now,
    });
  }

  /** How often it was written to from here: what was known of some list may be wrong since. */
  get writes(): number {
    return this.#writes;
  }

  /** What is known now; undefined before the first count has come to its end. Never waits. */
  get known(): ListSummary | undefined {
    this.#count.get().catch(() => undefined);
    const last = this.#count.last;
    return last?.value && this.#correct(last.value.summary, last.readAtMs);
  }

  /**
   * The same, once the table was asked of the lists named; the very same object as long as it says the same.
   *
   * @param signal ends the waiting: the table is asked for one request behind the other. What is asked by then is asked
   *   to its end, since others may wait for it
   */
  async askedOf(names: Iterable<string>, signal: AbortSignal): Promise<ListSummary | undefined> {
    const wanted = [...new Set(names)];
    if (wanted.some((name) => this.#isDue(name))) {
      this.#asking = this.#asking.catch(() => undefined).then(() => this.#askAll(wanted));
      await unlessGone(this.#asking, signal);
    }
    return this.known;
  }

  /** Takes note of rows that were written, or removed, and has the table counted anew behind them. */
  written(rows: readonly { readonly keys: RowKeys; readonly isThere: boolean }[]): void {
    for (const { keys, isThere } of rows) {
      const list = listOf(keys);
      if (isThere) this.#answers.set(list, { isThere, atMs: this.#options.now() });
      else this.#answers.delete(list);
    }
    this.#writes++;
    // Nobody waits until millions of rows are counted.
    void this.#count.renew();
  }

  async #countAll(): Promise<Count | undefined> {
    const { tables, region, signal, now } = this.#options;
    const samples = new Map<string, RowKeys>();
    const onListRow = ({ partitionKey, rowKey }: RowKeys) => {
      const list = listOf({ partitionKey, rowKey });
      if (!samples.has(list)) samples.set(list, { partitionKey, rowKey });
    };
    const summary = await readLists(tables, { region, atMs: now(), signal, onListRow });
    return summary && { summary, samples };
  }

  /** Asks of those lists that were not asked of lately, the longest ago first, as long as there is time. */
  async #askAll(names: readonly string[]): Promise<void> {
    const { signal, now } = this.#options;
    const { value: count, readAtMs = 0 } = this.#count.last ?? {};
    if (count === undefined) return;
    const writes = this.#writes;
    const due = names.filter((name) => this.#isDue(name));
    const askedAtMs = (name: string) => this.#answers.get(name)?.atMs ?? 0;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ASKING_MS)]);
    for (const name of due.sort((one, other) => askedAtMs(one) - askedAtMs(other))) {
      const atMs = now();
      const isThere = await this.#ask(name, count.samples.get(name), limit);
      // What was written meanwhile is newer than any answer.
      if (this.#writes !== writes) return;
      const before = this.#answers.get(name);
      const known = before !== undefined && before.atMs >= readAtMs ? before.isThere : undefined;
      this.#answers.set(name, { isThere: isThere ?? known, atMs });
      if (limit.aborted) return;
    }
  }

  /** Whether a list has rows; undefined when the table does not tell in time. @param sample where one of them stood */
  async #ask(name: string, sample: RowKeys | undefined, limit: AbortSignal): Promise<boolean | undefined> {
    try {
      return (await this.#isThere(sample, limit)) || (await this.#find(name, limit));
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  #isDue(name: string): boolean {
    return Math.abs(this.#options.now() - (this.#answers.get(name)?.atMs ?? 0)) >= ASKED_MS;
  }

  async #isThere(keys: RowKeys | undefined, limit: AbortSignal): Promise<boolean> {
    if (keys === undefined) return false;
    return (await readRow(this.#options.tables.CallerLists, keys.partitionKey, keys.rowKey, limit)) !== undefined;
  }

  /** Searches the whole table for a row of a list: the service reads rows until it finds one. */
  async #find(name: string, abortSignal: AbortSignal): Promise<boolean> {
    const { CallerLists: table } = this.#options.tables;
    const spellings = new Set([name, name.toUpperCase(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`]);
    const filter = [...spellings].map((each) => `RowKey eq '${each.replaceAll("'", "''")}'`).join(" or ");
    const rows = table.listEntities({ queryOptions: { filter, select: ["PartitionKey"] }, abortSignal });
    return await orFault(table, async () => {
      for await (const page of rows.byPage({ maxPageSize: 1 })) if (page.length > 0) return true;
      return false;
    });
  }

  /** The count with what was asked since it began. */
  #correct(counted: ListSummary, sinceMs: number): ListSummary {
    const differing = [...this.#answers].filter(
      ([name, { isThere, atMs }]) => atMs >= sinceMs && isThere !== undefined && isThere !== counted.sizes.has(name),
    );
    if (differing.length === 0) return counted;
    const by = JSON.stringify(differing.map(([name, { isThere }]) => [name, isThere]).sort());
    if (this.#corrected?.of === counted && this.#corrected.by === by) return this.#corrected.summary;
    const sizes = new Map<string, ListSize>(counted.sizes);
    for (const [name, { isThere = false }] of differing) {
      if (isThere) sizes.set(name, { members: 1, lapsed: 0 });
      else sizes.delete(name);
    }
    const summary = { sizes, faults: counted.faults };
    this.#corrected = { of: counted, by, summary };
    return summary;
  }
}

function listOf({ rowKey }: RowKeys): string {
  return rowKey.trim().toLowerCase();
}

/** The lists that rules name. */
export function* listsNamedBy(rules: Iterable<Rule>): Iterable<string> {
  for (const { caller } of rules)
    for (const term of [...caller.include, ...caller.exclude]) if (term.kind === "list") yield term.name;
}
