import { randomUUID } from "node:crypto";
import { Client, ResponseType } from "@microsoft/microsoft-graph-client";
import type { Deadline } from "../deadline.ts";
import { Fault, messageOf } from "../errors.ts";
import type { CallControl, GraphAnswer, GraphOutcome, RedirectRequest, RejectRequest } from "../ports.ts";
import { judge, type Reply } from "./judge.ts";
import { redirectBody } from "./redirect-body.ts";
import { readFailure, readReply } from "./reply.ts";
import { sender } from "./sender.ts";
import type { GraphTokens } from "./tokens.ts";

/** Milliseconds that one request may take. Graph's own round trip for a call action is about 1.3 s. */
const TRY_MS = 4000;
const TOKEN_MS = 4000;

/**
 * Redirects and rejects calls through Graph, under a deadline.
 *
 * The client's own middleware is left out: it retries for longer than a call rings, does not heed the signal while it
 * waits, and sends no token to a loopback address. Retries are `judge`'s.
 */
export class GraphCallControl implements CallControl {
  readonly #client: Client;
  readonly #tokens: GraphTokens;

  /** @param graphRoot without a version, such as `https://graph.microsoft.com` */
  constructor(graphRoot: string, tokens: GraphTokens) {
    this.#client = Client.initWithMiddleware({ baseUrl: `${graphRoot}/`, middleware: sender });
    this.#tokens = tokens;
  }

  async redirect(request: RedirectRequest, deadline: Deadline): Promise<GraphOutcome> {
    return await this.#act(request, "redirect", redirectBody(request), deadline);
  }

  async reject(request: RejectRequest, deadline: Deadline): Promise<GraphOutcome> {
    const { reason, callbackUri } = request;
    return await this.#act(request, "reject", { reason, callbackUri }, deadline);
  }

  async #act(
    call: CallAddress,
    action: "redirect" | "reject",
    body: object,
    deadline: Deadline,
  ): Promise<GraphOutcome> {
    const replies: Reply[] = [];
    for (;;) {
      const reply = await this.#try(call, action, body, deadline);
      const verdict = judge(reply, replies);
      replies.push(reply);
      const answer = answerOf(reply, replies.length);
      if (verdict.kind === "done") return { kind: verdict.outcome, answer: saidPlainly(verdict.outcome, answer) };
      if (verdict.freshToken) this.#tokens.forget(call.tenantId);
      if (!(await deadline.pause(verdict.afterMs))) return { kind: verdict.otherwise, answer };
    }
  }

  async #try(call: CallAddress, action: string, body: object, deadline: Deadline): Promise<Reply> {
    let token = this.#tokens.remembered(call.tenantId);
    try {
      token ??= await deadline.within("getting a token for Graph", TOKEN_MS, () => this.#tokens.get(call.tenantId));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { kind: "no-answer", sent: false, message: messageOf(error) };
    }
    try {
      return await deadline.within(`Graph's ${action}`, TRY_MS, async (signal) => {
        const response: Response = await this.#client
          .api(`/communications/calls/${encodeURIComponent(call.callId)}/${action}`)
          .responseType(ResponseType.RAW)
          .header("Authorization", `Bearer ${token}`)
          .header("client-request-id", randomUUID())
          .option("signal", signal)
          .post(body);
        return await readReply(response);
      });
    } catch (error) {
      return readFailure(error);
    }
  }
}

type CallAddress = Pick<RedirectRequest, "callId" | "tenantId">;

/** A refusal that counts as acceptance must not look like a plain one in the records. */
function saidPlainly(outcome: GraphOutcome["kind"], answer: GraphAnswer): GraphAnswer {
  if (outcome !== "accepted" || (answer.status ?? 0) < 400) return answer;
  const message = `probably accepted: the first answer was lost, and the repeat was refused: ${answer.message ?? ""}`;
  return { ...answer, message: message.trimEnd() };
}

function answerOf(reply: Reply, tries: number): GraphAnswer {
  if (reply.kind === "no-answer") return { message: reply.message, tries };
  const { kind: _, retryAfterMs: __, ...answer } = reply;
  return { ...answer, tries };
}
