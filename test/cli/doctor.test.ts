import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzureNamedKeyCredential, generateAccountSas } from "@azure/data-tables";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../../local/azurite.ts";
import { listen } from "../../local/listen.ts";
import type { Verdict } from "../../src/cli/doctor/examination.ts";
import { hourOf } from "../../src/store/call-rows.ts";
import { runCommand, runProcess } from "../support/command.ts";
import { BOT, CONTOSO, FUNCTION_KEY, useStack } from "../support/stack.ts";

const stack = useStack();
const NOW = new Date("2026-11-25T15:30:00Z");
const servers: Server[] = [];

afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

/** The settings of the app that runs in this test. */
const settings = (changes: Readonly<Record<string, string>> = {}) => ({
  CLOUD: "local",
  LOCAL_STACK_URL: stack().simulator.url,
  TABLES_CONNECTION_STRING: stack().azurite.connectionString,
  CALLBACK_BASE_URL: stack().host.url.replace("http:", "https:"),
  BOT_APP_ID: BOT,
  BOT_TENANT_ID: CONTOSO,
  ...changes,
});

async function doctor(env: Readonly<Record<string, string>>, ...args: string[]) {
  const flags = ["--app", stack().host.url, "--key", FUNCTION_KEY, ...args];
  const { code, stdout, stderr } = await runCommand(["doctor", "--json", ...flags], { env, now: NOW });
  const verdicts: Verdict[] = JSON.parse(stdout);
  const wrong = verdicts.filter(({ state }) => state === "wrong");
  return { code, verdicts, stderr, wrong };
}

/** A web server that answers every request in one way. */
async function aServer(status: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end());
  servers.push(server);
  return `http://127.0.0.1:${await listen(server, 0)}`;
}

describe("ringroute doctor", () => {
  it("finds nothing wrong where everything works", async () => {
    const env = settings();
    const { code, stdout } = await runProcess(["doctor", "--app", stack().host.url, "--key", FUNCTION_KEY], { env });
    expect(stdout).toContain("webhook: turns away a post without a token (401 in");
    expect(stdout).toContain("app's tables");
    expect(stdout).toMatch(/Nothing is wrong\.\n$/);
    expect(code).toBe(0);
  });

  it("names every setting at fault, with what it may hold, and looks at the tables all the same", async () => {
    const { code, wrong, verdicts } = await doctor(settings({ BOT_TENANT_ID: "contoso", DEADLINE_SECONDS: "60" }));
    expect(wrong.map(({ part }) => part)).toEqual(["settings", "settings"]);
    expect(wrong[0]?.says).toContain('BOT_TENANT_ID is "contoso"');
    expect(wrong[1]?.says).toContain("DEADLINE_SECONDS");
    expect(verdicts.find(({ part }) => part === "tables")?.state).toBe("good");
    expect(code).toBe(1);
  });

  it("says that the tables cannot be reached, and why", async () => {
    const dead = `http://127.0.0.1:${await freePort()}/devstoreaccount1`;
    const connection = stack().azurite.connectionString.replace(/TableEndpoint=[^;]*/, `TableEndpoint=${dead}`);
    const { wrong, code } = await doctor(settings({ TABLES_CONNECTION_STRING: connection }));
    expect(wrong.map(({ part }) => part)).toEqual(["tables"]);
    expect(wrong[0]?.says).toContain(`${dead} (connection string), all five alike: table answered nothing`);
    expect(wrong[0]?.remedy).toContain("firewall");
    expect(code).toBe(1);
  });

  it("tells a sign-in that may only read from one that may write", async () => {
    const [, name = ""] = /AccountName=([^;]*)/.exec(stack().azurite.connectionString) ?? [];
    const [, key = ""] = /AccountKey=([^;]*)/.exec(stack().azurite.connectionString) ?? [];
    const sas = generateAccountSas(new AzureNamedKeyCredential(name, key), {
      permissions: { query: true },
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    const [, endpoint = ""] = /TableEndpoint=([^;]*)/.exec(stack().azurite.connectionString) ?? [];
    const readOnly = `TableEndpoint=${endpoint};SharedAccessSignature=${sas}`;
    const { wrong } = await doctor(settings({ TABLES_CONNECTION_STRING: readOnly }));
    expect(wrong.map(({ says }) => says)).toEqual([
      expect.stringMatching(/, all five alike: can be read and not written$/),
    ]);
    expect(wrong[0]?.remedy).toContain("Storage Table Data Contributor");
  });

  it("names a table that is missing", async () => {
    await stack().table("CallerLists").deleteTable();
    const { wrong } = await doctor(settings());
    await stack().table("CallerLists").createTable();
    expect(wrong).toEqual([
      { part: "table CallerLists", state: "wrong", says: "there is no table CallerLists", remedy: expect.any(String) },
    ]);
  });

  it("says that the signing keys cannot be had", async () => {
    const url = `http://127.0.0.1:${await freePort()}/keys`;
    const { wrong } = await doctor(settings({ OPENID_METADATA_URLS: url }));
    expect(wrong).toMatchObject([{ part: "signing keys", says: expect.stringContaining(url) }]);
  });

  it.each([
    [404, "Nothing is deployed"],
    [403, "Teams must reach"],
    [500, "cannot start"],
    [202, "Something else answers"],
  ])("reads from a webhook that answers %i what is wrong", async (status, remedy) => {
    const { wrong } = await doctor(settings(), "--app", await aServer(status));
    const webhook = wrong.find(({ part }) => part === "webhook");
    expect(webhook?.says).toContain(`answered ${status} to a post without a token, not 401`);
    expect(webhook?.remedy).toContain(remedy);
  });

  it("says that nobody answers at the app's address", async () => {
    const { wrong } = await doctor(settings(), "--app", `http://127.0.0.1:${await freePort()}`);
    expect(wrong.map(({ part }) => part)).toEqual(["app", "webhook", "app's own view"]);
  });

  it("misses the challenge of a 401 that is not the app's", async () => {
    const { wrong } = await doctor(settings(), "--app", await aServer(401));
    expect(wrong.find(({ part }) => part === "webhook")?.says).toContain("without WWW-Authenticate");
  });

  it("says that the function key is a wrong one", async () => {
    const { wrong } = await doctor(settings(), "--key", "another");
    expect(wrong).toMatchObject([{ part: "app's own view", says: "the key was refused" }]);
  });

  it.each([
    ["7503", 403, "not registered for calling", "webhook"],
    ["7504", 403, "not consented", "Calls.Initiate.All"],
    ["7505", 403, "another tenant", "resource:ID"],
  ])("explains redirects that Graph refused with %s", async (graphCode, graphStatus, means, remedy) => {
    const calls = stack().table("Calls");
    const key = { partitionKey: `${hourOf(new Date(NOW.getTime() - 3_600_000))}-3`, rowKey: `call-${graphCode}` };
    await calls.createEntity({ ...key, status: "refused", graphCode, graphStatus });
    const { wrong } = await doctor(settings());
    await calls.deleteEntity(key.partitionKey, key.rowKey);
    expect(wrong).toMatchObject([{ part: "redirects", says: expect.stringContaining(`1 refused with ${graphCode}`) }]);
    expect(wrong[0]?.says).toContain(means);
    expect(wrong[0]?.remedy).toContain(remedy);
  });

  it("takes the settings of a file, as Azure prints them and as the Functions tools keep them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ringroute-"));
    const path = join(folder, "settings.json");
    const named = Object.entries(settings()).map(([name, value]) => ({ name, slotSetting: false, value }));
    for (const content of [named, { IsEncrypted: false, Values: settings() }, settings()]) {
      await writeFile(path, `\uFEFF${JSON.stringify(content)}`);
      expect(await doctor({}, "--settings", path)).toMatchObject({ code: 0, wrong: [] });
    }
    await writeFile(path, "[1]");
    const refused = await runCommand(["doctor", "--settings", path]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`--settings is "${path}"`) });
    // What Azure prints does not say where the app is.
    await writeFile(path, JSON.stringify(settings({ CALLBACK_BASE_URL: "" })));
    const lost = await runCommand(["doctor", "--settings", path]);
    expect(lost).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--app") });
    expect(await doctor({}, "--settings", path)).toMatchObject({ code: 0, wrong: [] });
    await rm(folder, { recursive: true });
  });
});
