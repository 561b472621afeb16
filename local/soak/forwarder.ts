import { createServer, type IncomingMessage, request as openRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../graph-simulator/random.ts";
import { listen } from "../listen.ts";
import type { Incarnation } from "./instances.ts";

/** One post as one process of the app got it. Times are `performance.now()`. */
export interface Attempt {
  readonly callId: string;
  /** `incoming` or `terminated`. */
  readonly state: string;
  readonly incarnation: string;
  readonly sentMs: number;
  readonly answeredMs: number;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface ForwarderOptions {
  /** Whose turn it may be: every process that takes posts now. */
  readonly incarnations: () => readonly Incarnation[];
  readonly random: Random;
}

/** The platform's way to the app: it spreads the posts in turn, and repeats one that was not taken. */
export interface Forwarder {
  readonly url: string;
  /** Every attempt that has come to an end, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Resolves once nothing is under way to a process any more, or to any of them. */
  idle(incarnation?: string): Promise<void>;
  close(): Promise<void>;
}

/** The platform gives up on a call after so long, and on its posts with it. */
const REPEATS_WITHIN_MS = 15_000;
const ANSWER_TIMEOUT_MS = 18_000;

export async function startForwarder({ incarnations, random }: ForwarderOptions): Promise<Forwarder> {
  const attempts: Attempt[] = [];
  const open = new Set<{ readonly incarnation: string; readonly done: Promise<unknown> }>();
  const closing = new AbortController();
  const lastOf = new Map<string, string>();
  let turn = 0;

  /** The next in turn; but what is posted twice about a call goes to another instance each time, if there is one. */
  function next(callId: string): Incarnation | undefined {
    const all = incarnations();
    const others = all.filter(({ name }) => name !== lastOf.get(callId));
    const choices = others.length > 0 ? others : all;
    const chosen = choices[turn++ % Math.max(1, choices.length)];
    if (chosen !== undefined) lastOf.set(callId, chosen.name);
    return chosen;
  }

  async function send(incoming: IncomingMessage, body: Buffer): Promise<Attempt> {
    const { callId, state } = describe(body);
    const incarnation = next(callId);
    const about = { callId, state, incarnation: incarnation?.name ?? "none", sentMs: performance.now() };
    if (incarnation === undefined) {
      const attempt = { ...about, answeredMs: performance.now(), status: null, error: "no instance is up" };
      attempts.push(attempt);
      return attempt;
    }
    const done = forward(`${incarnation.url}${incoming.url}`, incoming, body, closing.signal);
    const entry = { incarnation: incarnation.name, done };
    open.add(entry);
    const answer = await done;
    open.delete(entry);
    const attempt = { ...about, answeredMs: performance.now(), ...answer };
    attempts.push(attempt);
    return attempt;
  }

  async function deliver(incoming: IncomingMessage, body: Buffer): Promise<number | null> {
    const arrivedMs = performance.now();
    const repeats = random() < 0.5 ? 1 : 2;
    for (let repeat = 0; ; repeat++) {
      const { status } = await send(incoming, body);
      if (status !== null && status !== 503) return status;
      const pauseMs = 300 + random() * 5000;
      if (repeat >= repeats || performance.now() + pauseMs - arrivedMs > REPEATS_WITHIN_MS) return status;
      await sleep(pauseMs, undefined, { signal: closing.signal });
    }
  }

  const deliveries = new Set<Promise<unknown>>();
  const server = createServer(async (incoming, response) => {
    const delivery = buffer(incoming).then((body) => deliver(incoming, body));
    deliveries.add(delivery);
    try {
      const status = await delivery;
      if (status === null) response.destroy();
      else response.writeHead(status).end();
    } catch {
      // The sender has gone, or the forwarder is closing.
      response.destroy();
    } finally {
      deliveries.delete(delivery);
    }
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  return {
    url,
    attempts,
    async idle(incarnation) {
      if (incarnation === undefined) await Promise.allSettled(deliveries);
      const own = [...open].filter((each) => incarnation === undefined || each.incarnation === incarnation);
      await Promise.all(own.map(({ done }) => done));
    },
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface ForwardedAnswer {
  readonly status: number | null;
  readonly error: string | null;
}

/** Posts it on, over a connection of its own. Never rejects. */
function forward(url: string, incoming: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<ForwardedAnswer> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ status: null, error: error.message });
    const { host: _, connection: __, ...headers } = incoming.headers;
    const outgoing = openRequest(url, { method: "POST", agent: false, headers, signal }, (response) => {
      response.on("error", fail);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, error: null }));
      response.resume();
    });
    outgoing.setTimeout(ANSWER_TIMEOUT_MS, () => outgoing.destroy(new Error("there was no answer in time")));
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** Whose post it is. The simulator writes one notification a post. */
function describe(body: Buffer): { readonly callId: string; readonly state: string } {
  const { value } = JSON.parse(body.toString()) as {
    readonly value: readonly { readonly resourceData: { readonly id: string; readonly state: string } }[];
  };
  return { callId: value[0]?.resourceData.id ?? "", state: value[0]?.resourceData.state ?? "" };
}
