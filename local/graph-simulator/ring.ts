import type { FaultList, GraphFault } from "./faults.ts";
import type { RedirectTarget } from "./redirect-rules.ts";

/** What a target does when it is named in a redirect. `refuse`: Graph itself answers 403/7505. */
export const targetBehaviours = ["answer", "no-answer", "busy", "decline", "unreachable", "refuse"] as const;

export type TargetBehaviour = (typeof targetBehaviours)[number];

/** How a target behaves from now on. */
export interface TargetSettings {
  /** Default `answer`. */
  readonly behaviour?: TargetBehaviour | undefined;
  /** How long it rings before it answers, declines or fails; default: the simulator's, or half of the timeout if shorter. */
  readonly ringMs?: number | undefined;
  /** Faults of a redirect that names this target. */
  readonly faults?: readonly GraphFault[] | undefined;
}

/** Target settings as the simulator keeps them. */
export interface Target {
  readonly behaviour: TargetBehaviour;
  readonly ringMs: number | null;
  readonly faults: FaultList<GraphFault>;
}

/** One target while it rings. */
export interface RingingTarget {
  readonly target: RedirectTarget;
  readonly behaviour: TargetBehaviour;
  readonly ringMs: number;
}

/** How ringing ends, and when, counted from the start of ringing. */
export type RingResult =
  | { readonly ending: "answered"; readonly afterMs: number; readonly answeredBy: RedirectTarget }
  | { readonly ending: "no-answer" | "busy" | "declined" | "unreachable"; readonly afterMs: number };

/**
 * What comes of ringing all targets at once: the first to answer gets the call; one that only rings keeps the others'
 * busy or decline from ending it before the timeout. When all have failed, a decline outranks busy, which outranks
 * unreachable. `refuse` cannot ring: a redirect that names such a target is not accepted.
 */
export function ringTargets(targets: readonly RingingTarget[], timeoutMs: number): RingResult {
  const [first] = targets
    .filter(({ behaviour, ringMs }) => behaviour === "answer" && ringMs < timeoutMs)
    .sort((one, other) => one.ringMs - other.ringMs);
  if (first !== undefined) return { ending: "answered", afterMs: first.ringMs, answeredBy: first.target };

  const ringsOn = targets.some(
    ({ behaviour, ringMs }) => behaviour === "no-answer" || behaviour === "answer" || ringMs >= timeoutMs,
  );
  if (ringsOn) return { ending: "no-answer", afterMs: timeoutMs };

  const afterMs = Math.max(...targets.map(({ ringMs }) => ringMs));
  const behaviours = targets.map(({ behaviour }) => behaviour);
  if (behaviours.includes("decline")) return { ending: "declined", afterMs };
  if (behaviours.includes("busy")) return { ending: "busy", afterMs };
  return { ending: "unreachable", afterMs };
}
