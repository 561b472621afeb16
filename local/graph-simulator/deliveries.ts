import { randomUUID } from "node:crypto";
import type { Call } from "./call.ts";
import { deliveryHeaders, endedNotification, incomingNotification } from "./notifications.ts";
import { post } from "./post.ts";
import type { PostRecord, SimulatorEvent, Writable } from "./records.ts";
import type { TokenIssuer } from "./tokens.ts";

/** Posts the notifications about calls to the webhook, in the order that the call's notification fault asks for. */
export class Deliveries {
  readonly #tokens: TokenIssuer;
  readonly #onEvent: (event: SimulatorEvent) => void;
  readonly #closing: AbortSignal;
  #webhookUrl: URL;

  /** @throws TypeError when `webhookUrl` is not an http address */
  constructor(
    webhookUrl: string,
    {
      tokens,
      onEvent,
      closing,
    }: { tokens: TokenIssuer; onEvent: (event: SimulatorEvent) => void; closing: AbortSignal },
  ) {
    this.#webhookUrl = parseWebhookUrl(webhookUrl);
    this.#tokens = tokens;
    this.#onEvent = onEvent;
    this.#closing = closing;
  }

  /** @throws TypeError when `webhookUrl` is not an http address */
  setWebhookUrl(webhookUrl: string): void {
    this.#webhookUrl = parseWebhookUrl(webhookUrl);
  }

  /** Posts what tells of a new call; for a call that is over before it begins, its end as well. */
  async begin(call: Call): Promise<void> {
    switch (call.notificationFault) {
      case "ended-without-incoming":
        return call.end("caller-gone");
      case "ended-before-incoming":
        await call.end("caller-gone");
        return this.#postIncoming(call);
      case "ended-with-incoming":
        await Promise.all([call.end("caller-gone"), this.#postIncoming(call)]);
        return;
      default:
        return this.#postIncoming(call);
    }
  }

  /** Posts the end of a call, unless its fault is that nobody hears of it. */
  async end(call: Call): Promise<void> {
    if (call.notificationFault !== "missing-ended") await this.#repeat(call, () => this.#post(call, "terminated"));
  }

  async #postIncoming(call: Call): Promise<void> {
    call.startWaiting();
    await this.#repeat(call, () => this.#post(call, "incoming"));
  }

  async #repeat({ notificationFault }: Call, once: () => Promise<void>): Promise<void> {
    if (notificationFault === "duplicate-concurrent") {
      await Promise.all([once(), once()]);
      return;
    }
    await once();
    if (notificationFault === "duplicate-sequential") await once();
  }

  async #post(call: Call, state: PostRecord["state"]): Promise<void> {
    const token = await this.#tokens.issue({ tid: call.tenantId ?? undefined });
    const callbackUri = (state === "terminated" ? call.callbackUri : null) ?? this.#webhookUrl.href;
    const record: Writable<PostRecord> = {
      url: this.#reachable(callbackUri),
      state,
      headers: deliveryHeaders(call, { messageId: randomUUID(), isFirst: call.posts.length === 0 }),
      body:
        state === "incoming"
          ? incomingNotification(call, callbackUri)
          : endedNotification(call, callbackUri, call.ended?.resultInfo ?? null, call.answeredBy),
      sentMs: performance.now(),
      answeredMs: null,
      status: null,
      error: null,
    };
    call.posts.push(record);
    call.changed();

    const { status, error } = await post(record.url, {
      headers: { Authorization: `Bearer ${token}`, ...record.headers },
      body: JSON.stringify(record.body),
      signal: this.#closing,
    });
    record.status = status;
    record.error = error;
    record.answeredMs = performance.now();
    this.#onEvent({ type: "notification-posted", callId: call.id, atMs: record.answeredMs, post: record });
    call.changed();
  }

  /** A callbackUri is https and public; the simulator stands for DNS and TLS too, and posts to the webhook's host. */
  #reachable(callbackUri: string): string {
    const { pathname, search } = new URL(callbackUri);
    return `${this.#webhookUrl.origin}${pathname}${search}`;
  }
}

function parseWebhookUrl(webhookUrl: string): URL {
  const url = URL.parse(webhookUrl);
  if (url?.protocol !== "http:") throw new TypeError(`webhookUrl must be an http address, not ${webhookUrl}`);
  return url;
}
