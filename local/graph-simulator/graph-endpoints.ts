import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Call } from "./call.ts";
import { FieldError, parseJson } from "./fields.ts";
import {
  accepted,
  badRequest,
  callNotFound,
  faultAnswer,
  type GraphAnswer,
  type RequestIds,
  refused,
  requestIds,
  tenantMismatch,
  throttled,
  unauthorized,
} from "./graph-answers.ts";
import { decodeSegment } from "./http.ts";
import type { Platform } from "./platform.ts";
import type { GraphAction, GraphRequestRecord, SimulatorEvent, Writable } from "./records.ts";
import { parseRedirect, parseReject, type Redirect, type Reject } from "./redirect-rules.ts";

export interface GraphEndpointOptions {
  /** The only token that is taken. */
  readonly graphToken: string;
  readonly onEvent: (event: SimulatorEvent) => void;
}

/** What a request asks for, as far as its body can be understood. */
type Demand =
  | { readonly kind: "redirect"; readonly redirect: Redirect }
  | { readonly kind: "reject"; readonly reject: Reject }
  | { readonly kind: "invalid"; readonly detail: string };

/** A redirect or reject on its way through. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly ids: RequestIds;
  readonly action: GraphAction;
  readonly callId: string;
  readonly call: Call | undefined;
  readonly record: Writable<GraphRequestRecord>;
}

/** What goes back: an answer, or the connection is reset or left open without one. */
type Outcome = GraphAnswer | "reset" | "hang";

const actionPath = /^\/v1\.0\/communications\/calls\/([^/]+)\/(?:microsoft\.graph\.)?(redirect|reject)$/;

/**
 * Graph's `/v1.0`. As at Graph, the token is looked at first and the body's form before the call; faults strike in
 * between. A call that was redirected or rejected already is not found, like one that is over.
 */
export class GraphEndpoints {
  readonly #platform: Platform;
  readonly #options: GraphEndpointOptions;

  constructor(platform: Platform, options: GraphEndpointOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedMs = performance.now();
    const path = request.url ?? "";
    const body = await text(request);
    const ids = requestIds(request.headers);
    const [, id, action] = actionPath.exec(path) ?? [];
    if (request.method !== "POST" || id === undefined || (action !== "redirect" && action !== "reject")) {
      send(response, badRequest(`There is no ${request.method} ${path}.`, ids));
      return;
    }

    const callId = decodeSegment(id);
    const call = this.#platform.call(callId);
    const record = openRecord({ action, path, headers: request.headers, body, receivedMs, call });
    call?.requests.push(record);
    call?.changed();

    const outcome = await this.#settle({ request, body, ids, action, callId, call, record });
    if (typeof outcome === "object") {
      record.status = outcome.status;
      record.code = outcome.code;
      record.answeredMs = performance.now();
    }
    this.#options.onEvent({ type: "graph-request", callId, atMs: performance.now(), request: record });
    send(response, outcome);
    call?.changed();
  }

  async #settle({ request, body, ids, action, callId, call, record }: Exchange): Promise<Outcome> {
    const { authorization, "content-type": contentType } = request.headers;
    if (authorization !== `Bearer ${this.#options.graphToken}`) return unauthorized(authorization !== undefined, ids);

    const demand = readDemand(action, contentType, body);
    const targets = demand.kind === "redirect" ? demand.redirect.targets : [];
    const { latencyMs, failure } = this.#platform.drawGraphFaults(callId, targets);
    record.fault = failure?.kind ?? null;
    await this.#platform.wait(latencyMs);
    if (failure === null) return this.#carryOut(demand, call, record, ids);
    switch (failure.kind) {
      case "reset-after":
        this.#carryOut(demand, call, record, ids);
        return "reset";
      case "reset-before":
        return "reset";
      case "hang":
        return "hang";
      case "429":
        return throttled(failure, ids);
      default:
        return faultAnswer(failure.kind, ids);
    }
  }

  #carryOut(
    demand: Demand,
    call: Call | undefined,
    record: Writable<GraphRequestRecord>,
    ids: RequestIds,
  ): GraphAnswer {
    if (demand.kind === "invalid") return badRequest(demand.detail, ids);
    if (call === undefined || !call.isOpen) return refused(callNotFound, ids);
    if (demand.kind === "redirect" && this.#isRefused(demand.redirect, call)) return refused(tenantMismatch, ids);

    record.accepted = true;
    if (demand.kind === "redirect") call.acceptRedirect(demand.redirect, this.#platform.ring(demand.redirect));
    else call.acceptReject(demand.reject);
    return accepted(ids);
  }

  #isRefused({ targets }: Redirect, { called }: Call): boolean {
    // Only a resource account can have a number, and only a call to one may go out to the PSTN. Which error says so is
    // not known; 7505 is what bots have met where a target was of a kind that did not fit.
    const mayReachPstn = "applicationInstance" in called;
    return targets.some((target) => (target.kind === "phone" && !mayReachPstn) || this.#platform.refuses(target));
  }
}

function openRecord(
  received: Pick<GraphRequestRecord, "action" | "path" | "headers" | "receivedMs"> & {
    readonly body: string;
    readonly call: Call | undefined;
  },
): Writable<GraphRequestRecord> {
  const { action, path, receivedMs, body, call } = received;
  const { authorization: _token, ...headers } = received.headers;
  const sentMs = call?.posts.find(({ state }) => state === "incoming")?.sentMs;
  return {
    action,
    path,
    headers,
    body: jsonOrText(body),
    receivedMs,
    sinceIncomingMs: sentMs === undefined ? null : receivedMs - sentMs,
    answeredMs: null,
    status: null,
    code: null,
    fault: null,
    accepted: false,
  };
}

function readDemand(action: GraphAction, contentType: string | undefined, body: string): Demand {
  if (!/^application\/json\b/i.test(contentType ?? "")) {
    return { kind: "invalid", detail: "Entity only allows writes with a JSON Content-Type header." };
  }
  try {
    const json = parseJson(body, "body");
    return action === "redirect"
      ? { kind: "redirect", redirect: parseRedirect(json) }
      : { kind: "reject", reject: parseReject(json) };
  } catch (error) {
    if (error instanceof FieldError) return { kind: "invalid", detail: error.message };
    throw error;
  }
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === "reset") response.socket?.resetAndDestroy();
  else if (outcome !== "hang") response.writeHead(outcome.status, outcome.headers).end(outcome.body);
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}
