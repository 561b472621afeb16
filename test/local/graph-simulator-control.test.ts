import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";

const botAppId = "570cd818-9325-59a7-9b41-20d893417843";
const tenantId = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const userId = "6d17c2f5-eac8-588b-835e-843f1323bef3";
// Nothing listens there: the posts fail, and the calls wait to be redirected all the same.
const webhookUrl = "http://127.0.0.1:1/api/calls";
const called = { application: { id: botAppId } };

let simulator: GraphSimulator;

beforeEach(async () => {
  simulator = await startGraphSimulator({ port: 0, webhookUrl, botAppId, tenantId, graphToken: "t" });
});
afterEach(() => simulator.close());

function send(method: string, path: string, body?: unknown): Promise<Response> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === "string" ? body : JSON.stringify(body) };
  return fetch(`${simulator.url}/simulator/${path}`, init);
}

describe("POST /simulator/calls", () => {
  it("places the call and returns it", async () => {
    const answer = await send("POST", "calls", {
      caller: { user: { id: userId, displayName: "Megan", tenantId } },
      called,
      callId: "call-1",
      callChainId: "chain-1",
      tenantId: null,
      resourceData: { callRoutes: [] },
      faults: [{ kind: "missing-ended" }],
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      id: "call-1",
      callChainId: "chain-1",
      tenantId: null,
      state: "incoming",
      notificationFault: "missing-ended",
      posts: [{ state: "incoming", body: { value: [{ resourceData: { callRoutes: [] } }] } }],
    });
  });

  it("takes a call from nobody", async () => {
    const answer = await send("POST", "calls", { called });
    expect(await answer.json()).toMatchObject({ caller: null, tenantId });
  });

  it("refuses a call id that is in use", async () => {
    await send("POST", "calls", { called, callId: "call-1" });
    const answer = await send("POST", "calls", { called, callId: "call-1" });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toEqual({ error: "callId call-1 is in use" });
  });
});

describe("GET /simulator/calls", () => {
  it("lists all calls, and shows the whole record of one", async () => {
    await send("POST", "calls", { called, callId: "a/b" });
    expect(await (await send("GET", "calls")).json()).toMatchObject([{ id: "a/b" }]);
    expect(await (await send("GET", "calls/a%2Fb")).json()).toMatchObject({ id: "a/b", requests: [], finished: false });
  });

  it("does not find a call that never was", async () => {
    expect((await send("GET", "calls/nobody")).status).toBe(404);
  });
});

describe("/simulator/token", () => {
  it("gives a valid token to GET", async () => {
    const answer = await send("GET", "token");
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(decodeJwt((await answer.text()).trim())).toMatchObject({ aud: botAppId, tid: tenantId });
  });

  it("gives a token with overrides to POST", async () => {
    const overrides = { aud: "x", tid: null, alg: "HS256", hmacKey: "der", kid: "k", expiresInSeconds: -5 };
    const token = (await (await send("POST", "token", overrides)).text()).trim();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "HS256", kid: "k" });
    expect(decodeJwt(token).aud).toBe("x");
    expect(decodeJwt(token)).not.toHaveProperty("tid");
  });
});

describe("POST /simulator/keys/rotate", () => {
  it("signs with another key from then on, whether told anything or not", async () => {
    for (const body of [undefined, { publish: false }]) {
      expect(await (await send("POST", "keys/rotate", body)).json()).toEqual({
        kid: decodeProtectedHeader(await simulator.issueToken()).kid,
      });
    }
  });
});

describe("/simulator/faults", () => {
  it("sets faults, shows what is left of them and takes them back", async () => {
    const plan = {
      seed: 3,
      faults: [
        { kind: "keys-503", count: 2 },
        { kind: "identity-slow", latencyMs: 5 },
        { kind: "latency", latencyMs: 5, tail: "heavy" },
      ],
    };
    expect(await (await send("PUT", "faults", plan)).json()).toEqual(plan);
    await fetch(`${simulator.url}/v1/keys`);
    expect(await (await send("GET", "faults")).json()).toMatchObject({
      faults: [{ count: 1 }, { kind: "identity-slow", latencyMs: 5 }, { latencyMs: 5 }],
    });
    expect((await send("DELETE", "faults")).status).toBe(204);
    expect(await (await send("GET", "faults")).json()).toEqual({ seed: 1, faults: [] });
  });
});

describe("PUT /simulator/targets/{id}", () => {
  it("sets how a target behaves, by a number that is encoded in the path", async () => {
    const settings = { behaviour: "busy", ringMs: 0, faults: [{ kind: "503", count: 0 }] };
    expect((await send("PUT", "targets/%2B14255550142", settings)).status).toBe(204);
    const call = await simulator.placeCall({ caller: null, called: { applicationInstance: { id: userId } } });
    const target = {
      "@odata.type": "#microsoft.graph.invitationParticipantInfo",
      identity: { phone: { id: "+14255550142" } },
    };
    await fetch(`${simulator.url}/v1.0/communications/calls/${call.id}/redirect`, {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: JSON.stringify({ targets: [target] }),
    });
    await simulator.waitFor(call.id, "terminated");
    expect(call.ended?.ending).toBe("busy");
  });
});

describe("bad input", () => {
  it.each<[string, string, string, unknown, string]>([
    ["text that is not JSON", "POST", "calls", "{", "body is not JSON"],
    ["a list", "POST", "calls", [], "body must be an object"],
    ["no called party", "POST", "calls", {}, "called must be an object"],
    [
      "two called parties",
      "POST",
      "calls",
      { called: { ...called, applicationInstance: { id: "x" } } },
      "called must set either application or applicationInstance",
    ],
    [
      "a called party without id",
      "POST",
      "calls",
      { called: { application: {} } },
      "called.application.id must be a non-empty string",
    ],
    [
      "a caller of an unknown kind",
      "POST",
      "calls",
      { called, caller: { pigeon: { id: "x" } } },
      "caller has an unknown property pigeon",
    ],
    ["an unknown property", "POST", "calls", { called, from: "x" }, "body has an unknown property from"],
    [
      "a fault of the key server for one call",
      "POST",
      "calls",
      { called, faults: [{ kind: "keys-503" }] },
      "faults[0].kind keys-503 is for all calls only",
    ],
    [
      "a fault of the machine's identity for one call",
      "POST",
      "calls",
      { called, faults: [{ kind: "identity-hang" }] },
      "faults[0].kind identity-hang is for all calls only",
    ],
    [
      "a notification fault for a target",
      "PUT",
      "targets/x",
      { faults: [{ kind: "missing-ended" }] },
      "faults[0].kind missing-ended is not for a target",
    ],
    [
      "an unknown behaviour",
      "PUT",
      "targets/x",
      { behaviour: "sleep" },
      "behaviour must be one of answer, no-answer, busy, decline, unreachable, refuse",
    ],
    ["a negative ringMs", "PUT", "targets/x", { ringMs: -1 }, "ringMs must be a number of at least 0"],
    ["no list of faults", "PUT", "faults", {}, "faults must be an array"],
    [
      "a rate above 1",
      "PUT",
      "faults",
      { faults: [{ kind: "503", rate: 2 }] },
      "faults[0].rate must be a number from 0 to 1",
    ],
    [
      "half a count",
      "PUT",
      "faults",
      { faults: [{ kind: "503", count: 0.5 }] },
      "faults[0].count must be a whole number of at least 0",
    ],
    [
      "a latency without its length",
      "PUT",
      "faults",
      { faults: [{ kind: "latency" }] },
      "faults[0].latencyMs must be a number of at least 0",
    ],
    [
      "a wait that is no wait",
      "PUT",
      "faults",
      { faults: [{ kind: "429", retryAfter: "soon" }] },
      "faults[0].retryAfter must be one of date, absurd",
    ],
    [
      "another fault's property",
      "PUT",
      "faults",
      { faults: [{ kind: "503", latencyMs: 1 }] },
      "faults[0] has an unknown property latencyMs",
    ],
    ["an unknown algorithm", "POST", "token", { alg: "ES256" }, "alg must be one of RS256, HS256, none"],
    [
      "an end that is text",
      "POST",
      "token",
      { expiresInSeconds: "60" },
      "expiresInSeconds must be a whole number from -1000000000 to 1000000000",
    ],
    ["publish that is text", "POST", "keys/rotate", { publish: "no" }, "publish must be true or false"],
  ])("%s is refused with a sentence that names the field", async (_what, method, path, body, error) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error });
  });

  it.each([
    ["DELETE", "calls"],
    ["GET", "targets/x"],
    ["GET", "nothing"],
  ])("%s %s is not found", async (method, path) => {
    expect((await send(method, path)).status).toBe(404);
  });
});
