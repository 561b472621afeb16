import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import type { Config } from "../config.ts";
import { unreachable } from "../errors.ts";

/** The one token that the local stack's Graph takes. */
const LOCAL_TOKEN = "local-stack";

/**
 * How the bot signs in to Graph in a tenant.
 *
 * `managed-identity` gets tokens of its own tenant only, whatever tenant is asked for. `federated` exchanges the managed
 * identity's token for one of the app registration that trusts it.
 */
export function graphCredential(
  config: Pick<Config, "botAppId" | "credential" | "cloud">,
): (tenantId: string) => TokenCredential {
  const { botAppId, credential, cloud } = config;
  const options = { authorityHost: cloud.authorityHost };
  switch (credential.kind) {
    case "federated": {
      const identity = new ManagedIdentityCredential({ clientId: credential.managedIdentityClientId });
      const assertion = async () => (await identity.getToken(`${cloud.federationAudience}/.default`)).token;
      return (tenantId) => new ClientAssertionCredential(tenantId, botAppId, assertion, options);
    }
    case "managed-identity": {
      const identity = new ManagedIdentityCredential({ clientId: botAppId });
      return () => identity;
    }
    case "certificate": {
      if ("pem" in credential) {
        const certificate = { certificate: credential.pem };
        return (tenantId) => new ClientCertificateCredential(tenantId, botAppId, certificate, options);
      }
      return (tenantId) => new ClientCertificateCredential(tenantId, botAppId, credential.path, options);
    }
    case "secret":
      return (tenantId) => new ClientSecretCredential(tenantId, botAppId, credential.secret, options);
    case "local":
      return () => localCredential;
    default:
      return unreachable(credential);
  }
}

/** How the app signs in to its tables, where no connection string does. */
export function tablesCredential({
  botAppId,
  credential,
  managedIdentityClientId,
}: Pick<Config, "botAppId" | "credential" | "managedIdentityClientId">): TokenCredential {
  const clientId = credential.kind === "managed-identity" ? botAppId : managedIdentityClientId;
  return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
}

const localCredential: TokenCredential = {
  getToken: async () => ({ token: LOCAL_TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};
