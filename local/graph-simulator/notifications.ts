import { createHash } from "node:crypto";
import { type Called, type IdentitySet, identityKinds } from "./identities.ts";
import type { ResultInfo } from "./records.ts";
import type { RedirectTarget } from "./redirect-rules.ts";

/** What never changes about a call. */
export interface CallFacts {
  readonly id: string;
  readonly callChainId: string;
  readonly tenantId: string | null;
  readonly caller: IdentitySet | null;
  readonly called: Called;
  readonly sourceParticipantId: string;
  readonly myParticipantId: string;
  /** Laid over the call that the notifications carry. */
  readonly resourceData: Readonly<Record<string, unknown>>;
}

/** The webhook's body. */
export interface CommsNotifications {
  readonly "@odata.type": "#microsoft.graph.commsNotifications";
  readonly value: readonly Readonly<Record<string, unknown>>[];
}

/** The post that tells of a new call. `callbackUri` is the address that it is posted to. */
export function incomingNotification(facts: CallFacts, callbackUri: string): CommsNotifications {
  return notification(facts, "created", { ...call(facts, callbackUri), state: "incoming", ...facts.resourceData });
}

/** The last post about a call. `resultInfo` and `answeredBy` are left out where they are null, as on the wire. */
export function endedNotification(
  facts: CallFacts,
  callbackUri: string,
  resultInfo: ResultInfo | null,
  answeredBy: RedirectTarget | null,
): CommsNotifications {
  return notification(facts, "deleted", {
    ...call(facts, callbackUri),
    ...facts.resourceData,
    state: "terminated",
    terminationReason: "CallTerminated",
    ...(resultInfo === null ? {} : { resultInfo: { "@odata.type": "#microsoft.graph.resultInfo", ...resultInfo } }),
    ...(answeredBy === null ? {} : { answeredBy: encryptedParticipant(answeredBy) }),
  });
}

/** Headers of a delivery, but the token's. `Scenario-Id` is absent from the first post about a call and equals the chain id later. */
export function deliveryHeaders(
  facts: CallFacts,
  { messageId, isFirst }: { readonly messageId: string; readonly isFirst: boolean },
): Record<string, string> {
  return {
    Accept: "application/json",
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Microsoft-Skype/3.0,(Calling/1.0)",
    "X-Microsoft-Skype-Chain-ID": facts.callChainId,
    "X-Microsoft-Skype-Message-ID": messageId,
    ...(isFirst ? {} : { "Scenario-Id": facts.callChainId }),
  };
}

function notification(
  { id }: CallFacts,
  changeType: "created" | "deleted",
  resourceData: Readonly<Record<string, unknown>>,
): CommsNotifications {
  return {
    "@odata.type": "#microsoft.graph.commsNotifications",
    value: [
      {
        "@odata.type": "#microsoft.graph.commsNotification",
        changeType,
        resource: `/app/calls/${id}`,
        resourceUrl: `/communications/calls/${id}`,
        resourceData,
      },
    ],
  };
}

function call(facts: CallFacts, callbackUri: string): Record<string, unknown> {
  const { caller, called, sourceParticipantId, myParticipantId } = facts;
  return {
    "@odata.type": "#microsoft.graph.call",
    direction: "incoming",
    callbackUri,
    source: {
      "@odata.type": "#microsoft.graph.participantInfo",
      id: sourceParticipantId,
      identity: caller === null ? null : identitySet(caller),
      endpointType: "default",
      // The platform knows where a Teams user is, and nothing of the kind about a telephone.
      region: caller?.user ? "emea" : null,
      languageId: caller?.user ? "en-US" : null,
      countryCode: null,
    },
    targets: [
      {
        "@odata.type":
          "applicationInstance" in called
            ? "#microsoft.graph.invitationParticipantInfo"
            : "#microsoft.graph.participantInfo",
        identity: identitySet(called),
        endpointType: "default",
        id: myParticipantId,
        region: "amer",
        languageId: null,
      },
    ],
    ...(facts.tenantId === null ? {} : { tenantId: facts.tenantId }),
    myParticipantId,
    incomingContext: { "@odata.type": "#microsoft.graph.incomingContext", sourceParticipantId },
    id: facts.id,
    callChainId: facts.callChainId,
  };
}

function identitySet(identities: IdentitySet): Record<string, unknown> {
  const typed = identityKinds
    .filter((kind) => identities[kind] !== undefined)
    .map((kind) => [kind, identities[kind] && { "@odata.type": "#microsoft.graph.identity", ...identities[kind] }]);
  return { "@odata.type": "#microsoft.graph.identitySet", ...Object.fromEntries(typed) };
}

function encryptedParticipant({ id }: RedirectTarget): Record<string, unknown> {
  const digest = createHash("sha256").update(id).digest("hex");
  return {
    "@odata.type": "#microsoft.graph.participantInfo",
    identity: identitySet({ encrypted: { id: BigInt(`0x${digest}`).toString(36).slice(0, 44) } }),
    endpointType: "default",
  };
}
