import type { NotificationFaultKind } from "./faults.ts";
import type { Called, IdentitySet } from "./identities.ts";
import type { CallFacts } from "./notifications.ts";
import type {
  CallState,
  Ending,
  GraphRequestRecord,
  PostRecord,
  ResultInfo,
  SimulatedCall,
  SimulatorEvent,
  Writable,
} from "./records.ts";
import type { Redirect, RedirectTarget, Reject, RejectReason } from "./redirect-rules.ts";
import type { RingResult } from "./ring.ts";

/** What a call asks of the platform that it belongs to. */
export interface CallHooks {
  /** How long a call waits to be redirected or rejected, counted from its incoming notification. */
  readonly answerWithinMs: number;
  /** How long an answered call lasts. */
  readonly talkMs: number;
  /** Posts the ended notification; resolves when it was answered. */
  readonly postEnded: (call: Call) => Promise<void>;
  readonly onEvent: (event: SimulatorEvent) => void;
}

/**
 * What `resultInfo` says of each ending. Pairs are those of the calling service's published tables; that a redirected
 * call ends with the same ones is likely and not documented. A rejected call has none, as on Graph's reject page.
 */
const resultInfos: Readonly<Record<Ending, ResultInfo | null>> = {
  answered: { code: 200, subcode: 4521, message: "The other participant ended the call. DiagCode: 200#4521.@" },
  "no-answer": { code: 487, subcode: 10004, message: "Call was not accepted in time. DiagCode: 487#10004.@" },
  busy: { code: 486, subcode: 560486, message: "Busy. DiagCode: 486#560486.@" },
  declined: { code: 603, subcode: 0, message: "Declined. DiagCode: 603#0.@" },
  unreachable: { code: 480, subcode: 10037, message: "No callee endpoints were found. DiagCode: 480#10037.@" },
  rejected: null,
  "caller-gone": { code: 487, subcode: 540487, message: "Canceled. DiagCode: 487#540487.@" },
};

/** The life of one call: from incoming through ringing and talking to its end, with the record of it. */
export class Call implements SimulatedCall, CallFacts {
  readonly id: string;
  readonly callChainId: string;
  readonly tenantId: string | null;
  readonly caller: IdentitySet | null;
  readonly called: Called;
  readonly sourceParticipantId: string;
  readonly myParticipantId: string;
  readonly resourceData: Readonly<Record<string, unknown>>;
  readonly notificationFault: NotificationFaultKind | null;
  readonly posts: Writable<PostRecord>[] = [];
  readonly requests: Writable<GraphRequestRecord>[] = [];
  readonly states: { readonly state: CallState; readonly atMs: number }[] = [];
  state: CallState = "incoming";
  redirect: Redirect | null = null;
  reject: RejectReason | null = null;
  answeredBy: RedirectTarget | null = null;
  ended: SimulatedCall["ended"] = null;
  finished = false;
  /** The callbackUri of the accepted redirect or reject. */
  callbackUri: string | null = null;

  readonly #hooks: CallHooks;
  readonly #watchers = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #deliveries = 0;

  constructor(facts: CallFacts, notificationFault: NotificationFaultKind | null, hooks: CallHooks) {
    this.id = facts.id;
    this.callChainId = facts.callChainId;
    this.tenantId = facts.tenantId;
    this.caller = facts.caller;
    this.called = facts.called;
    this.sourceParticipantId = facts.sourceParticipantId;
    this.myParticipantId = facts.myParticipantId;
    this.resourceData = facts.resourceData;
    this.notificationFault = notificationFault;
    this.#hooks = hooks;
    this.#enter("incoming");
  }

  /** Whether Graph still takes a redirect or a reject: once one was taken, or the call is over, it is not found. */
  get isOpen(): boolean {
    return this.state === "incoming" && this.redirect === null && this.reject === null;
  }

  /** The incoming notification is on its way: from here on the platform's limit runs. */
  startWaiting(): void {
    if (this.isOpen) this.#after(this.#hooks.answerWithinMs, () => this.end("caller-gone"));
  }

  /** Takes a redirect. What comes of the ringing is settled already; it only has to happen. */
  acceptRedirect(redirect: Redirect, result: RingResult): void {
    this.redirect = redirect;
    this.callbackUri = redirect.callbackUri;
    this.#enter("ringing");
    this.#after(result.afterMs, () => {
      if (result.ending === "answered") this.#answer(result.answeredBy);
      else void this.end(result.ending);
    });
  }

  /** Takes a reject: the call is over. */
  acceptReject({ reason, callbackUri }: Reject): void {
    this.reject = reason;
    this.callbackUri = callbackUri;
    void this.end("rejected");
  }

  /** Ends the call; resolves when the ended notification was answered. */
  end(ending: Ending): Promise<void> {
    clearTimeout(this.#timer);
    const atMs = performance.now();
    const resultInfo = resultInfos[ending];
    this.ended = { ending, resultInfo, atMs };
    this.#enter("terminated");
    this.#hooks.onEvent({ type: "call-ended", callId: this.id, atMs, ending, resultInfo });
    return this.#hooks.postEnded(this);
  }

  /** Runs work that posts notifications; the call is not finished before all such work is. */
  async during(work: () => Promise<void>): Promise<void> {
    this.#deliveries += 1;
    try {
      await work();
    } finally {
      this.#deliveries -= 1;
      this.finished = this.ended !== null && this.#deliveries === 0;
      this.changed();
    }
  }

  /** Has `watcher` called at every change. Returns what ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Tells the watchers that the record changed. */
  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Leaves the call as it is, for good. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #answer(answeredBy: RedirectTarget): void {
    this.answeredBy = answeredBy;
    this.#hooks.onEvent({ type: "call-answered", callId: this.id, atMs: performance.now(), answeredBy });
    this.#enter("established");
    this.#after(this.#hooks.talkMs, () => this.end("answered"));
  }

  #enter(state: CallState): void {
    this.state = state;
    this.states.push({ state, atMs: performance.now() });
    this.changed();
  }

  #after(ms: number, next: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(next, ms);
  }
}
