import { type Distribution, draw } from "./distribution.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Instance } from "./instance.ts";
import { type LimitName, RateLimit, ROWS_FRESH_MS, SHARDS } from "./limits.ts";
import { uniform } from "./random.ts";
import { isWithin, type Span } from "./span.ts";

/** Streams of chance, apart from those of the simulation. */
const STREAMS = { line: 21, shard: 22, claim: 23, guard: 24, reads: 25, record: 26, close: 27 } as const;
/** Partitions that many calls share, by number: those of Calls, their guards in the hour before, and Routes' own. */
const GUARDS = SHARDS;
const OF_EVERY_CALL = [2 * SHARDS, 2 * SHARDS + 1, 2 * SHARDS + 2] as const;
/** Rows of lines, by number, follow the shared partitions. */
const LINES = 2 * SHARDS + OF_EVERY_CALL.length;
/** How long the app waits before it asks once more. */
const PAUSE_MS = 100;

export interface TablesOptions {
  readonly seed: number;
  readonly times: { readonly tableMs: Distribution };
  readonly measured: Span;
  readonly firstMinute: boolean;
  readonly lines: number;
  readonly rowsOfEveryCall: number;
  readonly partitionPerSecond: number;
  readonly accountPerSecond: number;
}

/** One request to the tables. The partition is given where many calls share it; the others are never busy. */
interface Request {
  readonly partition?: number;
  readonly entities: number;
}

/** Table Storage as the app uses it: two targets, and one repeat of what is refused. */
export class Tables {
  /** Requests that were let in, within what is measured. */
  operations = 0;
  readonly #queue: EventQueue;
  readonly #options: TablesOptions;
  readonly #onLimit: (limit: LimitName) => void;
  readonly #account: RateLimit;
  readonly #partitions: readonly RateLimit[];

  constructor(queue: EventQueue, options: TablesOptions, onLimit: (limit: LimitName) => void) {
    this.#queue = queue;
    this.#options = options;
    this.#onLimit = onLimit;
    this.#account = new RateLimit(options.accountPerSecond);
    this.#partitions = Array.from({ length: LINES }, () => new RateLimit(options.partitionPerSecond));
  }

  /**
   * Claims a call and reads its rows, side by side.
   *
   * @param done told whether all of it went well; the app goes on without what did not
   */
  beforeCall(call: number, instance: Instance, done: (complete: boolean) => void): void {
    const { firstMinute } = this.#options;
    const claimMs = this.#drawMs("claim", call) + (firstMinute ? this.#drawMs("guard", call) : 0);
    const tookMs = Math.max(claimMs, this.#drawMs("reads", call));
    const requests = [...this.#claim(call), ...this.#reads(call, instance)];
    this.#askTwice(requests, (complete) => this.#queue.after(tookMs, () => done(complete)));
  }

  /** Writes down what became of a call, or its end. */
  write(call: number, what: "record" | "close", done: () => void): void {
    const tookMs = this.#drawMs(what, call);
    this.#askTwice([{ partition: this.#shard(call), entities: 1 }], () => this.#queue.after(tookMs, done));
  }

  /** In the first minute of an hour a claim first leaves a guard in the hour before. */
  #claim(call: number): Request[] {
    const partition = this.#shard(call);
    const claim = { partition, entities: 1 };
    return this.#options.firstMinute ? [{ partition: GUARDS + partition, entities: 1 }, claim] : [claim];
  }

  #shard(call: number): number {
    return Math.floor(uniform(this.#options.seed, STREAMS.shard, call) * SHARDS);
  }

  /** The caller's lists are read for every call, all else when it is no longer fresh. */
  #reads(call: number, instance: Instance): Request[] {
    const { seed, lines, rowsOfEveryCall } = this.#options;
    const mustRead = (rows: number) => instance.mustRead(rows, ROWS_FRESH_MS, this.#queue.nowMs);
    const requests: Request[] = [{ entities: 1 }];
    const line = Math.floor(uniform(seed, STREAMS.line, call) * lines);
    if (mustRead(LINES + line)) requests.push({ entities: 1 }, { entities: 1 });
    for (const partition of OF_EVERY_CALL) {
      if (mustRead(partition)) requests.push({ partition, entities: rowsOfEveryCall });
    }
    return requests;
  }

  #askTwice(requests: readonly Request[], done: (complete: boolean) => void): void {
    const refused = requests.filter((request) => !this.#isLetIn(request));
    if (refused.length === 0) done(true);
    else this.#queue.after(PAUSE_MS, () => done(refused.filter((request) => !this.#isLetIn(request)).length === 0));
  }

  #isLetIn({ partition, entities }: Request): boolean {
    const { nowMs } = this.#queue;
    if (partition !== undefined && !this.#partitions[partition]?.take(entities, nowMs)) {
      this.#onLimit("a table partition");
      return false;
    }
    if (!this.#account.take(1, nowMs)) {
      this.#onLimit("the storage account");
      return false;
    }
    if (isWithin(this.#options.measured, nowMs)) this.operations++;
    return true;
  }

  #drawMs(what: keyof typeof STREAMS, call: number): number {
    return draw(this.#options.times.tableMs, this.#options.seed, STREAMS[what], call);
  }
}
