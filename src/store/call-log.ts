import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import type { Deadline } from "../deadline.ts";
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
import { isStatus, orFault } from "./tables.ts";

/** Milliseconds that one write may take before it is tried again, and that all tries of a step may take. */
const TRY_MS = 1500;
const STEP_MS = 3500;
const PAUSE_MS = 100;

/** What a claim writes: whose it is, and for the call's own row all that is known of it. */
interface ClaimCells {
  readonly status: string;
  readonly claimedBy: string;
}

/** The Calls table. */
export class TableCallLog implements CallLog {
  readonly #calls: TableClient;
  readonly #cell: CellText;
  readonly #abandonedAfterMs: number;

  /**
   * @param mask whether numbers are masked (MASK_CALLERS)
   * @param deadlineMs after which a claim that nothing came of counts as abandoned: its instance must have died
   */
  constructor(calls: TableClient, mask: boolean, deadlineMs: number) {
    this.#calls = calls;
    this.#cell = cellText(mask);
    this.#abandonedAfterMs = deadlineMs + 500;
  }

  unclaimed(receivedAt: Date): CallRecord {
    return { name: recordName(hourOf(receivedAt)) };
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
    return taken === "taken" ? { kind: "claimed", record: { name: recordName(hour) } } : { kind: "known" };
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
      await this.#calls.createEntity({ ...key, ...cells }, { abortSignal });
      return "taken";
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
    }
    const found = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
    // An insert whose answer was lost meets itself when it is repeated.
    if (found.claimedBy === cells.claimedBy) return "taken";
    if (found.status === GUARD) return "guarded";
    if (!this.#isAbandoned(found, at)) return "known";
    try {
      await this.#calls.updateEntity({ ...key, ...cells }, "Merge", { etag: found.etag, abortSignal });
      return "taken";
    } catch (error) {
      if (isStatus(error, 412)) return "known";
      throw error;
    }
  }

  #isAbandoned({ status, receivedAt, endedAt }: Record<string, unknown>, at: Date): boolean {
    if (endedAt !== undefined) return false;
    if (status === "failed") return true;
    const age = receivedAt instanceof Date ? at.getTime() - receivedAt.getTime() : 0;
    return status === "claimed" && age > this.#abandonedAfterMs;
  }

  async record(
    { name }: CallRecord,
    incoming: IncomingCall,
    receivedAt: Date,
    report: CallReport,
    deadline: Deadline,
  ): Promise<void> {
    const key = callKey(incoming.callId, hourOfRecord(name) ?? hourOf(receivedAt));
    const { claimedBy: _, ...known } = claimColumns(incoming, receivedAt, "", this.#cell);
    await this.#retrying("recording the call", deadline, (abortSignal) =>
      this.#calls.upsertEntity({ ...key, ...known, ...reportColumns(report, this.#cell) }, "Merge", { abortSignal }),
    );
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
    const hours = new Set(
      named === undefined ? [hourOf(endedAt), hourOf(new Date(endedAt.getTime() - HOUR_MS))] : [named],
    );
    await this.#retrying("closing the call", deadline, async (abortSignal) => {
      for (const hour of hours) {
        if (await this.#merge(callKey(ended.callId, hour), columns, abortSignal)) return;
      }
      // An end that overtook its beginning, or of a call that we never heard of. The row keeps a late beginning from ringing.
      await this.#calls.upsertEntity(
        { ...callKey(ended.callId, named ?? hourOf(endedAt)), status: "unseen", ...columns },
        "Merge",
        { abortSignal },
      );
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

  /** One repeat, if the first try fails or hangs; never for what the service refuses. */
  async #retrying<T>(step: string, deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return await deadline.within(step, STEP_MS, async (signal) => {
      const once = () => orFault(this.#calls, () => work(AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)])));
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof Fault) || error.code === "tables-refused" || !(await deadline.pause(PAUSE_MS)))
          throw error;
        return await once();
      }
    });
  }
}
