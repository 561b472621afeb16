import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "./http.ts";
import type { Platform } from "./platform.ts";
import { strike } from "./server-faults.ts";
import { type TokenIssuer, tokenIssuer } from "./tokens.ts";

/** The platform's OpenID metadata and signing keys, below `/v1`, as far as their faults let them through. */
export async function handleKeyRequest(
  platform: Platform,
  tokens: TokenIssuer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!(await strike(platform.drawKeyServerFault(), platform, response))) return;
  if (request.method !== "GET") response.writeHead(405, { allow: "GET" }).end();
  else if (request.url === "/v1/keys") sendJson(response, 200, tokens.keySet());
  else if (request.url === "/v1/.well-known/OpenIdConfiguration") {
    sendJson(response, 200, metadata(`http://${request.headers.host}`));
  } else response.writeHead(404).end();
}

function metadata(origin: string): object {
  return {
    issuer: tokenIssuer,
    authorization_endpoint: "https://invalid.botframework.com",
    jwks_uri: `${origin}/v1/keys`,
    // So spelled by the platform; no JOSE algorithm has this name.
    id_token_signing_alg_values_supported: ["RSA256"],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
  };
}
