import { unreachable } from "../errors.ts";
import { maskNumbers } from "../mask.ts";
import type { EndedCall, IncomingCall } from "../notifications/call-event.ts";
import type { Outcome } from "../notifications/outcome.ts";
import type { CallReport, CallResult, GraphAnswer } from "../ports.ts";
import { explain, nameOfDecider } from "../routing/explain.ts";
import { normaliseGuid } from "../routing/party.ts";
import type { Target } from "../routing/rule.ts";
import { formatTarget } from "../routing/targets.ts";

/**
 * Where a call's row stands. PartitionKey is the hour of receipt and one of sixteen shards, `2026-11-25T15-a`: an hour is
 * sixteen partitions, listed without a scan, and no partition takes all writes. RowKey is the call's id.
 */
export interface CallKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** Milliseconds within which the platform could still deliver a call again: it gives up on a call after 15 s. */
const REPEAT_WINDOW_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** Longest text that a cell takes (64 KiB of UTF-16), with room to spare. */
const MOST_TEXT = 30_000;
/** Longest message of Graph's or of a fault's: its beginning says it. */
const MOST_MESSAGE = 1000;

/**
 * The hour before, in the first minute of an hour: the same call may have been claimed there a moment ago, or may yet be
 * by an instance whose clock is behind.
 *
 * A delivery then first leaves a guard at the call's key in that hour. Whoever comes to claim the call there meets the
 * guard and goes on to the next hour, so that two deliveries within a minute always compete for one row.
 */
export function guardedHour(receivedAt: Date): string | undefined {
  const beforeMs = receivedAt.getTime() - REPEAT_WINDOW_MS;
  const isSameHour = Math.floor(beforeMs / HOUR_MS) === Math.floor(receivedAt.getTime() / HOUR_MS);
  return isSameHour ? undefined : hourOf(new Date(beforeMs));
}

/** The `status` of a row that is no call's record, only a guard in the hour before it. */
export const GUARD = "guard";

export function nextHour(hour: string): string {
  return hourOf(new Date(Date.parse(`${hour}:00Z`) + HOUR_MS));
}

/** The call's row in an hour, written as `2026-11-25T15` in UTC. */
export function callKey(callId: string, hour: string): CallKey {
  const rowKey = rowKeyOf(callId);
  return { partitionKey: `${hour}-${shardOf(rowKey)}`, rowKey };
}

export function hourOf(moment: Date): string {
  return moment.toISOString().slice(0, 13);
}

/** The record's name in the callback address. It names the hour; the notification itself names the call. */
export function recordName(hour: string): string {
  return hour.replace(/[-T]/g, "");
}

/** The hour that a record's name stands for, or undefined if it is none of ours. */
export function hourOfRecord(name: string): string | undefined {
  if (!/^\d{10}$/.test(name)) return undefined;
  const hour = name.replace(/^(....)(..)(..)(..)$/, "$1-$2-$3T$4");
  const atMs = Date.parse(`${hour}:00Z`);
  return Number.isNaN(atMs) || hourOf(new Date(atMs)) !== hour ? undefined : hour;
}

/** One spelling of a call's id: Graph writes GUIDs with dashes and without, in either case. */
function rowKeyOf(callId: string): string {
  const bare = callId.toLowerCase().replaceAll("-", "");
  const parts = [bare.slice(0, 8), bare.slice(8, 12), bare.slice(12, 16), bare.slice(16, 20), bare.slice(20)];
  return normaliseGuid(parts.join("-")) ?? callId;
}

function shardOf(rowKey: string): string {
  let sum = 0;
  for (let index = 0; index < rowKey.length; index++) sum = (Math.imul(sum, 31) + rowKey.charCodeAt(index)) >>> 0;
  return (sum % 16).toString(16);
}

/** Makes of a text what its cell may hold: with its numbers masked, as the log has them, or whole. */
export type CellText = (text: string) => string;

/** @param mask MASK_CALLERS */
export function cellText(mask: boolean): CellText {
  return mask ? maskNumbers : (text) => text;
}

/** What is known of a call when it is claimed. */
export function claimColumns(incoming: IncomingCall, receivedAt: Date, claimedBy: string, cell: CellText) {
  const { call, callChainId, dialledNumber, tenantId } = incoming;
  return {
    callId: incoming.callId,
    status: "claimed",
    claimedBy,
    receivedAt,
    line: call.called.kind === "phone" ? cell(call.called.id) : call.called.id,
    caller: cell(call.caller.id),
    callerKind: call.caller.kind,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(callChainId === undefined ? {} : { callChainId }),
    ...(dialledNumber === undefined ? {} : { dialledNumber: cell(dialledNumber) }),
  };
}

/**
 * What became of it. `claimedMs`, `decidedMs` and `elapsedMs` say when a step was done, in milliseconds since receipt, and
 * not how long it took: read one after the other they tell what stood when.
 */
export function reportColumns(report: CallReport, cell: CellText) {
  const { decision, result, claimedMs, decidedMs, elapsedMs, rowsAgeMs } = report;
  return {
    status: result.kind,
    rule: cell(nameOfDecider(decision.by)),
    action: decision.kind === "reject" ? `reject ${decision.reason}` : "redirect",
    trace: cell(explain(decision).join("\n")).slice(0, MOST_TEXT),
    // Rounded up, a step could seem to be done after the one that follows it.
    ...(claimedMs === undefined ? {} : { claimedMs: Math.floor(claimedMs) }),
    ...(decidedMs === undefined ? {} : { decidedMs: Math.floor(decidedMs) }),
    elapsedMs: Math.round(elapsedMs),
    rowsAgeMs,
    ...resultColumns(result, cell),
  };
}

function resultColumns(result: CallResult, cell: CellText) {
  const targets = (asked: readonly Target[]) => cell(asked.map(formatTarget).join(", ")).slice(0, MOST_TEXT);
  switch (result.kind) {
    case "failed":
      return { failure: cell(result.reason).slice(0, MOST_MESSAGE), ...answerColumns(result.answer, cell) };
    case "redirected": {
      const fallback = result.fallback === undefined ? {} : { fallback: result.fallback };
      return { targets: targets(result.targets), ...fallback, ...answerColumns(result.answer, cell) };
    }
    case "gone":
      return { outcome: "caller gone" satisfies Outcome, ...answerColumns(result.answer, cell) };
    case "rejected":
      return answerColumns(result.answer, cell);
    case "refused":
      return { targets: targets(result.targets), ended: result.ended, ...answerColumns(result.answer, cell) };
    default:
      return unreachable(result);
  }
}

function answerColumns(answer: GraphAnswer | undefined, cell: CellText) {
  if (answer === undefined) return {};
  return {
    graphTries: answer.tries,
    ...(answer.status === undefined ? {} : { graphStatus: answer.status }),
    ...(answer.code === undefined ? {} : { graphCode: answer.code }),
    ...(answer.message === undefined ? {} : { graphMessage: cell(answer.message).slice(0, MOST_MESSAGE) }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
  };
}

/** How it ended. */
export function endColumns({ callId, result, answeredBy }: EndedCall, outcome: Outcome, endedAt: Date, cell: CellText) {
  return {
    callId,
    endedAt,
    outcome,
    ...(result.code === undefined ? {} : { resultCode: result.code }),
    ...(result.subcode === undefined ? {} : { resultSubcode: result.subcode }),
    ...(result.message === undefined ? {} : { resultMessage: cell(result.message).slice(0, MOST_MESSAGE) }),
    ...(answeredBy === undefined ? {} : { answeredBy: cell(answeredBy) }),
  };
}
