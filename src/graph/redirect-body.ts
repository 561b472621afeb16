import type { InvitationParticipantInfo } from "@microsoft/microsoft-graph-types";
import type { RedirectRequest } from "../ports.ts";
import type { Target } from "../routing/rule.ts";

/** A value with its OData type, which Graph's action bodies carry at every level. */
type Typed<T> = T & { readonly "@odata.type": string };

/** The body of `POST /communications/calls/{id}/redirect`. */
export interface RedirectBody {
  readonly targets: readonly Typed<InvitationParticipantInfo>[];
  readonly routingPolicies?: readonly string[];
  /** Whole seconds, 15 to 90. */
  readonly timeout?: number;
  readonly callbackUri: string;
}

/** A redirect as Graph wants it. Properties that are not set are left out, so that Graph's own defaults count. */
export function redirectBody(
  request: Pick<RedirectRequest, "targets" | "policies" | "timeoutSeconds" | "callbackUri">,
): RedirectBody {
  const { targets, policies, timeoutSeconds, callbackUri } = request;
  return {
    targets: targets.map(participantOf),
    ...(policies.length === 0 ? {} : { routingPolicies: policies }),
    ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds }),
    callbackUri,
  };
}

function participantOf({ kind, id, displayName }: Target): Typed<InvitationParticipantInfo> {
  const identity = {
    "@odata.type": "#microsoft.graph.identity",
    ...(displayName === undefined ? {} : { displayName }),
    id,
  };
  return {
    "@odata.type": "#microsoft.graph.invitationParticipantInfo",
    identity: {
      "@odata.type": "#microsoft.graph.identitySet",
      [kind]: identity,
    } as InvitationParticipantInfo["identity"],
  } as Typed<InvitationParticipantInfo>;
}
