import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import type { Deadline } from "../deadline.ts";
import { Fault } from "../errors.ts";
import type { EndedCall, IncomingCall } from "../notifications/call-event.ts";
import type { Outcome } from "../notifications/outcome.ts";
import type { CallLog, CallRecord, CallReport, Claim } from "../ports.ts";
import {
  type CallKey,
  callKey,
  claimColumns,
  claimKeys,
  endColumns,
  hourOf,
  hourOfRecord,
  recordName,
  reportColumns,
} from "./call-rows.ts";
import { isStatus, orFault } from "./tables.ts";

/** Milliseconds that one write may take before it is tried again, and that all tries of a step may take. */
const TRY_MS = 1500;
const STEP_MS = 3500;
const PAUSE_MS = 100;
const HOUR_MS = 3_600_000;

/** The Calls table. */
export class TableCallLog implements CallLog {
  readonly #calls: TableClient;
  readonly #mask: boolean;
  readonly #abandonedAfterMs: number;

  /**
   * @param mask whether callers' numbers are masked (MASK_CALLERS)
   * @param deadlineMs after which a claim that nothing came of counts as abandoned: its instance must have died
   */
  constructor(calls: TableClient, mask: boolean, deadlineMs: number) {
    this.#calls = calls;
    this.#mask = mask;
    this.#abandonedAfterMs = deadlineMs + 500;
  }

  unclaimed(receivedAt: Date): CallRecord {
    return { name: recordName(receivedAt) };
  }

  async claim(incoming: IncomingCall, receivedAt: Date, deadline: Deadline): Promise<Claim> {
    const claimedBy = randomUUID();
    const columns = claimColumns(incoming, receivedAt, claimedBy, this.#mask);
    for (const key of claimKeys(incoming.callId, receivedAt)) {
      const taken = await this.#retrying("claiming the call", deadline, (signal) =>
        this.#take(key, columns, receivedAt, signal),
      );
      if (!taken) return { kind: "known" };
    }
    return { kind: "claimed", record: this.unclaimed(receivedAt) };
  }

  /** @returns whether the row is ours: new, or left behind by a delivery that failed */
  async #take(
    key: CallKey,
    columns: ReturnType<typeof claimColumns>,
    at: Date,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.#calls.createEntity({ ...key, ...columns }, { abortSignal });
      return true;
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
    }
    const found = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
    // An insert whose answer was lost meets itself when it is repeated.
    if (found.claimedBy === columns.claimedBy) return true;
    if (!this.#isAbandoned(found, at)) return false;
    try {
      await this.#calls.updateEntity({ ...key, ...columns }, "Merge", { etag: found.etag, abortSignal });
      return true;
    } catch (error) {
      if (isStatus(error, 412)) return false;
      throw error;
    }
  }

  #isAbandoned({ status, receivedAt, endedAt }: Record<string, unknown>, at: Date): boolean {
    if (endedAt !== undefined) return false;
    if (status === "failed") return true;
    const age = receivedAt instanceof Date ? at.getTime() - receivedAt.getTime() : 0;
    return status === "claimed" && age > this.#abandonedAfterMs;
  }

  async record(incoming: IncomingCall, receivedAt: Date, report: CallReport, deadline: Deadline): Promise<void> {
    const key = callKey(incoming.callId, hourOf(receivedAt));
    const { claimedBy: _, ...known } = claimColumns(incoming, receivedAt, "", this.#mask);
    await this.#retrying("recording the call", deadline, (abortSignal) =>
      this.#calls.upsertEntity({ ...key, ...known, ...reportColumns(report) }, "Merge", { abortSignal }),
    );
  }

  async close(
    ended: EndedCall,
    outcome: Outcome,
    endedAt: Date,
    record: string | undefined,
    deadline: Deadline,
  ): Promise<void> {
    const columns = endColumns(ended, outcome, endedAt);
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

  async #merge(key: CallKey, columns: object, abortSignal: AbortSignal): Promise<boolean> {
    try {
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
