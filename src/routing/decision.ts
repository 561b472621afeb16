import type { CallerTerm } from "./caller-match.ts";
import type { NonEmpty, RejectReason, RingMode, RoutingPolicy, ScheduleCondition, Target } from "./rule.ts";
import type { ScheduleState } from "./schedule.ts";

/** What a call is to be told, and everything that led there. Data only: sentences are made of it in explain.ts. */
export type Decision = RedirectDecision | RejectDecision;

export interface RedirectDecision {
  readonly kind: "redirect";
  readonly by: DecidedBy;
  /** Who may ring; which of them do is `ringTargets`' to say. */
  readonly targets: NonEmpty<Target>;
  readonly ring: RingMode;
  readonly timeoutSeconds?: number;
  readonly policies: readonly RoutingPolicy[];
  /** Tried one after the other when Graph refuses: the rule's, the line's, the app's. */
  readonly fallbacks: readonly Fallback[];
  readonly trace: Trace;
}

export interface RejectDecision {
  readonly kind: "reject";
  readonly by: DecidedBy;
  readonly reason: RejectReason;
  readonly trace: Trace;
}

/** The row or setting that decided. */
export type DecidedBy =
  | { readonly kind: "rule"; readonly partition: string; readonly name: string }
  | { readonly kind: "line-fallback" }
  | { readonly kind: "app-fallback" }
  | { readonly kind: "nothing" };

export interface Fallback {
  readonly of: "rule" | "line" | "app";
  readonly targets: NonEmpty<Target>;
}

/** Every rule looked at, in order, and what was left out. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  readonly dropped: readonly DroppedTarget[];
  /** That no rule was asked, because the call's chain keeps coming back. */
  readonly goesRound?: true;
}

export interface TraceStep {
  readonly partition: string;
  readonly rule: string;
  /** The first reason why the rule did not decide; absent on the one that did. */
  readonly why?: WhyNot;
}

export type WhyNot =
  | { readonly kind: "disabled" }
  | { readonly kind: "not-yet"; readonly fromMs: number }
  | { readonly kind: "lapsed"; readonly untilMs: number }
  | { readonly kind: "schedule"; readonly condition: ScheduleCondition; readonly state: ScheduleState }
  | { readonly kind: "unknown-schedule"; readonly condition: ScheduleCondition }
  | { readonly kind: "caller"; readonly excludedBy?: CallerTerm }
  | { readonly kind: "less-specific"; readonly than: string }
  | { readonly kind: "nobody-left" };

export interface DroppedTarget {
  readonly rule: string;
  readonly target: Target;
  readonly because: "own-line" | "came-from";
}
