import { GraphClientError } from "@microsoft/microsoft-graph-client";
import * as z from "zod/mini";
import { Fault, messageOf } from "../errors.ts";
import { mayBeSeen } from "../http.ts";
import type { Reply } from "./judge.ts";

const text = z.catch(z.optional(z.string()), undefined);
const errorBody = z.object({
  error: z.object({
    code: text,
    message: text,
    innerError: z.catch(z.optional(z.object({ "request-id": text })), undefined),
  }),
});
/** The message of an `UnknownError` may itself be JSON, with the real code inside. */
const innerMessage = z.object({ errorCode: z.union([z.string(), z.number()]), message: text });

/** Reads Graph's answer; a body that is not Graph's JSON (a gateway's HTML) leaves code and message out. */
export async function readReply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const requestId = headers.get("request-id") ?? undefined;
  if (response.ok) return { kind: "answered", status, ...(requestId === undefined ? {} : { requestId }) };
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"));
  const body = errorBody.safeParse(parseJson(await response.text())).data?.error;
  const inner = innerMessage.safeParse(parseJson(body?.message ?? "")).data;
  const code = inner === undefined ? body?.code : String(inner.errorCode);
  const message = inner?.message ?? body?.message;
  const id = requestId ?? body?.innerError?.["request-id"];
  return {
    kind: "answered",
    status,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(id === undefined ? {} : { requestId: id }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The reply that a failed request amounts to; what is neither the network nor the deadline is thrown on. */
export function readFailure(error: unknown): Reply {
  if (error instanceof Fault) {
    const sent = error.code === "late" && mayBeSeen(error);
    return { kind: "no-answer", sent, message: messageOf(error) };
  }
  if (!(error instanceof GraphClientError)) throw error;
  const code = causeCode(error);
  const reason = code === undefined ? messageOf(error) : `${messageOf(error)} (${code})`;
  return { kind: "no-answer", sent: mayBeSeen(error.cause), message: `Graph cannot be reached: ${reason}` };
}

function causeCode(error: unknown): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && typeof cause.code === "string" && /^[A-Z_]+$/.test(cause.code)) return cause.code;
  }
  return undefined;
}

/** Seconds or an HTTP date, in milliseconds from now; nonsense counts as absent. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  // Date.parse finds a date in much that is none, such as "-5".
  if (!/^\s*[a-z]+, .+ GMT\s*$/i.test(header)) return undefined;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
