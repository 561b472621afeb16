import { createHmac, randomUUID } from "node:crypto";
import { Agent, createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import type { incomingNotification } from "../../local/graph-simulator/notifications.ts";
import { listen } from "../../local/listen.ts";

/*
 * The least that a redirect takes: for each post one insert into the table Floor, then one POST to Graph, both as bare as
 * node:http has them, then 202. No host, no check, no decision.
 */

const { LOCAL_STACK_URL: graphUrl = "", TABLES_CONNECTION_STRING: connectionString = "" } = process.env;
const [, accountKey = ""] = /AccountKey=([^;]+)/.exec(connectionString) ?? [];
const [, tablesUrl = ""] = /TableEndpoint=(.+);/.exec(connectionString) ?? [];
const key = Buffer.from(accountKey, "base64");
const agent = new Agent({ keepAlive: true });

const REDIRECT = JSON.stringify({
  targets: ["98da8a1a-1b87-452c-a713-65d3f10b1253", "bf5aae9a-d11d-47a8-93b1-782504c9c3f3"].map((id) => ({
    "@odata.type": "#microsoft.graph.invitationParticipantInfo",
    identity: {
      "@odata.type": "#microsoft.graph.identitySet",
      user: { "@odata.type": "#microsoft.graph.identity", id },
    },
  })),
  callbackUri: "https://bot.contoso.com/api/calls",
});

const server = createServer(async (incoming, answer) => {
  const body: ReturnType<typeof incomingNotification> = JSON.parse(await text(incoming));
  const callId = String(body.value[0]?.resourceUrl).split("/").at(-1) ?? "";
  const stored = await insert(callId);
  const told = await post(`${graphUrl}/v1.0/communications/calls/${callId}/redirect`, REDIRECT, {
    authorization: "Bearer local-stack",
  });
  answer.writeHead(stored === 204 && told === 202 ? 202 : 502, { "content-length": 0 }).end();
});
server.keepAliveTimeout = 600_000;
process.stdout.write(`http://127.0.0.1:${await listen(server, 0)}\n`);

function insert(callId: string): Promise<number> {
  const url = `${tablesUrl}/Floor`;
  const date = new Date().toUTCString();
  // Shared Key Lite of Table Storage: the date, and the account with the path, which on Azurite names it once more.
  const resource = `/devstoreaccount1${new URL(url).pathname}`;
  const signature = createHmac("sha256", key).update(`${date}\n${resource}`).digest("base64");
  return post(url, JSON.stringify({ PartitionKey: callId.slice(0, 1), RowKey: callId, status: "claimed" }), {
    authorization: `SharedKeyLite devstoreaccount1:${signature}`,
    "x-ms-date": date,
    "x-ms-version": "2019-02-02",
    "x-ms-client-request-id": randomUUID(),
    accept: "application/json;odata=nometadata",
    prefer: "return-no-content",
  });
}

function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: "POST",
        agent,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers },
      },
      (response) => {
        response.on("error", reject).on("end", () => resolve(response.statusCode ?? 0));
        response.resume();
      },
    );
    outgoing.on("error", reject).end(body);
  });
}
