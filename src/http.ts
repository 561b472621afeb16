import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request as secureRequest } from "node:https";
import type { Socket } from "node:net";

/**
 * How long an unused connection is kept. A handshake takes longer than the service's answer, but what stands between
 * forgets a connection after four minutes without saying so, and a request sent on it would be lost.
 */
const IDLE_MS = 60_000;

const KEPT = { keepAlive: true, timeout: IDLE_MS };
const secureAgent = new Agent(KEPT);
const plainAgent = new PlainAgent(KEPT);

export interface Outgoing {
  readonly method: string;
  /** Without `host` and `content-length`, which the address and the body say. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
}

/** Failures of requests that the other side has not seen. */
const unseen = new WeakSet<Error>();

/** Whether a request that failed, by `send`'s error or by its signal's reason, may have been seen by the other side. */
export function mayBeSeen(failure: unknown): boolean {
  return !(failure instanceof Error && unseen.has(failure));
}

/**
 * Sends a request on a kept connection, over node:http: `fetch` takes twice as long over it, and node:http longer when it
 * is given an object of headers, or the signal.
 *
 * @returns the answer as soon as it begins, a redirection like any other; its body is to be read or resumed
 * @throws the signal's reason, or what node:http makes of a failure; `mayBeSeen` says more of either
 */
export function send(address: string, { method, headers, body, signal }: Outgoing): Promise<IncomingMessage> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const url = new URL(address);
  const isSecure = url.protocol === "https:";
  const agent = isSecure ? secureAgent : plainAgent;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let incoming: IncomingMessage | undefined;
  let isConnected = false;
  const outgoing = (isSecure ? secureRequest : plainRequest)({
    // An address of IPv6 has brackets in a URL only.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: url.pathname + url.search,
    method,
    agent,
    headers: listOf(url, method, headers, body),
  });
  const fail = (failure: Error) => {
    if (!isConnected) unseen.add(failure);
    reject(failure);
  };
  const abort = () => {
    const { reason } = signal ?? {};
    // A path that died in silence took all connections with it: the next request is to dial anew.
    if (incoming === undefined && outgoing.reusedSocket) dropUnused(agent, outgoing.socket);
    if (!isConnected && reason instanceof Error) unseen.add(reason);
    (incoming ?? outgoing).destroy(reason);
  };
  const connected = () => {
    isConnected = true;
  };
  signal?.addEventListener("abort", abort);
  outgoing
    .on("socket", (socket) => {
      if (outgoing.reusedSocket) connected();
      else socket.once(isSecure ? "secureConnect" : "connect", connected);
    })
    .on("response", (answer) => {
      incoming = answer;
      resolve(answer);
    })
    .on("error", fail)
    .on("close", () => signal?.removeEventListener("abort", abort))
    .end(body);
  return promise;
}

const BODILESS = ["GET", "HEAD", "DELETE"];

/** Names and values in turn, which node:http sends as they are; those of an object it would keep and look up one by one. */
function listOf({ host }: URL, method: string, headers: Outgoing["headers"], body: string): string[] {
  const list = ["host", host, ...Object.entries(headers).flat()];
  // Of a body whose length nobody says node:http makes chunks, however empty it is.
  if (body !== "" || !BODILESS.includes(method)) list.push("content-length", String(Buffer.byteLength(body)));
  return list;
}

/** Closes the unused connections to where a socket leads. */
function dropUnused({ freeSockets }: PlainAgent, used: Socket | null): void {
  for (const socket of Object.values(freeSockets).flat()) {
    if (socket?.remoteAddress === used?.remoteAddress && socket?.remotePort === used?.remotePort) socket?.destroy();
  }
}

/**
 * Reads an answer's body to its end.
 *
 * @param most characters that are kept
 * @throws what broke it off, or the reason of the signal that did
 */
export function readBody(incoming: IncomingMessage, most = Number.POSITIVE_INFINITY): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  incoming
    .setEncoding("utf8")
    .on("data", (chunk: string) => {
      if (text.length < most) text += chunk;
    })
    .on("error", reject)
    .on("end", () => resolve(text));
  return promise;
}

/**
 * An answer's headers but for `set-cookie`, the one that node:http has as a list.
 *
 * @param names those that are wanted, in lower case; default: all
 */
export function headersOf({ headers }: IncomingMessage, names = Object.keys(headers)): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
}
