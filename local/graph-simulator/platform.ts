import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Call } from "./call.ts";
import { Deliveries } from "./deliveries.ts";
import {
  type CallFault,
  drawFirst,
  FaultList,
  type FaultPlan,
  type GraphFailure,
  type IdentityFault,
  isGraphFailure,
  isIdentityFault,
  isKeyServerFault,
  isLatency,
  isNotificationFault,
  type KeyServerFault,
  latencyOf,
} from "./faults.ts";
import type { Called, IdentitySet } from "./identities.ts";
import { type Random, seededRandom } from "./random.ts";
import type { SimulatorEvent } from "./records.ts";
import type { Redirect, RedirectTarget } from "./redirect-rules.ts";
import { type RingResult, ringTargets, type Target, type TargetSettings } from "./ring.ts";
import type { TokenIssuer } from "./tokens.ts";

/** A call to place. */
export interface CallRequest {
  /** Null or empty: withheld. */
  readonly caller: IdentitySet | null;
  readonly called: Called;
  /** Default: a new GUID. */
  readonly callId?: string | undefined;
  /** Default: a new GUID. */
  readonly callChainId?: string | undefined;
  /** Default: the simulator's tenant. Null: `resourceData` does not name one. */
  readonly tenantId?: string | null | undefined;
  /** Properties laid over the call in the notifications, e.g. callRoutes. */
  readonly resourceData?: Readonly<Record<string, unknown>> | undefined;
  readonly faults?: readonly CallFault[] | undefined;
}

/** What the simulator is started with, defaults filled in, as far as the platform needs it. */
export interface PlatformOptions {
  readonly webhookUrl: string;
  readonly tenantId: string;
  readonly ringMs: number;
  readonly talkMs: number;
  readonly answerWithinMs: number;
  readonly timeScale: number;
  readonly onEvent: (event: SimulatorEvent) => void;
}

/** A call id that was used before. */
export class DuplicateCallError extends Error {
  override readonly name = "DuplicateCallError";
}

const ordinaryTarget: Target = { behaviour: "answer", ringMs: null, faults: new FaultList() };

/** The calling platform without its HTTP server: calls, targets, faults, and the posts to the webhook. */
export class Platform {
  readonly #options: PlatformOptions;
  readonly #deliveries: Deliveries;
  readonly #calls = new Map<string, Call>();
  readonly #callFaults = new Map<string, FaultList<CallFault>>();
  readonly #targets = new Map<string, Target>();
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #faults = new FaultList();
  #seed = 1;
  #random: Random = seededRandom(this.#seed);

  constructor(tokens: TokenIssuer, options: PlatformOptions) {
    this.#options = options;
    const { webhookUrl, onEvent } = options;
    this.#deliveries = new Deliveries(webhookUrl, { tokens, onEvent, closing: this.closing });
  }

  /** Aborts when the simulator closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  call(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  get faults(): FaultPlan {
    return { seed: this.#seed, faults: this.#faults.remaining() };
  }

  setFaults({ seed = 1, faults }: FaultPlan): void {
    this.#seed = seed;
    this.#random = seededRandom(seed);
    this.#faults = new FaultList(faults);
  }

  setTarget(id: string, { behaviour = "answer", ringMs, faults = [] }: TargetSettings): void {
    this.#targets.set(id.toLowerCase(), { behaviour, ringMs: ringMs ?? null, faults: new FaultList(faults) });
  }

  setWebhookUrl(webhookUrl: string): void {
    this.#deliveries.setWebhookUrl(webhookUrl);
  }

  /**
   * Places a call; resolves when the first post about it was answered. The call is known before anything is waited
   * for, so it can be waited for while it is being placed.
   *
   * @throws DuplicateCallError
   */
  async place(request: CallRequest): Promise<Call> {
    this.closing.throwIfAborted();
    const call = this.#createCall(request);
    const { id, caller, called } = call;
    this.#options.onEvent({ type: "call-placed", callId: id, atMs: performance.now(), caller, called });
    await this.run(call.during(() => this.#deliveries.begin(call)));
    this.closing.throwIfAborted();
    return call;
  }

  /** Whether a target makes Graph refuse the redirect. */
  refuses(target: RedirectTarget): boolean {
    return this.#target(target).behaviour === "refuse";
  }

  /** What ringing these targets will come to. */
  ring({ targets, timeoutSeconds }: Redirect): RingResult {
    const timeoutMs = timeoutSeconds * 1000 * this.#options.timeScale;
    // Time is scaled down, ringMs is not: without this a short timeout would be over before anybody could answer.
    const ringMs = Math.min(this.#options.ringMs, timeoutMs / 2);
    return ringTargets(
      targets.map((target) => {
        const settings = this.#target(target);
        return { target, behaviour: settings.behaviour, ringMs: settings.ringMs ?? ringMs };
      }),
      timeoutMs,
    );
  }

  /** The faults that strike a request of Graph: the call's own first, then its targets', then everybody's. */
  drawGraphFaults(
    callId: string,
    targets: readonly RedirectTarget[],
  ): { readonly latencyMs: number; readonly failure: GraphFailure | null } {
    const lists = [
      this.#callFaults.get(callId) ?? new FaultList(),
      ...targets.map((target) => this.#target(target).faults),
      this.#faults,
    ];
    const latency = drawFirst(lists, this.#random, isLatency);
    return {
      latencyMs: latency === null ? 0 : latencyOf(latency, this.#random),
      failure: drawFirst(lists, this.#random, isGraphFailure),
    };
  }

  drawKeyServerFault(): KeyServerFault | null {
    return this.#faults.draw(this.#random, isKeyServerFault);
  }

  drawIdentityFault(): IdentityFault | null {
    return this.#faults.draw(this.#random, isIdentityFault);
  }

  /** @throws AbortError when the simulator closes meanwhile */
  async wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.closing });
  }

  /** Has `close` wait for this work. */
  async run<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** Leaves every call as it is and resolves when nothing is going on any more. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the simulator was closed"));
    for (const call of this.calls) call.stop();
    await Promise.allSettled(this.#running);
  }

  #createCall(request: CallRequest): Call {
    const { callId = randomUUID(), callChainId = randomUUID(), tenantId = this.#options.tenantId } = request;
    if (this.#calls.has(callId)) throw new DuplicateCallError(`callId ${callId} is in use`);
    const faults = new FaultList(request.faults);
    const notificationFault = drawFirst([faults, this.#faults], this.#random, isNotificationFault);
    const facts = {
      id: callId,
      callChainId,
      tenantId,
      caller: request.caller,
      called: request.called,
      sourceParticipantId: randomUUID(),
      myParticipantId: randomUUID(),
      resourceData: request.resourceData ?? {},
    };
    const call = new Call(facts, notificationFault?.kind ?? null, {
      answerWithinMs: this.#options.answerWithinMs,
      talkMs: this.#options.talkMs,
      postEnded: (ended) => this.run(ended.during(() => this.#deliveries.end(ended))),
      onEvent: this.#options.onEvent,
    });
    this.#calls.set(callId, call);
    this.#callFaults.set(callId, faults);
    return call;
  }

  #target({ id }: RedirectTarget): Target {
    return this.#targets.get(id.toLowerCase()) ?? ordinaryTarget;
  }
}
