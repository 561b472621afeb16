import * as z from "zod/mini";
import { IDENTITY_KINDS } from "../routing/party.ts";

/**
 * commsNotifications as Graph writes it, read leniently: unknown properties pass, and a property of the wrong type counts
 * as absent. A call must not be lost because something beside it looks odd.
 */
function lenient<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(z.nullable(schema)), undefined);
}

const text = lenient(z.string());

const identity = z.object({ id: text, displayName: text, tenantId: text });

const identitySet = z.object(
  Object.fromEntries(IDENTITY_KINDS.map((kind) => [kind, lenient(identity)])) as Record<
    (typeof IDENTITY_KINDS)[number],
    ReturnType<typeof lenient<typeof identity>>
  >,
);

const participantInfo = z.object({ identity: lenient(identitySet), countryCode: text });

const callRoute = z.object({ routingType: text, original: lenient(identitySet), final: lenient(identitySet) });

const incomingContext = z.object({
  observedParticipantId: text,
  onBehalfOf: lenient(identitySet),
  transferor: lenient(identitySet),
});

/** Typed Int32, but printed as strings on some pages. */
const resultCode = lenient(z.union([z.number(), z.string()]));

/** A call resource. See Graph's page of the `call` resource type. */
export const callResource = z.object({
  "@odata.type": text,
  "@odata.id": text,
  id: text,
  state: text,
  direction: text,
  tenantId: text,
  callChainId: text,
  source: lenient(participantInfo),
  targets: lenient(z.array(lenient(participantInfo))),
  callRoutes: lenient(z.array(lenient(callRoute))),
  incomingContext: lenient(incomingContext),
  answeredBy: lenient(participantInfo),
  resultInfo: lenient(z.object({ code: resultCode, subcode: resultCode, message: text })),
  terminationReason: text,
});

/** One commsNotification. `resourceData` is an entity, a collection, or missing. */
export const commsNotification = z.object({
  changeType: text,
  resource: text,
  resourceUrl: text,
  resourceData: z.optional(z.unknown()),
});

export type CallResource = z.infer<typeof callResource>;
export type IdentitySet = z.infer<typeof identitySet>;
