import type { IncomingMessage } from "node:http";

/** What an app shows so that an address it was made to fetch gives nobody a token. */
const SECRET = "local-stack";
const PATH = "/msi/token";
/** A managed identity's token is good for a day. */
const LIFE_SECONDS = 86_400;

/** The identity that the machine has, and the token that it gets whatever it is for. */
export interface MachineIdentity {
  readonly clientId: string;
  readonly token: string;
}

/** Settings with which an app signs in to Graph as App Service has it, by the machine's managed identity. */
export function identitySettings(origin: string): Readonly<Record<string, string>> {
  return { BOT_CREDENTIAL: "managed-identity", IDENTITY_ENDPOINT: `${origin}${PATH}`, IDENTITY_HEADER: SECRET };
}

/** Whether a request is for the machine's identity. */
export function isForIdentity({ url = "" }: IncomingMessage): boolean {
  return url.split("?")[0] === PATH;
}

/**
 * App Service's answer to a request for a token.
 *
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function answerIdentity(
  { url = "", headers }: IncomingMessage,
  identity: MachineIdentity,
): { readonly status: number; readonly body: object } {
  const asked = new URL(url, "http://127.0.0.1").searchParams;
  const resource = asked.get("resource");
  if (headers["x-identity-header"] !== SECRET) return refusal(401, "The X-IDENTITY-HEADER is missing or wrong.");
  if (asked.get("api-version") !== "2019-08-01") return refusal(400, "The api-version is not supported.");
  if (resource === null) return refusal(400, "The resource is missing.");
  // The bot's identity is the one that the machine was given; it has none of its own.
  if (asked.get("client_id")?.toLowerCase() !== identity.clientId.toLowerCase())
    return refusal(400, "No Managed Identity found for specified ClientId/ResourceId/PrincipalId.");
  return { status: 200, body: grant(identity, resource) };
}

/** A token as App Service gives it. Azure's library keeps it only where it says the resource that was asked for. */
export function grant({ clientId, token }: MachineIdentity, resource: string): object {
  const expiresOn = String(Math.floor(Date.now() / 1000) + LIFE_SECONDS);
  return { access_token: token, client_id: clientId, expires_on: expiresOn, resource, token_type: "Bearer" };
}

function refusal(statusCode: number, message: string) {
  return { status: statusCode, body: { statusCode, message } };
}
