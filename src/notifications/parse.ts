import { ANONYMOUS, IDENTITY_KINDS, normaliseGuid, type Party, partyOf } from "../routing/party.ts";
import type { Region } from "../routing/phone-number.ts";
import type { CallFacts } from "../routing/rule.ts";
import type { CallEvent, ResultInfo } from "./call-event.ts";
import { type CallResource, callResource, commsNotification, type IdentitySet } from "./schema.ts";

/** What the reader needs to know of its own side. */
export interface ParseContext {
  /** The bot's app id: who was called when a notification does not say. */
  readonly botAppId: string;
  /** Region of numbers that come without `+`. */
  readonly region?: Region;
}

/** Ids go into Graph's URLs and table keys, so only what a GUID or a token of letters and digits is made of passes. */
const SAFE_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** An encrypted id, the longest kind, has about 90 characters. What is far longer fits in no table key, and names nobody. */
const LONGEST_ID = 400;

const CALL_PATH = /^(?:https:\/\/[^/]+\/[^/]+)?\/?(?:communications|app)\/calls\/([^/?#]+)(?:\/([^?#]*))?(?:[?#].*)?$/i;

/**
 * What one entry of a commsNotifications means to us, by path and type; never by `changeType` alone, since a deleted
 * operation or roster entry is not the end of a call.
 *
 * Enum values compare without case. An id comes from `resourceData.id`, else from `@odata.id` or the path, and is kept as
 * it came. Never throws.
 */
export function parseNotification(entry: unknown, context: ParseContext): CallEvent {
  const notification = commsNotification.safeParse(entry);
  if (!notification.success) return { kind: "unreadable", reason: "the entry is not an object" };
  const { changeType, resource, resourceUrl, resourceData } = notification.data;
  const path = resourceUrl || resource || "";
  const [, pathId, subPath] = CALL_PATH.exec(path) ?? [];
  if (pathId !== undefined && !SAFE_ID.test(pathId))
    return { kind: "unreadable", reason: "the call id in the path is not safe to use" };
  if (subPath) return { kind: "other", about: subPath.split("/")[0] ?? subPath };

  const call = callResource.safeParse(resourceData ?? {});
  if (!call.success || !isCall(call.data, pathId !== undefined)) return { kind: "other", about: "not a call" };
  const callId = call.data.id || CALL_PATH.exec(call.data["@odata.id"] ?? "")?.[1] || pathId;
  if (callId === undefined) return { kind: "unreadable", reason: "the call has no id" };
  if (!SAFE_ID.test(callId)) return { kind: "unreadable", reason: "the call id is not safe to use" };
  return callEvent(callId, changeType?.toLowerCase(), call.data, context);
}

function isCall(call: CallResource, standsAtCallPath: boolean): boolean {
  const type = call["@odata.type"];
  return type ? /^#?microsoft\.graph\.call$/i.test(type) : standsAtCallPath;
}

function callEvent(
  callId: string,
  changeType: string | undefined,
  call: CallResource,
  context: ParseContext,
): CallEvent {
  const tenantId = call.tenantId ? { tenantId: normaliseGuid(call.tenantId) ?? call.tenantId.toLowerCase() } : {};
  const state = call.state?.toLowerCase();
  if (state === "terminated" || changeType === "deleted")
    return { kind: "ended", callId, ...tenantId, ...ending(call) };
  if (state !== "incoming" || call.direction?.toLowerCase() === "outgoing") {
    return { kind: "other", about: state ? `call ${state}` : "call without state" };
  }
  if (call.incomingContext?.observedParticipantId) return { kind: "recording-invitation", callId, ...tenantId };
  const facts = callFacts(callId, call, context);
  const dialled = dialledNumber(call);
  return {
    kind: "incoming",
    callId,
    ...tenantId,
    call: facts,
    ...(call.callChainId && SAFE_ID.test(call.callChainId) ? { callChainId: call.callChainId } : {}),
    ...(dialled ? { dialledNumber: dialled } : {}),
  };
}

function callFacts(callId: string, call: CallResource, { botAppId, region }: ParseContext): CallFacts {
  const targets = (call.targets ?? []).map((target) => party(target?.identity, region));
  const called =
    targets.find(({ kind }) => kind === "applicationInstance" || kind === "application") ??
    targets.find(({ kind }) => kind !== "anonymous") ??
    partyOf("application", botAppId);
  const countryCode = call.source?.countryCode;
  return {
    callId,
    called,
    caller: party(call.source?.identity, region),
    ...(countryCode ? { callerCountry: countryCode } : {}),
    cameFrom: [
      ...(call.callRoutes ?? []).flatMap((route) => [route?.original, route?.final]),
      call.incomingContext?.transferor,
      call.incomingContext?.onBehalfOf,
    ]
      .map((identity) => party(identity, region))
      .filter(({ kind }) => kind !== "anonymous"),
  };
}

/** At most one kind of an identitySet is set; whoever has none is anonymous. */
function party(identities: IdentitySet | null | undefined, region: Region | undefined): Party {
  for (const kind of IDENTITY_KINDS) {
    const identity = identities?.[kind];
    if (!identity?.id?.trim() || identity.id.length > LONGEST_ID) continue;
    const { displayName, tenantId } = identity;
    return {
      ...partyOf(kind, identity.id, region),
      ...(displayName ? { displayName } : {}),
      ...(tenantId ? { tenantId: normaliseGuid(tenantId) ?? tenantId } : {}),
    };
  }
  return ANONYMOUS;
}

/** A callRoute of type `lookup` is the only field that names the number dialled. */
function dialledNumber(call: CallResource): string | undefined {
  const lookup = call.callRoutes?.find((route) => route?.routingType?.toLowerCase() === "lookup");
  return lookup?.original?.phone?.id?.slice(0, LONGEST_ID);
}

function ending(call: CallResource): { result: ResultInfo; answeredBy?: string } {
  const { code, subcode, message } = call.resultInfo ?? {};
  const answeredBy = answerer(call);
  return {
    result: {
      ...numbered("code", code),
      ...numbered("subcode", subcode),
      ...(message || call.terminationReason ? { message: message || (call.terminationReason ?? "") } : {}),
    },
    ...(answeredBy ? { answeredBy } : {}),
  };
}

function numbered<K extends string>(key: K, value: number | string | null | undefined): { [P in K]?: number } {
  const number = typeof value === "string" && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
  return (Number.isSafeInteger(number) ? { [key]: number } : {}) as { [P in K]?: number };
}

/** Who answered, in words for the record: usually an encrypted identity, which cannot be read. */
function answerer(call: CallResource): string | undefined {
  if (!call.answeredBy) return undefined;
  const { kind, id } = party(call.answeredBy.identity, undefined);
  return kind === "anonymous" || kind === "encrypted" ? "somebody whom Graph does not name" : `${kind} ${id}`;
}
