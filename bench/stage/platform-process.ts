import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { accepted, badRequest, requestIds, unauthorized } from "../../local/graph-simulator/graph-answers.ts";
import { sendJson } from "../../local/graph-simulator/http.ts";
import { answerIdentity, isForIdentity } from "../../local/graph-simulator/identity-endpoint.ts";
import { parseRedirect } from "../../local/graph-simulator/redirect-rules.ts";
import { TokenIssuer, tokenIssuer } from "../../local/graph-simulator/tokens.ts";
import { listen } from "../../local/listen.ts";
import settingsFile from "../../local.settings.sample.json" with { type: "json" };

/*
 * The simulator's platform without the life of a call: its keys, its tokens, the machine's identity, its rules for a
 * redirect and its answers. The bench posts the notifications, on connections that it keeps, so what is left to do here is
 * to say when a redirect came.
 *
 *   GET /bench/tokens?count=N   as many fresh tokens
 *   GET /bench/arrivals         [call id, milliseconds of the system's monotonic clock] of each redirect since last asked
 */

const GRAPH_TOKEN = "local-stack";
const GRAPH_AUTHORIZATION = `Bearer ${GRAPH_TOKEN}`;
const REDIRECT = /^\/v1\.0\/communications\/calls\/([^/]+)\/redirect$/;

const tokens = await TokenIssuer.create(settingsFile.Values.BOT_APP_ID, settingsFile.Values.BOT_TENANT_ID);
let arrivals: [string, number][] = [];

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(error instanceof Error ? error.message : String(error));
  });
});
// A connection that is closed just as it is used again would be an error of the bench's.
server.keepAliveTimeout = 600_000;
process.stdout.write(`http://127.0.0.1:${await listen(server, 0)}\n`);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
  const [, callId] = REDIRECT.exec(pathname) ?? [];
  if (callId !== undefined) return takeRedirect(callId, request, response);
  if (isForIdentity(request)) {
    const { status, body } = answerIdentity(request, { clientId: settingsFile.Values.BOT_APP_ID, token: GRAPH_TOKEN });
    return sendJson(response, status, body);
  }
  switch (pathname) {
    case "/v1/.well-known/OpenIdConfiguration":
      return sendJson(response, 200, { issuer: tokenIssuer, jwks_uri: `http://${request.headers.host}/v1/keys` });
    case "/v1/keys":
      return sendJson(response, 200, tokens.keySet());
    case "/bench/tokens": {
      const count = Number(searchParams.get("count"));
      // Tokens of one second would otherwise be the same, to the last letter.
      const issued = Array.from({ length: count }, (_, index) => tokens.issue({ expiresInSeconds: 3600 + index }));
      return sendJson(response, 200, await Promise.all(issued));
    }
    case "/bench/arrivals":
      sendJson(response, 200, arrivals);
      arrivals = [];
      return;
    default:
      response.writeHead(404).end();
  }
}

async function takeRedirect(callId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const atMs = Number(process.hrtime.bigint()) / 1e6;
  const ids = requestIds(request.headers);
  let reply = accepted(ids);
  // The Graph client's own chain sends no token over http, so that a missing one is no fault of whoever uses it.
  const { authorization = GRAPH_AUTHORIZATION } = request.headers;
  if (authorization !== GRAPH_AUTHORIZATION) reply = unauthorized(true, ids);
  else {
    try {
      parseRedirect(JSON.parse(body));
      arrivals.push([callId, atMs]);
    } catch (error) {
      reply = badRequest(String(error), ids);
    }
  }
  response.writeHead(reply.status, reply.headers).end(reply.body);
}
