import { createServer, type Server } from "node:http";
import { AggregateAuthenticationError, CredentialUnavailableError } from "@azure/identity";
import { UnsecuredJWT } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "../../local/listen.ts";
import { examineBotChannel, judgeBotChannel } from "../../src/cli/doctor/bot-channel.ts";
import { examineGrant } from "../../src/cli/doctor/graph-grant.ts";
import { examineTables } from "../../src/cli/doctor/tables.ts";
import { examineToken, judgeToken } from "../../src/cli/doctor/token.ts";
import { loadConfig } from "../../src/config.ts";
import { CLOUDS } from "../../src/graph/clouds.ts";
import { openTables } from "../../src/store/tables.ts";
import { BOT, CONTOSO } from "../support/stack.ts";

const signal = new AbortController().signal;
const credential = { getToken: async () => ({ token: "a-token", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const BY_SECRET = { credential: { kind: "secret", secret: "s" }, botAppId: BOT } as const;

let server: Server | undefined;
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

/** Answers by path; whatever is not told is 404. */
async function aService(answers: Readonly<Record<string, unknown>>): Promise<string> {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
    const answer =
      request.headers.authorization === "Bearer a-token" ? answers[decodeURIComponent(pathname)] : undefined;
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  });
  return `http://127.0.0.1:${await listen(server, 0)}`;
}

describe("judgeToken", () => {
  const tokenOf = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();

  it("is content with a token whose roles hold Calls.Initiate.All", () => {
    const token = tokenOf({ appid: BOT, roles: ["User.Read.All", "Calls.Initiate.All"] });
    expect(judgeToken(token, BY_SECRET).state).toBe("good");
  });

  it.each([
    [{ appid: BOT }, "its roles are: none"],
    [{ appid: BOT, roles: ["Calls.JoinGroupCall.All"] }, "its roles are: Calls.JoinGroupCall.All"],
  ])("says what roles a token has instead: %j", (claims, says) => {
    const verdict = judgeToken(tokenOf(claims), BY_SECRET);
    expect(verdict).toMatchObject({ state: "wrong", says: expect.stringContaining(says) });
    expect(verdict.says).toContain("7504");
  });

  it("notices a token of another app", () => {
    const verdict = judgeToken(tokenOf({ appid: "another", roles: ["Calls.Initiate.All"] }), BY_SECRET);
    expect(verdict).toMatchObject({ state: "wrong", says: expect.stringContaining("another") });
  });
});

describe("examineToken", () => {
  it.each([
    ["certificate", "BOT_CERTIFICATE_PATH"],
    ["secret", "BOT_CLIENT_SECRET"],
  ])("does not take the reference to a key vault for a %s", async (kind, setting) => {
    const config = loadConfig({
      BOT_APP_ID: BOT,
      BOT_TENANT_ID: CONTOSO,
      BOT_CREDENTIAL: kind,
      [setting]: `@Microsoft.KeyVault(SecretUri=https://rrkeys.vault.azure.net/secrets/bot-${kind})`,
      TABLES_ENDPOINT: "https://contoso.table.core.windows.net",
      WEBSITE_HOSTNAME: "calls.contoso.com",
    });
    expect(await examineToken(config)).toMatchObject({
      state: "unknown",
      says: expect.stringContaining("key vault"),
      remedy: expect.stringContaining("--key"),
    });
  });
});

/** As the library fails when nobody is signed in. */
const NOBODY = {
  async getToken() {
    throw new AggregateAuthenticationError(
      [new CredentialUnavailableError("EnvironmentCredential is unavailable. No underlying credential could be used.")],
      "ChainedTokenCredential authentication failed.",
    );
  },
};

describe("examineTables", () => {
  it("says once that nobody is signed in, without each way that was tried", async () => {
    const tables = openTables({ endpoint: "https://contoso.table.core.windows.net" }, () => NOBODY);
    expect(await examineTables(tables, "the tables of Contoso", signal)).toEqual([
      {
        part: "tables",
        state: "wrong",
        says: "the tables of Contoso, all five alike: no token for the tables: ChainedTokenCredential authentication failed",
        remedy: "Sign in, for instance with az login.",
      },
    ]);
  });

  it("says once that a role is missing, whatever number each request had", async () => {
    let requests = 0;
    server = createServer((_request, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      const value = `This request is not authorized.\nRequestId:${++requests}\nTime:2026-11-25T15:30:00Z`;
      response.end(JSON.stringify({ "odata.error": { code: "AuthorizationPermissionMismatch", message: { value } } }));
    });
    const endpoint = `http://127.0.0.1:${await listen(server, 0)}/contoso`;
    const tables = openTables(
      { connectionString: `TableEndpoint=${endpoint};SharedAccessSignature=sig=contoso` },
      () => NOBODY,
    );
    expect(await examineTables(tables, "the tables of Contoso", signal)).toMatchObject([
      { part: "tables", says: expect.stringContaining("403"), remedy: expect.stringContaining("Contributor") },
    ]);
    expect(requests).toBe(5);
  });
});

describe("examineGrant", () => {
  const GRAPH = "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
  const OWN = `/v1.0/servicePrincipals(appId='${BOT}')/appRoleAssignments`;
  const graph = {
    id: "graph-sp",
    appRoles: [
      { id: "other", value: "User.Read.All" },
      { id: "role", value: "Calls.Initiate.All" },
    ],
  };
  const look = (graphRoot: string) =>
    examineGrant({ cloud: { ...CLOUDS.global, graphRoot }, botAppId: BOT }, credential, signal);

  it("finds the grant by the role's name", async () => {
    const root = await aService({ [GRAPH]: graph, [OWN]: { value: [{ appRoleId: "role", resourceId: "graph-sp" }] } });
    expect((await look(root)).state).toBe("good");
  });

  it.each([
    [[]],
    [[{ appRoleId: "other", resourceId: "graph-sp" }]],
    [[{ appRoleId: "role", resourceId: "another-api" }]],
  ])("is not content with %j", async (value) => {
    const verdict = await look(await aService({ [GRAPH]: graph, [OWN]: { value } }));
    expect(verdict).toMatchObject({ state: "wrong", remedy: expect.stringContaining("consent") });
  });

  it("says in a sentence that nobody is signed in", async () => {
    const config = { cloud: CLOUDS.global, botAppId: BOT };
    expect(await examineGrant(config, NOBODY, signal)).toMatchObject({
      state: "unknown",
      says: "could not be looked up: ChainedTokenCredential authentication failed",
    });
  });

  it("says that it could not look rather than that something is wrong", async () => {
    expect(await look(await aService({}))).toMatchObject({ state: "unknown", says: expect.stringContaining("404") });
  });
});

describe("examineBotChannel", () => {
  const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.BotService/botServices/b";
  const EXPECTED = { botAppId: BOT, appUrl: "https://calls.contoso.com" };
  const channel = { isEnabled: true, enableCalling: true, callingWebhook: "https://calls.contoso.com/api/calls" };

  it("reads the channel as Azure keeps it", async () => {
    const managementRoot = await aService({
      [ID]: { properties: { msaAppId: BOT } },
      [`${ID}/channels/MsTeamsChannel`]: { properties: { properties: channel } },
    });
    const verdicts = await examineBotChannel({ resourceId: ID, managementRoot }, EXPECTED, credential, signal);
    expect(verdicts).toMatchObject([{ state: "good" }]);
  });

  it("says that it could not look when the bot may not be read", async () => {
    const managementRoot = await aService({});
    const verdicts = await examineBotChannel({ resourceId: ID, managementRoot }, EXPECTED, credential, signal);
    expect(verdicts).toMatchObject([{ state: "unknown" }]);
  });

  it.each([
    [{ ...channel, enableCalling: false }, "calling is not enabled"],
    [{ isEnabled: true, enableCalling: true }, "its calling webhook is not set"],
    [{ ...channel, callingWebhook: "https://calls.contoso.com/" }, "its calling webhook is https://calls.contoso.com/"],
    [{ ...channel, isEnabled: false }, "switched off"],
  ])("says what keeps calls away: %j", (facts, says) => {
    const verdicts = judgeBotChannel({ msaAppId: BOT, ...facts }, EXPECTED);
    expect(verdicts).toMatchObject([{ state: "wrong", says: expect.stringContaining(says) }]);
  });

  it("notices that the bot is another app", () => {
    expect(judgeBotChannel({ msaAppId: "another", ...channel }, EXPECTED)[0]?.says).toContain("its app id is another");
  });
});
