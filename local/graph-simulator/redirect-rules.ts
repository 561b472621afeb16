import { FieldError, type Fields, listAt, numberAt, objectAt, oneOf, refuseUnknown, textAt } from "./fields.ts";
import { type IdentityKind, identityKinds } from "./identities.ts";

/** One party that a redirect wants to ring. */
export interface RedirectTarget {
  readonly kind: IdentityKind;
  readonly id: string;
}

/** The body of a redirect that Graph would take. */
export interface Redirect {
  readonly targets: readonly RedirectTarget[];
  /** As sent, else Graph's default: 55 for one target, 60 for several. */
  readonly timeoutSeconds: number;
  readonly callbackUri: string | null;
  readonly routingPolicies: readonly string[];
}

/** The body of a reject that Graph would take. */
export interface Reject {
  readonly reason: RejectReason;
  readonly callbackUri: string | null;
}

export type RejectReason = (typeof rejectReasons)[number];

const rejectReasons = ["none", "busy", "forbidden"] as const;
const routingPolicies = [
  "none",
  "noMissedCall",
  "disableForwardingExceptPhone",
  "disableForwarding",
  "preferSkypeForBusiness",
] as const;
const endpointTypes = ["default", "voicemail", "skypeForBusiness", "skypeForBusinessVoipPhone"] as const;
const targetProperties = [
  "@odata.type",
  "identity",
  "endpointType",
  "replacesCallId",
  "participantId",
  "hidden",
  "removeFromDefaultAudioRoutingGroup",
];
const identitySetTypes = ["#microsoft.graph.identitySet", "#microsoft.graph.communicationsIdentitySet"] as const;

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const e164Pattern = /^\+[1-9]\d{1,14}$/;
const guidKinds: readonly IdentityKind[] = ["user", "application", "applicationInstance"];

/**
 * The body of `call: redirect`, checked as its v1.0 page documents it. Where the page is silent the stricter reading
 * is taken: beta's properties, null for an optional value and a target without its `@odata.type` are refused.
 *
 * @throws FieldError that names the property
 */
export function parseRedirect(body: unknown): Redirect {
  const fields = objectAt(body, "body");
  refuseUnknown(fields, ["targets", "timeout", "callbackUri", "routingPolicies"], "body");
  const targets = listAt(fields.targets, "targets");
  if (targets.length < 1 || targets.length > 25) throw new FieldError("targets must hold 1 to 25 targets");
  const { timeout = targets.length === 1 ? 55 : 60, routingPolicies: policies = [] } = fields;
  return {
    targets: targets.map((target, index) => parseTarget(target, `targets[${index}]`)),
    timeoutSeconds: numberAt(timeout, "timeout", { min: 15, max: 90, whole: true }),
    callbackUri: parseCallbackUri(fields),
    routingPolicies: listAt(policies, "routingPolicies").map((policy, index) =>
      oneOf(policy, routingPolicies, `routingPolicies[${index}]`),
    ),
  };
}

/**
 * The body of `call: reject`. The page's text and its examples differ in the letter case of `reason`, so any is taken.
 *
 * @throws FieldError that names the property
 */
export function parseReject(body: unknown): Reject {
  const fields = objectAt(body, "body");
  refuseUnknown(fields, ["reason", "callbackUri"], "body");
  const reason = typeof fields.reason === "string" ? fields.reason.toLowerCase() : fields.reason;
  return { reason: oneOf(reason, rejectReasons, "reason"), callbackUri: parseCallbackUri(fields) };
}

function parseTarget(value: unknown, name: string): RedirectTarget {
  const target = objectAt(value, name);
  refuseUnknown(target, targetProperties, name);
  oneOf(target["@odata.type"], ["#microsoft.graph.invitationParticipantInfo"], `${name}.@odata.type`);
  if (target.endpointType !== undefined) oneOf(target.endpointType, endpointTypes, `${name}.endpointType`);
  return parseIdentitySet(objectAt(target.identity, `${name}.identity`), `${name}.identity`);
}

function parseIdentitySet(identitySet: Fields, name: string): RedirectTarget {
  const { "@odata.type": type, ...kinds } = identitySet;
  if (type !== undefined) oneOf(type, identitySetTypes, `${name}.@odata.type`);
  refuseUnknown(kinds, identityKinds, name);
  const [kind, ...others] = identityKinds.filter((each) => (kinds[each] ?? null) !== null);
  if (kind === undefined || others.length > 0) throw new FieldError(`${name} must set exactly one kind of identity`);
  return { kind, id: parseIdentityId(kind, kinds[kind], `${name}.${kind}`) };
}

function parseIdentityId(kind: IdentityKind, value: unknown, name: string): string {
  const id = textAt(objectAt(value, name).id, `${name}.id`);
  if (guidKinds.includes(kind) && !guidPattern.test(id)) throw new FieldError(`${name}.id must be a GUID`);
  if (kind === "phone" && !e164Pattern.test(id)) throw new FieldError(`${name}.id must be an E.164 number`);
  return id;
}

function parseCallbackUri({ callbackUri }: Fields): string | null {
  if (callbackUri === undefined) return null;
  const text = textAt(callbackUri, "callbackUri");
  if (URL.parse(text)?.protocol !== "https:") throw new FieldError("callbackUri must be an https address");
  return text;
}
