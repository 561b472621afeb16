import type { Deadline } from "./deadline.ts";
import type { EndedCall, IncomingCall } from "./notifications/call-event.ts";
import type { Outcome } from "./notifications/outcome.ts";
import type { RuleBook } from "./routing/decide.ts";
import type { Decision } from "./routing/decision.ts";
import type { CallFacts, NonEmpty, RejectReason, RoutingPolicy, Target } from "./routing/rule.ts";

/** What is known of the sender once its token has been verified. */
export interface VerifiedToken {
  /** Tenant that the token names, in lower case. */
  readonly tenantId?: string;
}

export interface TokenVerifier {
  /**
   * @throws Fault `unauthorized` when the token does not verify, `keys-unavailable` when nobody can tell
   */
  verify(token: string, deadline: Deadline): Promise<VerifiedToken>;
}

/** The rows that a call touches, and how far they can be trusted. */
export interface FoundRules {
  readonly book: RuleBook;
  /** Lists that the caller is on at the moment of the call, in lower case. */
  readonly lists: ReadonlySet<string>;
  /** Age of the oldest rows used. */
  readonly rowsAgeMs: number;
  /** Why rows are older than they should be, when they are. */
  readonly staleBecause?: string;
  /** That some rows could neither be read nor remembered. */
  readonly missing?: true;
  /** Mistakes in rows that have not been told before, one sentence each. */
  readonly newFaults: readonly string[];
}

export interface RuleSource {
  /** @throws Fault when no rows at all can be read or remembered */
  find(call: CallFacts, at: Date, deadline: Deadline): Promise<FoundRules>;
}

/** Our mark on a call, under which its row can be found again. */
export interface CallRecord {
  /** Names the row in the callback address: `/api/calls/{name}`. */
  readonly name: string;
  /** Whether the row stands, with what a claim writes down: otherwise the record has to say that too. */
  readonly isClaimed: boolean;
}

export type Claim =
  | { readonly kind: "claimed"; readonly record: CallRecord }
  /** The call was taken before, here or on another instance. */
  | { readonly kind: "known" };

/** What became of a call in our hands. */
export interface CallReport {
  readonly decision: Decision;
  readonly result: CallResult;
  /** Milliseconds from receipt until the call was claimed; absent when the table did not say whether it is ours. */
  readonly claimedMs?: number;
  /** Milliseconds from receipt to the decision; absent when rows were missing without which nothing could be decided. */
  readonly decidedMs?: number;
  /** Milliseconds from receipt to Graph's acceptance (or to our giving up). */
  readonly elapsedMs: number;
  readonly rowsAgeMs: number;
}

export type CallResult =
  | {
      readonly kind: "redirected";
      readonly targets: NonEmpty<Target>;
      readonly fallback?: string;
      readonly answer: GraphAnswer;
    }
  | { readonly kind: "rejected"; readonly reason: RejectReason; readonly answer: GraphAnswer }
  /** The caller hung up, or the platform's time ran out. */
  | { readonly kind: "gone"; readonly answer: GraphAnswer }
  /** Graph refused everything that we tried. `targets` are all that were asked for; `ended` says that the call was rejected. */
  | {
      readonly kind: "refused";
      readonly targets: readonly Target[];
      readonly ended: boolean;
      readonly answer: GraphAnswer;
    }
  /** Nobody could be asked: a retry may still be in time. */
  | { readonly kind: "failed"; readonly reason: string; readonly answer?: GraphAnswer };

export interface CallLog {
  /** @throws Fault when the tables do not answer; then nobody knows whether the call is ours */
  claim(incoming: IncomingCall, receivedAt: Date, deadline: Deadline): Promise<Claim>;
  /** The record of a call that could not be claimed: its row may still be written later. */
  unclaimed(receivedAt: Date): CallRecord;
  record(
    record: CallRecord,
    incoming: IncomingCall,
    receivedAt: Date,
    report: CallReport,
    deadline: Deadline,
  ): Promise<void>;
  /** @param record its name in the callback address, when the notification came to one */
  close(
    ended: EndedCall,
    outcome: Outcome,
    endedAt: Date,
    record: string | undefined,
    deadline: Deadline,
  ): Promise<void>;
}

/** Graph's last word on a request. */
export interface GraphAnswer {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
  /** How many requests were sent. */
  readonly tries: number;
}

/** How Graph took a request, by what can be done about it. */
export type GraphOutcome =
  | { readonly kind: "accepted"; readonly answer: GraphAnswer }
  /** Not these targets, but others may do. */
  | { readonly kind: "refused"; readonly answer: GraphAnswer }
  /** There is no such call any more. */
  | { readonly kind: "gone"; readonly answer: GraphAnswer }
  /** Throttled, down, or not to be reached in the time left. */
  | { readonly kind: "unreachable"; readonly answer: GraphAnswer };

export interface RedirectRequest {
  readonly callId: string;
  readonly tenantId: string;
  readonly targets: NonEmpty<Target>;
  readonly timeoutSeconds?: number;
  readonly policies: readonly RoutingPolicy[];
  readonly callbackUri: string;
}

export interface RejectRequest {
  readonly callId: string;
  readonly tenantId: string;
  readonly reason: RejectReason;
  readonly callbackUri: string;
}

/** What can be done with a call through Graph. Never throws for what Graph or the network does. */
export interface CallControl {
  redirect(request: RedirectRequest, deadline: Deadline): Promise<GraphOutcome>;
  reject(request: RejectRequest, deadline: Deadline): Promise<GraphOutcome>;
}

export interface Rotation {
  /** Takes the next turn of a rotation. @returns undefined when nobody can say in time */
  nextTurn(partition: string, rule: string, deadline: Deadline): Promise<number | undefined>;
}
