import { setImmediate } from "node:timers/promises";
import { type CarryOutPorts, carryOut } from "./carry-out.ts";
import type { ChainWatch } from "./chain-watch.ts";
import { Deadline } from "./deadline.ts";
import { Fault, messageOf } from "./errors.ts";
import type { Log } from "./log.ts";
import { logCall } from "./log-call.ts";
import type { IncomingCall } from "./notifications/call-event.ts";
import type { CallLog, CallRecord, CallReport, CallResult, FoundRules, RuleSource } from "./ports.ts";
import type { RecentCalls } from "./recent-calls.ts";
import { decide } from "./routing/decide.ts";
import type { Decision } from "./routing/decision.ts";
import type { Target } from "./routing/rule.ts";

export interface IncomingCallPorts extends CarryOutPorts {
  readonly rules: RuleSource;
  readonly callLog: CallLog;
  readonly recentCalls: RecentCalls;
  readonly chainWatch: ChainWatch;
}

export interface IncomingCallSettings {
  readonly ownTenantId: string;
  /** FALLBACK_TARGET. */
  readonly fallbackTargets: readonly Target[];
  /** Where callback addresses start: https, no slash at the end. */
  readonly callbackBaseUrl: string;
}

/** One delivery of an incoming call. */
export interface Delivery {
  /** Tenant in which Graph is to act. */
  readonly tenantId: string;
  readonly receivedAt: Date;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** `failed`: nothing could be done for the call, and a repeated delivery may still be in time. */
export type Handled = "handled" | "failed";

/**
 * Takes an incoming call from claim to record: claimed beside the reads, decided, carried out, written down.
 *
 * A table that does not answer costs at most its share of the deadline: without a claim the call goes on unproven, without
 * rows it goes to FALLBACK_TARGET.
 */
export async function handleIncomingCall(
  incoming: IncomingCall,
  delivery: Delivery,
  ports: IncomingCallPorts,
  settings: IncomingCallSettings,
): Promise<Handled> {
  const { deadline, log, receivedAt } = delivery;
  const beganMs = deadline.elapsedMs();
  const [[claim, claimMs], [found, rowsMs]] = await Promise.all([
    timed(() => claimCall(incoming, delivery, ports)),
    timed(() => findRules(incoming, delivery, ports.rules)),
  ]);
  if (claim === "known") {
    log("info", "call_duplicate", { callId: incoming.callId });
    return "handled";
  }
  const decision = decide(incoming.call, found.book, {
    atMs: receivedAt.getTime(),
    ownTenantId: settings.ownTenantId,
    lists: found.lists,
    fallbackTargets: settings.fallbackTargets,
    goesRound: ports.chainWatch.goesRound(incoming.callChainId, incoming.callId),
  });
  const blind = isBlind(found, decision);
  const decidedMs = deadline.elapsedMs();
  const [result, graphMs] = await timed<CallResult>(async () =>
    blind
      ? { kind: "failed", reason: found.staleBecause ?? "no rows" }
      : await tellGraph(decision, incoming, claim, delivery, ports, settings),
  );
  const report: CallReport = {
    decision,
    result,
    ...(claim.isClaimed ? { claimedMs: beganMs + claimMs } : {}),
    ...(blind ? {} : { decidedMs }),
    elapsedMs: deadline.elapsedMs(),
    rowsAgeMs: found.rowsAgeMs,
  };
  if (result.kind === "failed") ports.recentCalls.release(incoming.callId);
  // What is left of this call is to write it down: the turn is that of callers who still hear silence.
  else await setImmediate();
  logCall(incoming, report, { claimMs, rowsMs, graphMs }, log);
  await recordCall(claim, incoming, report, delivery, ports.callLog);
  return result.kind === "failed" ? "failed" : "handled";
}

/** Milliseconds kept back from Graph: a failure that is not written down would make the repeated post look like a duplicate. */
const RECORD_MS = 500;

async function tellGraph(
  decision: Decision,
  { callId }: IncomingCall,
  claim: CallRecord,
  { tenantId, deadline }: Delivery,
  ports: IncomingCallPorts,
  settings: IncomingCallSettings,
): Promise<CallResult> {
  const share = new Deadline(Math.max(0, deadline.remainingMs() - RECORD_MS));
  try {
    const call = { callId, tenantId, callbackUri: callbackUri(settings, claim), deadline: share };
    return await carryOut(decision, call, ports);
  } finally {
    share.end();
  }
}

/** What a step gives, and the milliseconds that it took. */
async function timed<T>(step: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  return [await step(), performance.now() - startedAt];
}

async function claimCall(
  incoming: IncomingCall,
  { receivedAt, deadline, log }: Delivery,
  { callLog, recentCalls }: IncomingCallPorts,
): Promise<CallRecord | "known"> {
  try {
    const claim = await callLog.claim(incoming, receivedAt, deadline);
    if (claim.kind === "known") return "known";
    // The table may have been down when this process took the call, and then knows nothing of it.
    return recentCalls.take(incoming.callId) ? claim.record : "known";
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log("warn", "claim_unproven", { callId: incoming.callId, reason: messageOf(error) });
    return recentCalls.take(incoming.callId) ? callLog.unclaimed(receivedAt) : "known";
  }
}

async function findRules(
  { call }: IncomingCall,
  { receivedAt, deadline, log }: Delivery,
  rules: RuleSource,
): Promise<FoundRules> {
  try {
    const found = await rules.find(call, receivedAt, deadline);
    for (const fault of found.newFaults) log("warn", "row_fault", { fault });
    if (found.staleBecause !== undefined)
      log("warn", "rows_stale", { ageMs: found.rowsAgeMs, reason: found.staleBecause });
    return found;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log("error", "rows_stale", { reason: messageOf(error) });
    const book = { partitions: [], schedules: new Map() };
    return { book, lists: new Set(), rowsAgeMs: 0, staleBecause: messageOf(error), newFaults: [], missing: true };
  }
}

/** That no rule applied says nothing while rows are missing that might have: a reject would be a guess. */
function isBlind({ missing }: FoundRules, { by }: Decision): boolean {
  return missing === true && by.kind === "nothing";
}

function callbackUri({ callbackBaseUrl }: IncomingCallSettings, record: CallRecord): string {
  return `${callbackBaseUrl}/api/calls/${record.name}`;
}

async function recordCall(
  record: CallRecord,
  incoming: IncomingCall,
  report: CallReport,
  delivery: Delivery,
  callLog: CallLog,
): Promise<void> {
  try {
    await callLog.record(record, incoming, delivery.receivedAt, report, delivery.deadline);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // The call itself is done; the line that was logged holds all that the row would.
    delivery.log("warn", "record_failed", { callId: incoming.callId, reason: messageOf(error) });
  }
}
