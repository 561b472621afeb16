import type { IncomingMessage } from "node:http";
import { GraphClientError, type Middleware } from "@microsoft/microsoft-graph-client";
import { messageOf } from "../errors.ts";
import { headersOf, readBody, send } from "../http.ts";

/** Characters kept of an error's body; Graph's own are short. */
const MOST_BODY = 64 * 1024;
/** Milliseconds that an acceptance's body, which nobody waits for, may take to end. */
const DRAIN_MS = 5000;

/** Those that are read of an answer: to make a Response costs most for its headers. */
const KEPT_HEADERS = ["request-id", "retry-after"];

/**
 * The last link of the Graph client's chain, in place of its `fetch`.
 *
 * The client makes an error of its own of every failure but a GraphClientError and drops the cause, which alone says
 * whether Graph was reached.
 */
export const sender: Middleware = {
  async execute(context) {
    const { method = "GET", headers, body, signal } = context.options ?? {};
    try {
      const incoming = await send(String(context.request), {
        method,
        headers: plain(headers),
        body: body === undefined ? "" : String(body),
        signal: signal ?? undefined,
      });
      context.response = new Response((await textOf(incoming)) || null, {
        status: incoming.statusCode ?? 0,
        headers: headersOf(incoming, KEPT_HEADERS),
      });
    } catch (error) {
      const failure = new GraphClientError(messageOf(error));
      failure.cause = error;
      throw failure;
    }
  },
};

/** Headers as the client has them, or as its type would allow them to be. */
function plain(headers: HeadersInit = {}): Readonly<Record<string, string>> {
  return headers instanceof Headers || Array.isArray(headers) ? Object.fromEntries(new Headers(headers)) : headers;
}

/** Empty of an acceptance, whose body says nothing of use. An answer whose body breaks off is an answer all the same. */
async function textOf(incoming: IncomingMessage): Promise<string> {
  if ((incoming.statusCode ?? 0) >= 300) return await readBody(incoming, MOST_BODY).catch(() => "");
  incoming.on("error", () => {}).resume();
  if (!incoming.complete) {
    const timer = setTimeout(() => incoming.destroy(), DRAIN_MS).unref();
    incoming.on("close", () => clearTimeout(timer));
  }
  return "";
}
