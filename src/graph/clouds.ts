/** The addresses of one Microsoft cloud, as Graph's pages on national clouds and calling give them. */
export interface Cloud {
  /** Graph's root, without a version. Scope of the outbound token: `<root>/.default`. */
  readonly graphRoot: string;
  /** Where Entra issues tokens. */
  readonly authorityHost: string;
  /** Azure Resource Manager's root. */
  readonly managementRoot: string;
  /** Audience of the managed identity's token that an app registration trusts (federated credential). */
  readonly federationAudience: string;
  /** Metadata of the keys that sign what the platform posts. */
  readonly metadataUrls: readonly string[];
  /** Issuers of those tokens; a trailing slash does not count. */
  readonly issuers: readonly string[];
}

const CALLING_METADATA = "https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration";
const GOVERNMENT_METADATA = "https://apigcch.botframework.azure.us/v1/.well-known/OpenIdConfiguration";

const global: Cloud = {
  graphRoot: "https://graph.microsoft.com",
  authorityHost: "https://login.microsoftonline.com",
  managementRoot: "https://management.azure.com",
  federationAudience: "api://AzureADTokenExchange",
  metadataUrls: [CALLING_METADATA],
  issuers: ["https://api.botframework.com", "https://graph.microsoft.com"],
};

// For government clouds nothing is documented about calls: the one report names the government metadata and the
// worldwide issuer, so the worldwide keys are tried as well.
const usgov: Cloud = {
  graphRoot: "https://graph.microsoft.us",
  authorityHost: "https://login.microsoftonline.us",
  managementRoot: "https://management.usgovcloudapi.net",
  federationAudience: "api://AzureADTokenExchangeUSGov",
  metadataUrls: [GOVERNMENT_METADATA, CALLING_METADATA],
  issuers: ["https://api.botframework.us", "https://api.botframework.com", "https://graph.microsoft.us"],
};

export const CLOUDS = {
  global,
  usgov,
  usgovdod: {
    ...usgov,
    graphRoot: "https://dod-graph.microsoft.us",
    issuers: ["https://api.botframework.us", "https://api.botframework.com", "https://dod-graph.microsoft.us"],
  },
} as const satisfies Record<string, Cloud>;

/** The local stack's cloud: everything at one loopback address. */
export function localCloud(stackUrl: string): Cloud {
  return {
    graphRoot: stackUrl,
    authorityHost: stackUrl,
    managementRoot: stackUrl,
    federationAudience: global.federationAudience,
    metadataUrls: [`${stackUrl}/v1/.well-known/OpenIdConfiguration`],
    issuers: global.issuers,
  };
}
