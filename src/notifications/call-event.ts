import type { CallFacts } from "../routing/rule.ts";

/** Graph's resultInfo of a call that ended; numbers where it gave numbers or digits. */
export interface ResultInfo {
  readonly code?: number;
  readonly subcode?: number;
  readonly message?: string;
}

export interface IncomingCall {
  readonly kind: "incoming";
  /** As received: it goes into Graph's URL. */
  readonly callId: string;
  /** The call's tenant, where the notification names it. */
  readonly tenantId?: string;
  /** One per conversation; two calls may share it. */
  readonly callChainId?: string;
  /** The number that the caller dialled, as Graph wrote it; seldom given. */
  readonly dialledNumber?: string;
  readonly call: CallFacts;
}

export interface EndedCall {
  readonly kind: "ended";
  readonly callId: string;
  readonly tenantId?: string;
  readonly result: ResultInfo;
  /** Present when somebody answered. */
  readonly answeredBy?: string;
}

/** A compliance-recording policy invites the bot: it looks like an incoming call, but nobody waits to be connected. */
export interface RecordingInvitation {
  readonly kind: "recording-invitation";
  readonly callId: string;
  readonly tenantId?: string;
}

/** Rosters, operations, content sharing, progress of calls: nothing to do. */
export interface OtherNotification {
  readonly kind: "other";
  readonly about: string;
}

/** An entry that cannot be used, and why. */
export interface UnreadableEntry {
  readonly kind: "unreadable";
  readonly reason: string;
}

/** What an entry of a delivery means to us. */
export type CallEvent = IncomingCall | EndedCall | RecordingInvitation | OtherNotification | UnreadableEntry;
