import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { type Deadline, shareOf } from "../deadline.ts";
import { Fault } from "../errors.ts";
import type { EndedCall, IncomingCall } from "../notifications/call-event.ts";
import type { Outcome } from "../notifications/outcome.ts";
import type { CallLog, CallRecord, CallReport, Claim } from "../ports.ts";
import {
  type CallKey,
  type CellText,
  callKey,
  cellText,
  claimColumns,
  endColumns,
  GUARD,
  guardedHour,
  HOUR_MS,
  hourOf,
  hourOfRecord,
  nextHour,
  recordName,
  reportColumns,
} from "./call-rows.ts";
import { LeanWrites } from "./lean-writes.ts";
import { isStatus, orFault } from "./tables.ts";

/** Milliseconds that one write may take before it is tried again, and between the two tries. */
const TRY_MS = 1500;
const PAUSE_MS = 100;
/** How long after a failure the table counts as being in trouble. */
const TROUBLE_MS = 5000;

const NOTHING = {};

/** The `status` of a row whose call ended before we heard of it. */
const UNSEEN = "unseen";

/** What a claim writes: whose it is, and for the call's own row all that is known of it. */
interface ClaimCells {
  readonly status: string;
  readonly claimedBy: string;
}

/** The Calls table. */
export class TableCallLog implements CallLog {
  readonly #calls: TableClient;
  readonly #writes: LeanWrites;
  readonly #cell: CellText;
  readonly #abandonedAfterMs: number;
  readonly #tryMs: number;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param mask whether numbers are masked (MASK_CALLERS)
   * @param deadlineMs after which a claim that nothing came of counts as abandoned: its instance must have died
   */
  constructor(calls: TableClient, mask: boolean, deadlineMs: number) {
    this.#calls = calls;
    this.#writes = new LeanWrites(calls);
    this.#cell = cellText(mask);
    this.#abandonedAfterMs = deadlineMs + 500;
    this.#tryMs = shareOf(TRY_MS, deadlineMs);
  }

  unclaimed(receivedAt: Date): CallRecord {
    return { name: recordName(hourOf(receivedAt)), isClaimed: false };
  }

  async claim(incoming: IncomingCall, receivedAt: Date, deadline: Deadline): Promise<Claim> {
    const claimedBy = randomUUID();
    const columns = claimColumns(incoming, receivedAt, claimedBy, this.#cell);
    const take = (hour: string, cells: ClaimCells) =>
      this.#retrying("claiming the call", deadline, (signal) =>
        this.#take(callKey(incoming.callId, hour), cells, receivedAt, signal),
      );
    const guarded = guardedHour(receivedAt);
    if (guarded !== undefined && (await take(guarded, { status: GUARD, claimedBy })) === "known")
      return { kind: "known" };
    let hour = hourOf(receivedAt);
    let taken = await take(hour, columns);
    if (taken === "guarded") {
      hour = nextHour(hour);
      taken = await take(hour, columns);
    }
    if (taken !== "taken") return { kind: "known" };
    return { kind: "claimed", record: { name: recordName(hour), isClaimed: true } };
  }

  /**
   * @returns `taken` when the row is ours, because it is new or was left behind by a delivery that came to nothing;
   * `guarded` when it says that the call belongs to the next hour
   */
  async #take(
    key: CallKey,
    cells: ClaimCells,
    at: Date,
    abortSignal: AbortSignal,
  ): Promise<"taken" | "guarded" | "known"> {
    try {
      await this.#writes.insert({ ...key, ...cells }, abortSignal);
      return "taken";
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
    }
    const found = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
    // An insert whose answer was lost meets itself when it is repeated.
    if (found.claimedBy === cells.claimedBy) return "taken";
    if (found.status === GUARD) return "guarded";
    if (found.status === UNSEEN) await this.#fillIn(key, cells, abortSignal);
    if (!this.#isAbandoned(found, at)) return "known";
    try {
      // Whole, so that nothing of the delivery that failed stays.
      await this.#calls.updateEntity({ ...key, ...cells }, "Replace", { etag: found.etag, abortSignal });
      return "taken";
    } catch (error) {
      if (isStatus(error, 412)) return "known";
      throw error;
    }
  }

  /** Adds to a row that only knows of a call's end who had called whom. */
  async #fillIn(key: CallKey, cells: ClaimCells, abortSignal: AbortSignal): Promise<void> {
    const { status: _, claimedBy: __, ...beginning } = cells;
    await this.#calls.updateEntity({ ...key, ...beginning }, "Merge", { abortSignal });
  }

  #isAbandoned({ status, receivedAt, endedAt }: Record<string, unknown>, at: Date): boolean {
    if (endedAt !== undefined) return false;
    if (status === "failed") return true;
    const age = receivedAt instanceof Date ? at.getTime() - receivedAt.getTime() : 0;
    return status === "claimed" && age > this.#abandonedAfterMs;
  }

  async record(
    { name, isClaimed }: CallRecord,
    incoming: IncomingCall,
    receivedAt: Date,
    report: CallReport,
    deadline: Deadline,
  ): Promise<void> {
    const key = callKey(incoming.callId, hourOfRecord(name) ?? hourOf(receivedAt));
    const columns = { ...(isClaimed ? {} : this.#begun(incoming, receivedAt)), ...reportColumns(report, this.#cell) };
    await this.#retrying("recording the call", deadline, async (abortSignal) => {
      const kept = report.result.kind === "gone" ? await this.#whatStands(key, abortSignal) : NOTHING;
      if (kept !== undefined) await this.#writes.merge({ ...key, ...columns, ...kept }, abortSignal);
    });
  }

  /** What a claim would have written down of the call. */
  #begun(incoming: IncomingCall, receivedAt: Date) {
    const { claimedBy: _, ...columns } = claimColumns(incoming, receivedAt, "", this.#cell);
    return columns;
  }

  /**
   * What a report that the call is gone leaves as it is. Graph says "gone" also of a call that another delivery has taken
   * meanwhile, and of one whose end has been told.
   *
   * @returns undefined when the row says already what became of the call
   */
  async #whatStands(key: CallKey, abortSignal: AbortSignal): Promise<{ readonly outcome?: string } | undefined> {
    try {
      const { status, outcome } = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
      if (status === "redirected" || status === "rejected" || status === "refused") return undefined;
      return typeof outcome === "string" ? { outcome } : NOTHING;
    } catch (error) {
      if (isStatus(error, 404)) return NOTHING;
      throw error;
    }
  }

  async close(
    ended: EndedCall,
    outcome: Outcome,
    endedAt: Date,
    record: string | undefined,
    deadline: Deadline,
  ): Promise<void> {
    const columns = endColumns(ended, outcome, endedAt, this.#cell);
    const named = record === undefined ? undefined : hourOfRecord(record);
    // Whoever calls may write any record's name into the path, so a name that leads to no row is only a guess.
    const hours = new Set([named ?? hourOf(endedAt), hourOf(endedAt), hourOf(new Date(endedAt.getTime() - HOUR_MS))]);
    await this.#retrying("closing the call", deadline, async (abortSignal) => {
      for (const hour of hours) {
        if (await this.#merge(callKey(ended.callId, hour), columns, abortSignal)) return;
      }
      // An end that overtook its beginning, or of a call that we never heard of. The row keeps a late beginning from ringing.
      const key = callKey(ended.callId, hourOf(endedAt));
      try {
        await this.#calls.createEntity({ ...key, status: UNSEEN, ...columns }, { abortSignal });
      } catch (error) {
        // The beginning was written down meanwhile, and what became of it stays.
        if (!isStatus(error, 409)) throw error;
        await this.#merge(key, columns, abortSignal);
      }
    });
  }

  /** @returns whether there is such a row */
  async #merge(key: CallKey, columns: ReturnType<typeof endColumns>, abortSignal: AbortSignal): Promise<boolean> {
    try {
      // A call's end may be told twice, as terminated and as deleted, and only one of them says how it ended.
      if (columns.outcome === "unknown") {
        const { outcome } = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
        if (outcome !== undefined && outcome !== "unknown") return true;
      }
      await this.#calls.updateEntity({ ...key, ...columns }, "Merge", { abortSignal });
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return false;
      throw error;
    }
  }

  /**
   * One repeat, if the first try fails or hangs; never for what the service refuses. While the table has just failed, one
   * short try is all: a caller is waiting, and the next one would be.
   */
  async #retrying<T>(step: string, deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const hurried = performance.now() - this.#failedAtMs < TROUBLE_MS;
    const tryMs = hurried ? this.#tryMs / 3 : this.#tryMs;
    const once = () => deadline.within(step, tryMs, (signal) => orFault(this.#calls, () => work(signal)));
    const again = async (error: unknown) => {
      if (hurried || !isPassing(error) || !(await deadline.pause(PAUSE_MS))) throw error;
      return await once();
    };
    try {
      const done = await once().catch(again);
      this.#failedAtMs = Number.NEGATIVE_INFINITY;
      return done;
    } catch (error) {
      if (isPassing(error)) this.#failedAtMs = performance.now();
      throw error;
    }
  }
}

/** Whether the table may do better the next time. */
function isPassing(error: unknown): error is Fault {
  return error instanceof Fault && error.code !== "tables-refused";
}
