import type { Deadline } from "./deadline.ts";
import { unreachable } from "./errors.ts";
import type { CallControl, CallResult, GraphAnswer, Rotation } from "./ports.ts";
import type { Decision, RedirectDecision } from "./routing/decision.ts";
import { ringTargets } from "./routing/ring.ts";
import type { NonEmpty, RoutingPolicy, Target } from "./routing/rule.ts";

export interface CarryOutPorts {
  readonly callControl: CallControl;
  readonly rotation: Rotation;
}

/** The call that a decision is about, as Graph needs it. */
export interface CallAddress {
  readonly callId: string;
  readonly tenantId: string;
  /** Where Graph is to post what happens to the call from now on. */
  readonly callbackUri: string;
  readonly deadline: Deadline;
}

/** Less time than this is not enough for another request to Graph. */
const LEAST_MS = 300;

/**
 * Tells Graph what was decided. Targets that Graph refuses give way to the rule's fallback, then the line's, then the
 * app's, while time remains; when all are refused the call is rejected, so that the caller hears an end and not silence.
 */
export async function carryOut(decision: Decision, call: CallAddress, ports: CarryOutPorts): Promise<CallResult> {
  if (decision.kind === "reject") return await reject(decision.reason, call, ports.callControl);
  const asked: Target[] = [];
  let last: GraphAnswer = { tries: 0 };
  for (const { of, ...attempt } of await attemptsOf(decision, call, ports.rotation)) {
    if (asked.length > 0 && call.deadline.remainingMs() < LEAST_MS) break;
    asked.push(...attempt.targets);
    const { kind, answer } = await ports.callControl.redirect({ ...call, ...attempt }, call.deadline);
    last = { ...answer, tries: last.tries + answer.tries };
    switch (kind) {
      case "accepted":
        return { kind: "redirected", targets: attempt.targets, answer: last, ...(of ? { fallback: of } : {}) };
      case "gone":
        return { kind: "gone", answer: last };
      case "unreachable":
        return unreached(last);
      case "refused":
        break;
      default:
        return unreachable(kind);
    }
  }
  const { kind, answer } = await ports.callControl.reject({ ...call, reason: "none" }, call.deadline);
  return {
    kind: "refused",
    targets: asked,
    ended: kind === "accepted",
    answer: { ...last, tries: last.tries + answer.tries },
  };
}

function unreached(answer: GraphAnswer): CallResult {
  return { kind: "failed", reason: answer.message ?? `Graph answered ${answer.status}`, answer };
}

/** Whose fallback decided, when no rule did. */
const FALLBACK_OF = { rule: {}, "line-fallback": { of: "line" }, "app-fallback": { of: "app" }, nothing: {} } as const;

interface Attempt {
  readonly of?: "rule" | "line" | "app";
  readonly targets: NonEmpty<Target>;
  readonly policies: readonly RoutingPolicy[];
  readonly timeoutSeconds?: number;
}

async function attemptsOf(
  decision: RedirectDecision,
  { callId, deadline }: CallAddress,
  rotation: Rotation,
): Promise<Attempt[]> {
  const { by, ring, targets, timeoutSeconds, policies } = decision;
  const turn =
    ring === "round-robin" && by.kind === "rule" ? await rotation.nextTurn(by.partition, by.name, deadline) : undefined;
  const first: Attempt = {
    ...FALLBACK_OF[by.kind],
    targets: ringTargets(ring, targets, callId, turn),
    policies,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
  const attempts = [first];
  for (const fallback of decision.fallbacks) {
    const attempt = { of: fallback.of, targets: ringTargets("all", fallback.targets, callId, undefined), policies: [] };
    // By the time of this attempt Graph has refused these very targets.
    if (!attempts.some((earlier) => sameTargets(earlier.targets, attempt.targets))) attempts.push(attempt);
  }
  return attempts;
}

function sameTargets(some: readonly Target[], others: readonly Target[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ kind, id }, index) => others[index]?.kind === kind && others[index]?.id === id)
  );
}

async function reject(
  reason: "busy" | "forbidden" | "none",
  call: CallAddress,
  callControl: CallControl,
): Promise<CallResult> {
  const { kind, answer } = await callControl.reject({ ...call, reason }, call.deadline);
  switch (kind) {
    case "accepted":
      return { kind: "rejected", reason, answer };
    case "gone":
      return { kind, answer };
    case "refused":
      return { kind, targets: [], ended: false, answer };
    case "unreachable":
      return unreached(answer);
    default:
      return unreachable(kind);
  }
}
