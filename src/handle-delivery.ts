import { bearerToken, challenge } from "./auth/bearer.ts";
import { Deadline } from "./deadline.ts";
import { Fault, messageOf, unreachable } from "./errors.ts";
import { handleCallEnded } from "./handle-call-ended.ts";
import {
  type Handled,
  handleIncomingCall,
  type IncomingCallPorts,
  type IncomingCallSettings,
} from "./handle-incoming-call.ts";
import type { Log } from "./log.ts";
import { parseBody } from "./notifications/body.ts";
import type { CallEvent } from "./notifications/call-event.ts";
import { type ParseContext, parseNotification } from "./notifications/parse.ts";
import type { TokenVerifier, VerifiedToken } from "./ports.ts";

export interface DeliveryPorts extends IncomingCallPorts {
  readonly tokens: TokenVerifier;
}

export interface DeliverySettings extends IncomingCallSettings, ParseContext {
  readonly deadlineMs: number;
  readonly allowedTenants: ReadonlySet<string>;
}

/** A post to the webhook. The body is read only once the token has been verified. */
export interface DeliveryRequest {
  readonly authorization: string | null;
  /** Bytes that the sender announces, if it does. */
  readonly contentLength: number | undefined;
  readonly readBody: () => Promise<Uint8Array>;
  /** The record's name in the path, when the post came to a callback address. */
  readonly record: string | undefined;
}

export interface DeliveryAnswer {
  readonly status: 202 | 204 | 400 | 401 | 403 | 413 | 503;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is wrong, for people. */
  readonly text?: string;
}

const MOST_BODY_BYTES = 256 * 1024;

/**
 * Handles one post: token, body, entries, and the answer to give. Each entry is handled on its own; a bad one never
 * costs its neighbours.
 */
export async function handleDelivery(
  request: DeliveryRequest,
  log: Log,
  ports: DeliveryPorts,
  settings: DeliverySettings,
): Promise<DeliveryAnswer> {
  const receivedAt = new Date();
  const deadline = new Deadline(settings.deadlineMs);
  try {
    const token = await authorise(request.authorization, deadline, ports.tokens);
    if ((request.contentLength ?? 0) > MOST_BODY_BYTES) return unusable(TOO_LARGE, log);
    const bytes = await request.readBody();
    if (bytes.length > MOST_BODY_BYTES) return unusable(TOO_LARGE, log);
    const body = parseBody(bytes);
    switch (body.kind) {
      case "malformed":
        return unusable({ status: 400, text: body.reason }, log);
      case "legacy":
        log("info", "delivery", { legacy: true });
        return { status: 204 };
      case "notifications": {
        const events = body.entries.map((entry) => parseNotification(entry, settings));
        return await handleEvents(
          events,
          token,
          { record: request.record, receivedAt, deadline, log },
          ports,
          settings,
        );
      }
      default:
        return unreachable(body);
    }
  } catch (error) {
    return refusal(error, request.authorization, log);
  } finally {
    deadline.end();
  }
}

const TOO_LARGE = { status: 413, text: `the body is larger than ${MOST_BODY_BYTES} bytes` } as const;

/** A good token, and nothing that could be read: worth a line, since a call may be lost with it. */
function unusable(answer: { readonly status: 400 | 413; readonly text: string }, log: Log): DeliveryAnswer {
  log("warn", "delivery_refused", { status: answer.status, reason: answer.text });
  return answer;
}

async function authorise(header: string | null, deadline: Deadline, tokens: TokenVerifier): Promise<VerifiedToken> {
  const token = bearerToken(header);
  if (token === undefined) throw new Fault("unauthorized", "there is no bearer token");
  return await tokens.verify(token, deadline);
}

function refusal(error: unknown, authorization: string | null, log: Log): DeliveryAnswer {
  if (error instanceof Fault && error.code === "unauthorized") {
    log("warn", "delivery_refused", { status: 401, reason: error.message });
    return { status: 401, headers: { "WWW-Authenticate": challenge(bearerToken(authorization) !== undefined) } };
  }
  if (error instanceof Fault && (error.code === "keys-unavailable" || error.code === "late")) {
    log("error", "keys_unavailable", {
      reason: `${messageOf(error)}${error.cause ? `: ${messageOf(error.cause)}` : ""}`,
    });
    return { status: 503, text: "the token cannot be checked now" };
  }
  throw error;
}

interface Arrival {
  readonly record: string | undefined;
  readonly receivedAt: Date;
  readonly deadline: Deadline;
  readonly log: Log;
}

async function handleEvents(
  events: readonly CallEvent[],
  token: VerifiedToken,
  arrival: Arrival,
  ports: DeliveryPorts,
  settings: DeliverySettings,
): Promise<DeliveryAnswer> {
  const allowed = events.filter((event) => isAllowed(event, token, settings, arrival.log));
  if (events.length > 0 && allowed.length === 0) return { status: 403, text: "the call's tenant is not allowed here" };
  logUnhandled(allowed, arrival.log);
  const handled = await Promise.all(allowed.map((event) => handleEvent(event, token, arrival, ports, settings)));
  return handled.includes("failed") ? { status: 503, text: "a call could not be handled now" } : { status: 202 };
}

function tenantOf(event: CallEvent, token: VerifiedToken): string | undefined {
  return ("tenantId" in event ? event.tenantId : undefined) ?? token.tenantId;
}

/** A token that names no tenant is not refused for that alone. */
function isAllowed(event: CallEvent, token: VerifiedToken, { allowedTenants }: DeliverySettings, log: Log): boolean {
  const tenantId = tenantOf(event, token);
  if (tenantId === undefined || allowedTenants.has(tenantId)) return true;
  log("warn", "entry_refused", {
    reason: "tenant not allowed",
    tenantId,
    callId: "callId" in event ? event.callId : undefined,
  });
  return false;
}

async function handleEvent(
  event: CallEvent,
  token: VerifiedToken,
  arrival: Arrival,
  ports: DeliveryPorts,
  settings: DeliverySettings,
): Promise<Handled> {
  try {
    switch (event.kind) {
      case "incoming":
        return await handleIncomingCall(
          event,
          { ...arrival, tenantId: tenantOf(event, token) ?? settings.ownTenantId },
          ports,
          settings,
        );
      case "ended":
        await handleCallEnded(event, arrival, ports.callLog);
        return "handled";
      case "recording-invitation":
        arrival.log("warn", "recording_invitation", {
          callId: event.callId,
          advice: "remove the bot from the recording policy",
        });
        return "handled";
      case "unreadable":
      case "other":
        return "handled";
      default:
        return unreachable(event);
    }
  } catch (error) {
    // A mistake of ours in one entry must not cost its neighbours their calls.
    arrival.log("error", "call_failed", {
      callId: "callId" in event ? event.callId : undefined,
      reason: messageOf(error),
    });
    return "failed";
  }
}

/** One line a delivery for whatever needs no handling and one for what could not be read, with how often it came. */
function logUnhandled(events: readonly CallEvent[], log: Log): void {
  const others = events.flatMap((event) => (event.kind === "other" ? [event.about] : []));
  if (others.length > 0) log("info", "delivery", { ignored: counted(others) });
  const reasons = events.flatMap((event) => (event.kind === "unreadable" ? [event.reason] : []));
  if (reasons.length > 0) log("warn", "entry_unreadable", { reason: counted(reasons) });
}

function counted(texts: readonly string[]): string {
  const counts = Map.groupBy(texts, (text) => text);
  return [...counts]
    .map(([text, all]) => `${all.length} ${text}`)
    .join(", ")
    .slice(0, 500);
}
