import { parseCaller } from "../cli/caller.ts";
import { Decider } from "../cli/decider.ts";
import { readWholeRows } from "../cli/read-rows.ts";
import type { ReviewContext } from "../cli/rows/review-edit.ts";
import { connectTables, type Session } from "../cli/session.ts";
import type { CommandSettings } from "../cli/settings.ts";
import { isWrong } from "../errors.ts";
import type { Party } from "../routing/party.ts";
import type { Row } from "../store/cells.ts";
import { Memory } from "../store/remembered.ts";
import { readPartition, type Tables } from "../store/tables.ts";
import { CallerLists } from "./caller-lists.ts";
import { ChangeLog } from "./change-log.ts";
import { type Checked, Checks } from "./checks.ts";
import { Kept, type Reading } from "./kept.ts";
import { Refused } from "./refused.ts";
import type { RowChange } from "./row-changes.ts";
import { Findings, Snapshot } from "./snapshot.ts";

/** How long what the page shows counts as fresh, and how long a request waits for something fresher. */
const FRESH_MS = 5000;
const PATIENCE_MS = 2000;
/** Milliseconds that a request waits for the very first check: there are no older findings to give. */
const FIRST_CHECK_MS = 30_000;
/** One caller's rows of CallerLists. */
const CALLER_FRESH_MS = 30_000;
const CALLER_PATIENCE_MS = 10_000;
const MOST_CALLER_ROWS = 10_000;

/** How long, in milliseconds, somebody in front of the page is kept waiting for tables that do not answer. */
export interface DeskLimits {
  /** One try of a request to them. */
  readonly tryMs: number;
  /** Reading all rows, after which it is given up, so that another reading can begin. */
  readonly readingMs: number;
  /** Listing calls. */
  readonly callsMs: number;
}

const LIMITS: DeskLimits = { tryMs: 15_000, readingMs: 60_000, callsMs: 15_000 };

/** What the check has found so far, where it has not come to its end yet. */
const NOTHING_YET = new Findings([]);

/** What every endpoint works with: the tables, the rows that were read last, and the clock. */
export class Desk {
  readonly tables: Tables;
  readonly settings: CommandSettings;
  /** Ends when the console does. */
  readonly signal: AbortSignal;
  readonly changes: ChangeLog;
  readonly limits: DeskLimits;
  readonly #session: Session;
  readonly #rows: Kept<Snapshot>;
  readonly #lists: CallerLists;
  readonly #checks: Checks;
  #callers: Memory<readonly Row[]>;

  constructor(session: Session, tables: Tables, limits: DeskLimits) {
    const { settings, host } = session;
    this.tables = tables;
    this.settings = settings;
    this.signal = host.interrupted;
    this.limits = limits;
    this.#session = session;
    const now = () => host.now().getTime();
    this.#rows = new Kept({
      read: async () => {
        const interrupted = AbortSignal.any([this.signal, AbortSignal.timeout(limits.readingMs)]);
        const next = new Snapshot(await readWholeRows({ tables, host: { ...host, interrupted } }), settings);
        // What was worked out for the same rows stays.
        const known = this.#rows.last?.value;
        return known?.version === next.version ? known : next;
      },
      freshMs: FRESH_MS,
      patienceMs: PATIENCE_MS,
      now,
    });
    this.#lists = new CallerLists({ tables, region: settings.region, signal: this.signal, now });
    this.#checks = new Checks({ lists: this.#lists, now, signal: this.signal });
    this.#callers = this.#newMemory();
    this.changes = new ChangeLog(tables, this.signal, now, (changes) => this.#renew(changes));
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
  async reading(): Promise<Reading<Snapshot>> {
    return await this.#rows.get();
  }

  /** The same rows alone. */
  async snapshot(): Promise<Snapshot> {
    return (await this.reading()).value;
  }

  /** The same for whoever shows `findings` with them: checked, unless older findings are there and it takes a while. */
  async checkedSnapshot(): Promise<Snapshot> {
    const snapshot = await this.snapshot();
    await this.checkedWithin(snapshot, this.#checks.last === undefined ? FIRST_CHECK_MS : PATIENCE_MS);
    return snapshot;
  }

  /** Waits for a check of these rows, so many milliseconds at most. */
  async checkedWithin(snapshot: Snapshot, patienceMs: number): Promise<void> {
    await this.#checks.wait(this.#newest(snapshot), patienceMs);
  }

  /** A request that began before the rows changed is no reason to check old ones. */
  #newest(snapshot: Snapshot): Snapshot {
    return this.#rows.last?.value ?? snapshot;
  }

  /** What a command that began now would work with. */
  sessionNow(): Session {
    return { ...this.#session, tables: this.tables, startedAt: this.now };
  }

  /** Reads the rows anew, after something was written. */
  async #renew(changes: readonly RowChange[]): Promise<void> {
    const inLists = changes.filter(({ table }) => table === "CallerLists");
    if (inLists.length > 0) {
      this.#callers = this.#newMemory();
      this.#lists.written(inLists.map(({ keys, after }) => ({ keys, isThere: after !== undefined })));
    }
    await this.#rows.renew();
  }

  /**
   * What a review of changes to rows takes: what the last check found in those very rows, where it knew as much of
   * CallerLists as is known now, by the clock of that check.
   *
   * @param lists those that the changes name: CallerLists is asked whether anybody is on them
   * @param signal ends the waiting
   */
  async reviewContext(snapshot: Snapshot, lists: Iterable<string>, signal: AbortSignal): Promise<ReviewContext> {
    const known = await this.#lists.askedOf(lists, signal);
    const checked = this.checked(snapshot);
    const isChecked = checked?.snapshot === snapshot && checked.lists === known;
    return {
      ...snapshot.checkContext(isChecked ? checked.atMs : this.now.getTime()),
      ...(known === undefined ? {} : { lists: known }),
      ...(isChecked ? { found: checked.findings.all } : {}),
    };
  }

  /** What the last check found: of these rows if it has come so far, otherwise of older ones. Never waits. */
  findings(snapshot: Snapshot): Findings {
    return this.checked(snapshot)?.findings ?? NOTHING_YET;
  }

  /** The last check, if one has come to its end; another begins where it is due. Never waits. */
  checked(snapshot: Snapshot): Checked | undefined {
    this.#checks.begin(this.#newest(snapshot));
    return this.#checks.last;
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

export async function openDesk(session: Session, limits: Partial<DeskLimits> = {}): Promise<Desk> {
  const all = { ...LIMITS, ...limits };
  return new Desk(session, await connectTables(session.settings, FEW_RETRIES, all.tryMs), all);
}
