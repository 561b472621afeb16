import { odata, type TableClient } from "@azure/data-tables";
import { callKey, GUARD, HOUR_MS, hourOf } from "./call-rows.ts";
import { textOf } from "./cells.ts";
import { asRow, orFault, readRow } from "./tables.ts";

/** The columns of a call in the order in which they are listed. The trace and Graph's words are read with one call only. */
export const CALL_COLUMNS = [
  "receivedAt",
  "callId",
  "line",
  "dialledNumber",
  "caller",
  "callerKind",
  "tenantId",
  "callChainId",
  "status",
  "rule",
  "action",
  "targets",
  "fallback",
  "claimedMs",
  "decidedMs",
  "elapsedMs",
  "outcome",
  "endedAt",
  "graphStatus",
  "graphCode",
  "requestId",
  "resultCode",
  "resultSubcode",
  "answeredBy",
  "failure",
] as const;
/** A call as its row tells of it. */
export interface LoggedCall {
  /** The row's key: one spelling a call. */
  readonly key: string;
  /** When it came in; of a call that only its end tells of, when that came. */
  readonly at: Date;
  /** Milliseconds from receipt until the call was claimed, was decided, and was accepted by Graph. */
  readonly claimedMs?: number;
  readonly decidedMs?: number;
  readonly elapsedMs?: number;
  /** Every cell that is not empty as text, moments in ISO 8601. */
  readonly cells: Readonly<Record<string, string>>;
}

const SHARDS = Array.from({ length: 16 }, (_, shard) => shard.toString(16));
/** Hours that are read while an earlier one is still being listed. */
const HOURS_AHEAD = 3;
/** In a longer span an hour is read by one query: slower for a busy hour, but most hours of a month hold few calls. */
const MANY_HOURS = 6;
/** Rows that are asked for at once when one call is looked for. */
const POINTS_AT_ONCE = 24;
/** A call that came just before the turn of the hour may stand in the next one. */
const TURN_MS = 60_000;

/**
 * Calls that came from `from` on, oldest first, hour by hour: a few hours are read ahead of the one that is listed, so that
 * a long span takes no more memory than a short one.
 *
 * @param until in whose hour the listing ends; calls of the hour's rest are in it as well
 * @throws Fault when the table does not answer
 */
export async function* listCalls(
  calls: TableClient,
  from: Date,
  until: Date,
  abortSignal: AbortSignal,
): AsyncGenerator<LoggedCall> {
  const left = new AbortController();
  const signal = AbortSignal.any([abortSignal, left.signal]);
  const hours = hoursBetween(from, until);
  const read = hours.length > MANY_HOURS ? readWholeHour : readHour;
  const reading: Promise<readonly LoggedCall[]>[] = [];
  try {
    for (let asked = 0; ; ) {
      for (; reading.length < HOURS_AHEAD && asked < hours.length; asked++) {
        const hour = read(calls, hours[asked] ?? "", signal);
        // It is waited for in its turn; until then a failure is nobody's.
        hour.catch(() => undefined);
        reading.push(hour);
      }
      const found = await reading.shift();
      if (found === undefined) return;
      for (const call of found) if (call.at >= from) yield call;
    }
  } finally {
    left.abort();
  }
}

/** Hours in which calls of a span may stand, oldest first: `2026-11-25T15`. */
export function hoursBetween(from: Date, until: Date): string[] {
  const lastMs = until.getTime() + TURN_MS;
  const hours: string[] = [];
  for (let atMs = Date.parse(`${hourOf(from)}:00Z`); atMs <= lastMs; atMs += HOUR_MS)
    hours.push(hourOf(new Date(atMs)));
  return hours;
}

/**
 * The calls of one hour, oldest first: its sixteen partitions are read side by side.
 *
 * @param changedSince only those whose rows were written after it, by the table service's clock
 */
export async function readHour(
  calls: TableClient,
  hour: string,
  abortSignal: AbortSignal,
  changedSince?: Date,
): Promise<readonly LoggedCall[]> {
  const changed = changedSince === undefined ? "" : odata` and Timestamp ge ${changedSince}`;
  const filters = SHARDS.map((shard) => odata`PartitionKey eq ${`${hour}-${shard}`}` + changed);
  const shards = await Promise.all(filters.map((filter) => readCalls(calls, filter, abortSignal)));
  return oldestFirst(shards.flat());
}

async function readWholeHour(calls: TableClient, hour: string, abortSignal: AbortSignal) {
  // `g` comes after the last shard, `f`.
  const filter = odata`PartitionKey ge ${`${hour}-0`} and PartitionKey lt ${`${hour}-g`}`;
  return oldestFirst(await readCalls(calls, filter, abortSignal));
}

function oldestFirst(calls: readonly LoggedCall[]): readonly LoggedCall[] {
  return calls.toSorted((one, other) => one.at.getTime() - other.at.getTime() || (one.key < other.key ? -1 : 1));
}

async function readCalls(calls: TableClient, where: string, abortSignal: AbortSignal): Promise<LoggedCall[]> {
  const filter = where + odata` and status ne ${GUARD}`;
  const select = ["partitionKey", "rowKey", ...CALL_COLUMNS];
  const found: LoggedCall[] = [];
  return await orFault(calls, async () => {
    for await (const row of calls.listEntities({ queryOptions: { filter, select }, abortSignal })) {
      const call = readCall(asRow(row));
      if (call !== undefined) found.push(call);
    }
    return found;
  });
}

/**
 * One call with everything that its row holds, the trace included. Its id says in which partition of an hour it would
 * stand, so that each hour costs a single read; the newest hours come first.
 */
export async function findCall(
  calls: TableClient,
  callId: string,
  from: Date,
  until: Date,
  abortSignal: AbortSignal,
): Promise<LoggedCall | undefined> {
  const hours = hoursBetween(from, until).reverse();
  for (let first = 0; first < hours.length; first += POINTS_AT_ONCE) {
    const keys = hours.slice(first, first + POINTS_AT_ONCE).map((hour) => callKey(callId, hour));
    const rows = await Promise.all(
      keys.map(({ partitionKey, rowKey }) => readRow(calls, partitionKey, rowKey, abortSignal)),
    );
    for (const row of rows) {
      const call = row && readCall(row);
      if (call !== undefined) return call;
    }
  }
  return undefined;
}

/** @returns undefined for a row that is no call's record */
function readCall(row: ReturnType<typeof asRow>): LoggedCall | undefined {
  const { receivedAt, endedAt, claimedMs, decidedMs, elapsedMs, status } = row;
  const at = receivedAt instanceof Date ? receivedAt : endedAt;
  if (status === GUARD || !(at instanceof Date)) return undefined;
  const { partitionKey: _, rowKey, etag: __, timestamp: ___, ...columns } = row;
  const cells = Object.entries(columns).flatMap(([name, cell]) => {
    const text = typeof cell === "string" ? cell : textOf(cell);
    return text === "" || name.startsWith("odata") ? [] : [[name, text] as const];
  });
  return {
    key: rowKey,
    at,
    cells: Object.fromEntries(cells),
    ...(typeof claimedMs === "number" ? { claimedMs } : {}),
    ...(typeof decidedMs === "number" ? { decidedMs } : {}),
    ...(typeof elapsedMs === "number" ? { elapsedMs } : {}),
  };
}
