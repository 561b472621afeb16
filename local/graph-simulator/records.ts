import type { GraphFault, NotificationFaultKind } from "./faults.ts";
import type { Called, IdentitySet } from "./identities.ts";
import type { CommsNotifications } from "./notifications.ts";
import type { Redirect, RedirectTarget, RejectReason } from "./redirect-rules.ts";

/** Where a call stands: not redirected yet, its targets ringing, one of them talking, over. */
export type CallState = "incoming" | "ringing" | "established" | "terminated";

/** How a call ended. `caller-gone`: nobody redirected or rejected it in time. */
export type Ending = "answered" | "no-answer" | "busy" | "declined" | "unreachable" | "rejected" | "caller-gone";

/** Graph's resultInfo, with the numbers that the wire has. */
export interface ResultInfo {
  readonly code: number;
  readonly subcode: number;
  readonly message: string;
}

/** One notification as it was posted. Times are `performance.now()` milliseconds. */
export interface PostRecord {
  readonly url: string;
  readonly state: "incoming" | "terminated";
  /** All headers but the token's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: CommsNotifications;
  readonly sentMs: number;
  readonly answeredMs: number | null;
  /** The webhook's answer; null while none has come, or when none came. */
  readonly status: number | null;
  /** Why none came. */
  readonly error: string | null;
}

/** One redirect or reject as Graph received it. Times are `performance.now()` milliseconds. */
export interface GraphRequestRecord {
  readonly action: GraphAction;
  readonly path: string;
  /** All headers but the token's. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed; the raw text when it is not JSON. */
  readonly body: unknown;
  readonly receivedMs: number;
  /** Since the incoming notification was sent; null when it has not been. */
  readonly sinceIncomingMs: number | null;
  readonly answeredMs: number | null;
  /** Null while there is no answer, or when a fault kept it back. */
  readonly status: number | null;
  readonly code: string | null;
  /** The fault that struck it, latency apart. */
  readonly fault: GraphFault["kind"] | null;
  /** Whether Graph acted on it, even when the answer was lost. */
  readonly accepted: boolean;
}

export type GraphAction = "redirect" | "reject";

/** All that happened to one call. It is a live view: it changes as the call goes on, until `finished`. */
export interface SimulatedCall {
  readonly id: string;
  readonly callChainId: string;
  /** Null: `resourceData` does not name the tenant. */
  readonly tenantId: string | null;
  /** Null or empty: withheld. */
  readonly caller: IdentitySet | null;
  readonly called: Called;
  readonly notificationFault: NotificationFaultKind | null;
  readonly state: CallState;
  readonly states: readonly { readonly state: CallState; readonly atMs: number }[];
  readonly posts: readonly PostRecord[];
  readonly requests: readonly GraphRequestRecord[];
  /** What was accepted; at most one of these two is ever set. */
  readonly redirect: Redirect | null;
  readonly reject: RejectReason | null;
  readonly answeredBy: RedirectTarget | null;
  readonly ended: { readonly ending: Ending; readonly resultInfo: ResultInfo | null; readonly atMs: number } | null;
  /** The call has ended and every notification about it was answered or failed: nothing more will happen. */
  readonly finished: boolean;
}

/** What `onEvent` is told, as it happens. `atMs` is `performance.now()`. */
export type SimulatorEvent = { readonly callId: string; readonly atMs: number } & (
  | { readonly type: "call-placed"; readonly caller: IdentitySet | null; readonly called: Called }
  | { readonly type: "notification-posted"; readonly post: PostRecord }
  | { readonly type: "graph-request"; readonly request: GraphRequestRecord }
  | { readonly type: "call-answered"; readonly answeredBy: RedirectTarget }
  | { readonly type: "call-ended"; readonly ending: Ending; readonly resultInfo: ResultInfo | null }
);

/** A record while it is being filled in. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
