import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { GraphAnswerFault, ThrottlingFault } from "./faults.ts";

/** The ids that Graph gives a request. */
export interface RequestIds {
  readonly requestId: string;
  /** As sent, else the request id. */
  readonly clientRequestId: string;
}

/** An answer of Graph's, ready to be sent. */
export interface GraphAnswer {
  readonly status: number;
  /** The error's `code`; null where the body has none. */
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface GraphError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const callNotFound: GraphError = { status: 404, code: "8522", message: "Call not found." };
export const tenantMismatch: GraphError = {
  status: 403,
  code: "7505",
  message: "Request authorization tenant mismatch.",
};

const notRegistered = "Application is not registered in our store.";

// Codes from 7503 on, and 9999, are those of the calling service as bots have met them; the others are the gateway's.
const faultErrors: Readonly<Record<Exclude<GraphAnswerFault, "html">, GraphError>> = {
  "401": {
    status: 401,
    code: "InvalidAuthenticationToken",
    message: "Lifetime validation failed, the token is expired.",
  },
  "500": { status: 500, code: "9999", message: "Unkown internal Server Error." },
  "502": { status: 502, code: "BadGateway", message: "Bad gateway." },
  "503": { status: 503, code: "ServiceUnavailable", message: "The service is unavailable." },
  "504": { status: 504, code: "GatewayTimeout", message: "The gateway did not receive a response in time." },
  "7503": { status: 403, code: "7503", message: notRegistered },
  "7504": {
    status: 403,
    code: "7504",
    message: "Insufficient enterprise tenant permissions, cannot access this API.",
  },
  "7505": tenantMismatch,
  "8522": callNotFound,
  "unknown-error": {
    status: 403,
    code: "UnknownError",
    message: JSON.stringify({ errorCode: "7503", message: notRegistered, instanceAnnotations: [] }),
  },
};

export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const requestId = randomUUID();
  const sent = headers["client-request-id"];
  return { requestId, clientRequestId: typeof sent === "string" ? sent : requestId };
}

export function accepted(ids: RequestIds): GraphAnswer {
  return { status: 202, code: null, headers: answerHeaders(ids), body: "" };
}

/** An error in Graph's form. `headers` are added to those that every answer has. */
export function refused(
  { status, code, message }: GraphError,
  ids: RequestIds,
  headers: Readonly<Record<string, string>> = {},
): GraphAnswer {
  const innerError = {
    // Graph writes this moment without its zone.
    date: new Date().toISOString().slice(0, 19),
    "request-id": ids.requestId,
    "client-request-id": ids.clientRequestId,
  };
  return {
    status,
    code,
    headers: { ...answerHeaders(ids), "content-type": "application/json", ...headers },
    body: JSON.stringify({ error: { code, message, innerError } }),
  };
}

export function badRequest(detail: string, ids: RequestIds): GraphAnswer {
  return refused({ status: 400, code: "BadRequest", message: `The request is invalid. ${detail}` }, ids);
}

export function unauthorized(hasToken: boolean, ids: RequestIds): GraphAnswer {
  const message = hasToken ? "Access token validation failure." : "Access token is empty.";
  return challenge({ status: 401, code: "InvalidAuthenticationToken", message }, ids);
}

/** What Graph answers where a fault strikes. */
export function faultAnswer(kind: GraphAnswerFault, ids: RequestIds): GraphAnswer {
  if (kind === "html") return htmlAnswer(ids);
  const error = faultErrors[kind];
  return error.status === 401 ? challenge(error, ids) : refused(error, ids);
}

export function throttled({ retryAfter }: ThrottlingFault, ids: RequestIds): GraphAnswer {
  const error = { status: 429, code: "TooManyRequests", message: "Too many requests." };
  return refused(error, ids, retryAfter === undefined ? {} : { "retry-after": retryAfterHeader(retryAfter) });
}

function challenge(error: GraphError, ids: RequestIds): GraphAnswer {
  return refused(error, ids, {
    "www-authenticate": 'Bearer realm="", client_id="00000003-0000-0000-c000-000000000000"',
  });
}

function htmlAnswer(ids: RequestIds): GraphAnswer {
  return {
    status: 502,
    code: null,
    headers: { ...answerHeaders(ids), "content-type": "text/html" },
    body: "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>",
  };
}

function retryAfterHeader(retryAfter: number | "date" | "absurd"): string {
  switch (retryAfter) {
    case "date":
      return new Date(Date.now() + 5000).toUTCString();
    case "absurd":
      return "999999999";
    default:
      return String(retryAfter);
  }
}

function answerHeaders({ requestId, clientRequestId }: RequestIds): Record<string, string> {
  const serverInfo = {
    DataCenter: "West Europe",
    Slice: "E",
    Ring: "5",
    ScaleUnit: "003",
    RoleInstance: "AM2PEPF0001",
  };
  return {
    "request-id": requestId,
    "client-request-id": clientRequestId,
    "x-ms-ags-diagnostic": JSON.stringify({ ServerInfo: serverInfo }),
  };
}
