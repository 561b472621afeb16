import { ManagedIdentityCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { identitySettings } from "../../local/graph-simulator/identity-endpoint.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";

const botAppId = "570cd818-9325-59a7-9b41-20d893417843";
const tenantId = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const graphToken = "the-apps-token";
const webhookUrl = "http://127.0.0.1:1/api/calls";

let simulator: GraphSimulator;
let secret: string;

beforeEach(async () => {
  simulator = await startGraphSimulator({ port: 0, webhookUrl, botAppId, tenantId, graphToken });
  const settings = identitySettings(simulator.url);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  secret = settings.IDENTITY_HEADER ?? "";
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

const NO_CLIENT = { "api-version": "2019-08-01", resource: "https://graph.microsoft.com" };
const GOOD = { ...NO_CLIENT, client_id: botAppId };

function ask(query: Record<string, string>, header = secret): Promise<Response> {
  const address = `${process.env.IDENTITY_ENDPOINT}?${new URLSearchParams(query)}`;
  return fetch(address, { headers: { "x-identity-header": header } });
}

describe("the machine's managed identity", () => {
  it("gives Azure's own library the token that Graph takes, for a day", async () => {
    const credential = new ManagedIdentityCredential({ clientId: botAppId });
    const got = await credential.getToken(`${simulator.url}/.default`);
    expect(got.token).toBe(graphToken);
    const hours = (got.expiresOnTimestamp - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
  });

  it("repeats the resource, without which the library would keep no token", async () => {
    const answer = await ask(GOOD);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ resource: GOOD.resource, client_id: botAppId, token_type: "Bearer" });
  });

  it.each([
    ["without the secret header", GOOD, "another", 401],
    ["for an identity that the machine has not", { ...GOOD, client_id: tenantId }, undefined, 400],
    ["for the machine's own identity, of which it has none", NO_CLIENT, undefined, 400],
    ["of another version", { ...GOOD, "api-version": "2017-09-01" }, undefined, 400],
    ["for nothing", { "api-version": GOOD["api-version"], client_id: botAppId }, undefined, 400],
  ])("refuses a request %s", async (_, query, header, status) => {
    const answer = await ask(query, header);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ statusCode: status });
  });

  it("refuses to be posted to", async () => {
    const { status, headers } = await fetch(process.env.IDENTITY_ENDPOINT ?? "", { method: "POST" });
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("has faults of its own, which leave Graph and the keys alone", async () => {
    simulator.setFaults({ faults: [{ kind: "identity-503", count: 1 }] });
    expect((await fetch(`${simulator.url}/v1/keys`)).status).toBe(200);
    expect((await ask(GOOD)).status).toBe(503);
    expect((await ask(GOOD)).status).toBe(200);
  });

  it("keeps a request waiting, for a while or for ever", async () => {
    simulator.setFaults({ faults: [{ kind: "identity-slow", latencyMs: 1, count: 1 }] });
    expect((await ask(GOOD)).status).toBe(200);
    simulator.setFaults({ faults: [{ kind: "identity-hang", count: 1 }] });
    const answers = [ask(GOOD), ask(GOOD)];
    expect((await Promise.any(answers)).status).toBe(200);
    await simulator.close();
    expect((await Promise.allSettled(answers)).map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
