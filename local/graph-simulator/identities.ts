/** The kinds of party that a Graph identitySet can hold; at most one is set, the others are absent or null. */
export const identityKinds = [
  "user",
  "application",
  "applicationInstance",
  "phone",
  "guest",
  "encrypted",
  "azureCommunicationServicesUser",
  "onPremises",
  "assertedIdentity",
  "device",
] as const;

export type IdentityKind = (typeof identityKinds)[number];

/** A Graph identity: object id, app id, E.164 number or an opaque id, by its kind. */
export interface Identity {
  readonly id: string;
  readonly displayName?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** A Graph identitySet as it is asked for: without `@odata.type`, which the notifications add. */
export type IdentitySet = { readonly [kind in IdentityKind]?: Identity | null | undefined };

/** What can be called: the bot by its app id, or a resource account by its object id. */
export type Called = { readonly application: Identity } | { readonly applicationInstance: Identity };
