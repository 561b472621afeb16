import type { CallerMatch } from "./caller-match.ts";
import type { Party } from "./party.ts";

export type NonEmpty<T> = readonly [T, ...T[]];

/** Somebody who may ring. Graph's identity kinds, by the words that rows use for them. */
export interface Target {
  readonly kind: "user" | "phone" | "application" | "applicationInstance";
  /** Object id, app id or E.164 number. */
  readonly id: string;
  readonly displayName?: string;
  /** Share in `random` and `round-robin`; 0 is never chosen. */
  readonly weight: number;
}

/** How a rule's targets ring: together, or one of them chosen by weight or in turn. */
export const RING_MODES = ["all", "random", "round-robin"] as const;
export type RingMode = (typeof RING_MODES)[number];

/** Graph's reject reasons. */
export const REJECT_REASONS = ["busy", "forbidden", "none"] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Graph's routingPolicies. Documented for calls between two parties; their effect on a redirect is not. */
export const ROUTING_POLICIES = [
  "none",
  "noMissedCall",
  "disableForwardingExceptPhone",
  "disableForwarding",
  "preferSkypeForBusiness",
] as const;
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number];

/** Graph's limits on a redirect: seconds that targets may ring, and how many may ring at once. */
export const TIMEOUT_SECONDS = { least: 15, most: 90 } as const;
export const MOST_TARGETS = 25;

export interface RedirectAction {
  readonly kind: "redirect";
  readonly targets: NonEmpty<Target>;
  readonly ring: RingMode;
  /** Seconds; Graph's own default when absent. */
  readonly timeoutSeconds?: number;
  readonly policies: readonly RoutingPolicy[];
  /** Tried together when Graph refuses the targets. */
  readonly fallback: readonly Target[];
}

export interface RejectAction {
  readonly kind: "reject";
  readonly reason: RejectReason;
}

export type Action = RedirectAction | RejectAction;

/** When a rule counts: while a schedule is open, or (negated) while it is closed. */
export interface ScheduleCondition {
  readonly schedule: string;
  readonly negated: boolean;
}

/** One row that may decide a call. */
export interface Rule {
  /** Where the row stands: `all`, `override`, a line's id, a group's name or `default`. */
  readonly partition: string;
  readonly name: string;
  /** Of an override: for whom it is, where its key spells that otherwise. */
  readonly scope?: string;
  /** Lower comes first. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly caller: CallerMatch;
  readonly schedule?: ScheduleCondition;
  /** Epoch milliseconds; the rule counts from this moment on. */
  readonly fromMs?: number;
  /** Epoch milliseconds; the rule counts until just before this moment. */
  readonly untilMs?: number;
  readonly action: Action;
}

/** Something that can be called. */
export interface Line {
  readonly id: string;
  readonly number?: string;
  readonly name?: string;
  readonly group?: string;
  readonly site?: string;
  readonly fallback: readonly Target[];
}

/** What a decision needs to know of a call. */
export interface CallFacts {
  readonly callId: string;
  /** The bot or the resource account that was called. */
  readonly called: Party;
  readonly caller: Party;
  /** Two-letter ISO 3166 code that Graph gives for the caller, if it does. */
  readonly callerCountry?: string;
  /** Parties that already had this call: forwarded it, transferred it, or were rung before. */
  readonly cameFrom: readonly Party[];
}
