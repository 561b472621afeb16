import { type IncomingMessage, Agent as PlainAgent, request as plainRequest, type RequestOptions } from "node:http";
import { Agent, request as secureRequest } from "node:https";
import { GraphClientError, type Middleware } from "@microsoft/microsoft-graph-client";
import { messageOf } from "../errors.ts";

/**
 * How long an unused connection is kept. A handshake takes longer than Graph's answer, but what stands between forgets a
 * connection after four minutes without saying so, and a request sent on it would be lost.
 */
const IDLE_MS = 60_000;
/** Of an error's body; Graph's own are short. */
const MOST_BODY = 64 * 1024;

const KEPT = { keepAlive: true, timeout: IDLE_MS };
const secureAgent = new Agent(KEPT);
const plainAgent = new PlainAgent(KEPT);

/**
 * The last link of the Graph client's chain, over node:http: `fetch` takes more than twice as long over a request.
 * Redirections are answers like any other.
 *
 * The client makes an error of its own of every failure but a GraphClientError and drops the cause, which alone says
 * whether Graph was reached.
 */
export const sender: Middleware = {
  async execute(context) {
    const { method = "GET", headers, body, signal } = context.options ?? {};
    try {
      const answer = await send(String(context.request), body === undefined ? "" : String(body), {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal ? { signal } : {}),
      });
      context.response = new Response(answer.text || null, answer);
    } catch (error) {
      const failure = new GraphClientError(messageOf(error));
      failure.cause = error;
      throw failure;
    }
  },
};

interface Answer {
  readonly status: number;
  readonly headers: [string, string][];
  /** Empty of an acceptance, whose body says nothing of use. */
  readonly text: string;
}

function send(address: string, body: string, options: RequestOptions): Promise<Answer> {
  const { protocol, hostname, port, pathname, search } = new URL(address);
  const isSecure = protocol === "https:";
  const open = isSecure ? secureRequest : plainRequest;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = open(
    {
      ...options,
      ...{ hostname, port, path: pathname + search },
      agent: isSecure ? secureAgent : plainAgent,
      headers: { ...options.headers, "content-length": Buffer.byteLength(body) },
    },
    (incoming) => {
      const { statusCode: status = 0 } = incoming;
      const headers = headersOf(incoming);
      let text = "";
      const answered = () => resolve({ status, headers, text });
      // An answer whose body breaks off is an answer all the same.
      incoming.on("error", answered).on("end", answered);
      if (status < 300) {
        answered();
        incoming.resume();
        return;
      }
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length < MOST_BODY) text += chunk;
      });
    },
  );
  outgoing.on("error", reject).end(body);
  return promise;
}

function headersOf({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
}
