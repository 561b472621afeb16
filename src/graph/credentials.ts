import type { AccessToken, TokenCredential } from "@azure/identity";
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
      const identity = managedIdentity(credential.managedIdentityClientId);
      const assertion = async () => (await identity.getToken(`${cloud.federationAudience}/.default`)).token;
      return (tenantId) =>
        lazily((library) => new library.ClientAssertionCredential(tenantId, botAppId, assertion, options));
    }
    case "managed-identity": {
      const identity = managedIdentity(botAppId);
      return () => identity;
    }
    case "certificate": {
      if ("pem" in credential) {
        const certificate = { certificate: credential.pem };
        return (tenantId) =>
          lazily((library) => new library.ClientCertificateCredential(tenantId, botAppId, certificate, options));
      }
      return (tenantId) =>
        lazily((library) => new library.ClientCertificateCredential(tenantId, botAppId, credential.path, options));
    }
    case "secret":
      return (tenantId) =>
        lazily((library) => new library.ClientSecretCredential(tenantId, botAppId, credential.secret, options));
    case "local": {
      const local = credential.asksIdentity ? managedIdentity(botAppId) : localCredential;
      return () => local;
    }
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
  return managedIdentity(clientId);
}

/** @param clientId of a user-assigned identity; undefined: the app's own */
function managedIdentity(clientId: string | undefined): Credential {
  return lazily((library) => new library.ManagedIdentityCredential(clientId === undefined ? {} : { clientId }));
}

type Library = typeof import("./identity-library.ts");

/** One that throws rather than give no token. */
interface Credential extends TokenCredential {
  getToken(...request: Parameters<TokenCredential["getToken"]>): Promise<AccessToken>;
}

/** The identity library is a third of the app: it loads beside the rest, when the app has started and wants a token. */
function lazily(make: (library: Library) => Credential): Credential {
  let made: Promise<Credential> | undefined;
  return {
    async getToken(...request) {
      made ??= import("./identity-library.ts").then(make);
      return await (await made).getToken(...request);
    },
  };
}

const localCredential: TokenCredential = {
  getToken: async () => ({ token: LOCAL_TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};
