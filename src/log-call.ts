import type { Log } from "./log.ts";
import type { IncomingCall } from "./notifications/call-event.ts";
import type { CallReport } from "./ports.ts";
import { explain, nameOfDecider } from "./routing/explain.ts";
import { formatTarget } from "./routing/targets.ts";

/** Milliseconds that the steps of a call took. Claim and rows run side by side. */
export interface StepTimes {
  readonly claimMs: number;
  readonly rowsMs: number;
  readonly graphMs: number;
}

/** A call that took longer has been silence to its caller for a third of the platform's time. */
const SLOW_MS = 5000;

/** A line of the host's log holds 32 KiB; a trace of ordinary length is far below this. */
const MOST_TRACE = 8000;

const LEVELS = { redirected: "info", rejected: "info", gone: "info", refused: "error", failed: "error" } as const;

/** The one line that every call leaves: what was decided, what came of it, and how long each step took. */
export function logCall(incoming: IncomingCall, report: CallReport, steps: StepTimes, log: Log): void {
  const { decision, result } = report;
  const { callId, call } = incoming;
  for (const { rule, target, because } of decision.trace.dropped) {
    log("warn", "target_dropped", { callId, rule, target: formatTarget(target), because });
  }
  const times = {
    elapsedMs: Math.round(report.elapsedMs),
    claimMs: Math.round(steps.claimMs),
    rowsMs: Math.round(steps.rowsMs),
    graphMs: Math.round(steps.graphMs),
  };
  const { answer } = result;
  log(LEVELS[result.kind], `call_${result.kind}`, {
    callId,
    callChainId: incoming.callChainId,
    line: call.called.id,
    callerKind: call.caller.kind,
    caller: call.caller.id || undefined,
    rule: nameOfDecider(decision.by),
    goesRound: decision.trace.goesRound,
    action: decision.kind,
    targets: "targets" in result ? result.targets.map(formatTarget).join(", ") : undefined,
    fallback: result.kind === "redirected" ? result.fallback : undefined,
    ended: result.kind === "refused" ? result.ended : undefined,
    reason: result.kind === "failed" || result.kind === "rejected" ? result.reason : undefined,
    graphStatus: answer?.status,
    graphCode: answer?.code,
    graphMessage: answer?.message,
    graphTries: answer?.tries,
    requestId: answer?.requestId,
    rowsAgeMs: report.rowsAgeMs,
    ...times,
    trace: explain(decision).join(" ").slice(0, MOST_TRACE),
  });
  if (result.kind === "redirected" && result.fallback !== undefined) {
    log("warn", "fallback_used", { callId, line: call.called.id, fallback: result.fallback });
  }
  if (report.elapsedMs > SLOW_MS) log("warn", "call_slow", { callId, ...times });
}
