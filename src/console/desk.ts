import { readLists } from "../check/read-book.ts";
import { parseCaller } from "../cli/caller.ts";
import { Decider } from "../cli/decider.ts";
import { readWholeRows } from "../cli/read-rows.ts";
import { connectTables, type Session } from "../cli/session.ts";
import type { CommandSettings } from "../cli/settings.ts";
import { isWrong } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { Party } from "../routing/party.ts";
import type { ListSummary } from "../store/book.ts";
import type { Row } from "../store/cells.ts";
import { Memory } from "../store/remembered.ts";
import { readPartition, type Tables } from "../store/tables.ts";
import { ChangeLog } from "./change-log.ts";
import { Kept, type Reading } from "./kept.ts";
import { Refused } from "./refused.ts";
import { type Findings, Snapshot } from "./snapshot.ts";

/** How long what the page shows counts as fresh, and how long a request waits for something fresher. */
const FRESH_MS = 5000;
const PATIENCE_MS = 2000;
/** Milliseconds after which a reading is given up, so that another can begin. */
const READING_MS = 60_000;
/** CallerLists may hold millions of rows: they are counted this often at most, and only while somebody looks. */
const LISTS_FRESH_MS = 10 * MS_PER_MINUTE;
/** One caller's rows of CallerLists. */
const CALLER_FRESH_MS = 30_000;
const CALLER_PATIENCE_MS = 10_000;
const MOST_CALLER_ROWS = 10_000;

/** What every endpoint works with: the tables, the rows that were read last, and the clock. */
export class Desk {
  readonly tables: Tables;
  readonly settings: CommandSettings;
  /** Ends when the console does. */
  readonly signal: AbortSignal;
  readonly changes: ChangeLog;
  readonly #session: Session;
  readonly #rows: Kept<Snapshot>;
  readonly #lists: Kept<ListSummary | undefined>;
  #callers: Memory<readonly Row[]>;

  constructor(session: Session, tables: Tables) {
    const { settings, host } = session;
    this.tables = tables;
    this.settings = settings;
    this.signal = host.interrupted;
    this.#session = session;
    const now = () => host.now().getTime();
    this.#rows = new Kept({
      read: async () => {
        const interrupted = AbortSignal.any([this.signal, AbortSignal.timeout(READING_MS)]);
        const next = new Snapshot(await readWholeRows({ tables, host: { ...host, interrupted } }), settings);
        // What was worked out for the same rows stays.
        const known = this.#rows.last?.value;
        return known?.version === next.version ? known : next;
      },
      freshMs: FRESH_MS,
      patienceMs: PATIENCE_MS,
      now,
    });
    this.#lists = new Kept({
      read: () => readLists(tables, { region: settings.region, atMs: now(), signal: this.signal }),
      freshMs: LISTS_FRESH_MS,
      patienceMs: 0,
      now,
    });
    this.#callers = this.#newMemory();
    this.changes = new ChangeLog(tables, this.signal, now, (withLists) => this.#renew(withLists));
  }

  #newMemory(): Memory<readonly Row[]> {
    return new Memory<readonly Row[]>({
      read: (partitionKey, signal) => readPartition(this.tables.CallerLists, partitionKey, signal),
      freshMs: CALLER_FRESH_MS,
      patienceMs: { first: CALLER_PATIENCE_MS, again: CALLER_PATIENCE_MS },
      sizeOf: ({ length }) => length,
      most: MOST_CALLER_ROWS,
      now: () => performance.now(),
    });
  }

  get now(): Date {
    return this.#session.host.now();
  }

  /** The rows as they were read last, no more than a few seconds ago unless the tables are in trouble. */
  async snapshot(): Promise<Snapshot> {
    return (await this.#rows.get()).value;
  }

  async reading(): Promise<Reading<Snapshot>> {
    return await this.#rows.get();
  }

  /** What a command that began now would work with. */
  sessionNow(): Session {
    return { ...this.#session, tables: this.tables, startedAt: this.now };
  }

  /** Reads the rows anew, after something was written. @param withLists whether CallerLists has changed as well */
  async #renew(withLists: boolean): Promise<void> {
    if (withLists) {
      this.#callers = this.#newMemory();
      // Nobody waits until a table is counted that may hold millions.
      void this.#lists.renew();
    }
    await this.#rows.renew();
  }

  /** What CallerLists holds, once that has been counted. */
  get lists(): ListSummary | undefined {
    this.#lists.get().catch(() => undefined);
    return this.#lists.last?.value;
  }

  findings(snapshot: Snapshot): Findings {
    return snapshot.findings(this.lists, this.now.getTime());
  }

  /** A caller as `ringroute explain --from` takes it; without any, the ordinary one. @throws Refused 400 */
  callerFrom(text: string | null, snapshot: Snapshot): Party {
    const caller = parseCaller(text?.trim() || snapshot.ordinaryCaller, this.settings.region);
    if (isWrong(caller)) throw new Refused(400, `The caller is "${text}"; ${caller.wrong}.`);
    return caller;
  }

  /** A caller's rows of CallerLists, read for it alone and remembered briefly. */
  async rowsOfCaller(partitionKey: string): Promise<readonly Row[]> {
    return (await this.#callers.get(partitionKey)).value;
  }

  /**
   * Decides as `ringroute explain` does, over rows that are all at hand: what is read for a decision has seconds only,
   * which heavy rows would use up.
   *
   * @param callersRows those of CallerLists for the only caller who is asked about
   */
  deciderOver({ source }: Snapshot, callersRows: readonly Row[]): Decider {
    return new Decider(
      {
        row: source.row,
        partition: async (table, partitionKey, signal) =>
          table === "CallerLists" ? callersRows : await source.partition(table, partitionKey, signal),
      },
      this.settings,
    );
  }
}

/** How often the SDK asks again: the page rather says at once that the tables do not answer, and asks every few seconds. */
const FEW_RETRIES = { retryOptions: { maxRetries: 1, retryDelayInMs: 200 } };

/** Milliseconds that a try may take: somebody waits in front of the page. */
const TRY_MS = 15_000;

export async function openDesk(session: Session, tryMs = TRY_MS): Promise<Desk> {
  return new Desk(session, await connectTables(session.settings, FEW_RETRIES, tryMs));
}
