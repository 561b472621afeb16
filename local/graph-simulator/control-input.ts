import {
  type CallFault,
  connectionFaults,
  type Fault,
  type FaultPlan,
  type GraphFault,
  graphAnswerFaults,
  identityFaults,
  isIdentityFault,
  isKeyServerFault,
  isNotificationFault,
  keyServerFaults,
  notificationFaults,
} from "./faults.ts";
import {
  booleanAt,
  FieldError,
  type Fields,
  listAt,
  numberAt,
  objectAt,
  oneOf,
  optional,
  refuseUnknown,
  textAt,
} from "./fields.ts";
import { type Called, type Identity, type IdentitySet, identityKinds } from "./identities.ts";
import type { CallRequest } from "./platform.ts";
import { type TargetSettings, targetBehaviours } from "./ring.ts";
import type { RotateOptions, TokenOverrides } from "./tokens.ts";

const faultKinds = [
  "latency",
  "429",
  ...graphAnswerFaults,
  ...connectionFaults,
  ...notificationFaults,
  ...keyServerFaults,
  "keys-slow",
  ...identityFaults,
  "identity-slow",
] as const;

/** Every reader here takes parsed JSON and throws a FieldError that names the field at fault. */
export function parseCallRequest(value: unknown): CallRequest {
  const fields = known(value, "body", [
    "caller",
    "called",
    "callId",
    "callChainId",
    "tenantId",
    "resourceData",
    "faults",
  ]);
  return {
    caller: (fields.caller ?? null) === null ? null : parseIdentitySet(fields.caller, "caller"),
    called: parseCalled(fields.called),
    callId: optional(fields.callId, (id) => textAt(id, "callId")),
    callChainId: optional(fields.callChainId, (id) => textAt(id, "callChainId")),
    tenantId: optional(fields.tenantId, (id) => textOrNull(id, "tenantId")),
    resourceData: optional(fields.resourceData, (extra) => objectAt(extra, "resourceData")),
    faults: optional(fields.faults, (faults) => parseFaults(faults, "faults").map(asCallFault)),
  };
}

export function parseFaultPlan(value: unknown): FaultPlan {
  const fields = known(value, "body", ["seed", "faults"]);
  return {
    seed: optional(fields.seed, (seed) => numberAt(seed, "seed", { min: 0, max: 2 ** 32 - 1, whole: true })),
    faults: parseFaults(fields.faults, "faults"),
  };
}

export function parseTargetSettings(value: unknown): TargetSettings {
  const fields = known(value, "body", ["behaviour", "ringMs", "faults"]);
  return {
    behaviour: optional(fields.behaviour, (behaviour) => oneOf(behaviour, targetBehaviours, "behaviour")),
    ringMs: optional(fields.ringMs, (ms) => numberAt(ms, "ringMs", { min: 0 })),
    faults: optional(fields.faults, (faults) => parseFaults(faults, "faults").map(asGraphFault)),
  };
}

export function parseTokenOverrides(value: unknown): TokenOverrides {
  const claims = ["aud", "iss", "tid", "kid"] as const;
  const choices = ["expiresInSeconds", "notBeforeInSeconds", "alg", "hmacKey", "signedBy"];
  const fields = known(value, "body", [...claims, ...choices]);
  const claim = (name: (typeof claims)[number]) => optional(fields[name], (text) => textOrNull(text, name));
  const seconds = (name: string) =>
    optional(fields[name], (count) => numberAt(count, name, { min: -(10 ** 9), max: 10 ** 9, whole: true }));
  return {
    aud: claim("aud"),
    iss: claim("iss"),
    tid: claim("tid"),
    kid: claim("kid"),
    expiresInSeconds: seconds("expiresInSeconds"),
    notBeforeInSeconds: seconds("notBeforeInSeconds"),
    alg: optional(fields.alg, (alg) => oneOf(alg, ["RS256", "HS256", "none"], "alg")),
    hmacKey: optional(fields.hmacKey, (form) => oneOf(form, ["pem", "der"], "hmacKey")),
    signedBy: optional(fields.signedBy, (key) => oneOf(key, ["current", "unpublished"], "signedBy")),
  };
}

export function parseRotateOptions(value: unknown): RotateOptions {
  const fields = known(value, "body", ["publish"]);
  return { publish: optional(fields.publish, (publish) => booleanAt(publish, "publish")) };
}

function parseFaults(value: unknown, name: string): readonly Fault[] {
  return listAt(value, name).map((fault, index) => parseFault(fault, `${name}[${index}]`));
}

function parseFault(value: unknown, name: string): Fault {
  const fields = objectAt(value, name);
  const kind = oneOf(fields.kind, faultKinds, `${name}.kind`);
  const common = ["kind", "rate", "count"];
  const chance = {
    rate: optional(fields.rate, (rate) => numberAt(rate, `${name}.rate`, { min: 0, max: 1 })),
    count: optional(fields.count, (count) => numberAt(count, `${name}.count`, { min: 0, whole: true })),
  };
  switch (kind) {
    case "latency":
      refuseUnknown(fields, [...common, "latencyMs", "tail"], name);
      return {
        kind,
        ...chance,
        latencyMs: numberAt(fields.latencyMs, `${name}.latencyMs`, { min: 0 }),
        tail: optional(fields.tail, (tail) => oneOf(tail, ["heavy"], `${name}.tail`)),
      };
    case "429":
      refuseUnknown(fields, [...common, "retryAfter"], name);
      return { kind, ...chance, retryAfter: optional(fields.retryAfter, (wait) => parseRetryAfter(wait, name)) };
    case "keys-slow":
    case "identity-slow":
      refuseUnknown(fields, [...common, "latencyMs"], name);
      return { kind, ...chance, latencyMs: numberAt(fields.latencyMs, `${name}.latencyMs`, { min: 0 }) };
    default:
      refuseUnknown(fields, common, name);
      return { kind, ...chance };
  }
}

function parseRetryAfter(value: unknown, name: string): number | "date" | "absurd" {
  return typeof value === "number"
    ? numberAt(value, `${name}.retryAfter`, { min: 0 })
    : oneOf(value, ["date", "absurd"] as const, `${name}.retryAfter`);
}

function asCallFault(fault: Fault, index: number): CallFault {
  if (isKeyServerFault(fault) || isIdentityFault(fault))
    throw new FieldError(`faults[${index}].kind ${fault.kind} is for all calls only`);
  return fault;
}

function asGraphFault(fault: Fault, index: number): GraphFault {
  const callFault = asCallFault(fault, index);
  if (isNotificationFault(callFault)) throw new FieldError(`faults[${index}].kind ${fault.kind} is not for a target`);
  return callFault;
}

function parseCalled(value: unknown): Called {
  const { application, applicationInstance } = known(value, "called", ["application", "applicationInstance"]);
  if ((application === undefined) === (applicationInstance === undefined)) {
    throw new FieldError("called must set either application or applicationInstance");
  }
  return application === undefined
    ? { applicationInstance: parseIdentity(applicationInstance, "called.applicationInstance") }
    : { application: parseIdentity(application, "called.application") };
}

function parseIdentitySet(value: unknown, name: string): IdentitySet {
  const fields = known(value, name, identityKinds);
  return Object.fromEntries(
    identityKinds
      .filter((kind) => fields[kind] !== undefined)
      .map((kind) => [kind, fields[kind] === null ? null : parseIdentity(fields[kind], `${name}.${kind}`)]),
  );
}

function parseIdentity(value: unknown, name: string): Identity {
  const fields = known(value, name, ["id", "displayName", "tenantId"]);
  return {
    id: textAt(fields.id, `${name}.id`),
    displayName: optional(fields.displayName, (text) => textAt(text, `${name}.displayName`)),
    tenantId: optional(fields.tenantId, (text) => textAt(text, `${name}.tenantId`)),
  };
}

function textOrNull(value: unknown, name: string): string | null {
  return value === null ? null : textAt(value, name);
}

function known(value: unknown, name: string, properties: readonly string[]): Fields {
  const fields = objectAt(value, name);
  refuseUnknown(fields, properties, name);
  return fields;
}
