import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault, GraphAnswerFault, GraphFault } from "../../local/graph-simulator/faults.ts";
import type { CallRequest } from "../../local/graph-simulator/platform.ts";
import type { SimulatedCall } from "../../local/graph-simulator/records.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";

const botAppId = "570cd818-9325-59a7-9b41-20d893417843";
const tenantId = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const graphToken = "the-apps-token";
const userId = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const otherUserId = "442bf7d8-aa2f-5999-b696-46483e5a6f02";

let simulator: GraphSimulator;

// Nothing listens there: the posts fail, and the calls wait to be redirected all the same.
const webhookUrl = "http://127.0.0.1:1/api/calls";

beforeEach(async () => {
  simulator = await startGraphSimulator({ port: 0, webhookUrl, botAppId, tenantId, graphToken });
});
afterEach(() => simulator.close());

function place(request: Partial<CallRequest> = {}): Promise<SimulatedCall> {
  return simulator.placeCall({
    caller: { user: { id: userId } },
    called: { applicationInstance: { id: "84292c1d-8acc-582c-b421-be858516a6a1" } },
    ...request,
  });
}

function act(call: { id: string }, action: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${simulator.url}/v1.0/communications/calls/${call.id}/${action}`, {
    method: "POST",
    headers: { authorization: `Bearer ${graphToken}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function redirectTo(ids: readonly string[]) {
  const targets = ids.map((id) => ({
    "@odata.type": "#microsoft.graph.invitationParticipantInfo",
    identity: id.startsWith("+") ? { phone: { id } } : { user: { id } },
  }));
  return { targets };
}

describe("Graph's redirect", () => {
  it("answers 202 with no body, Graph's headers and the client-request-id that was sent", async () => {
    const call = await place();
    const answer = await act(call, "microsoft.graph.redirect", redirectTo([userId]), { "client-request-id": "mine" });
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe("");
    expect(answer.headers.get("client-request-id")).toBe("mine");
    expect(answer.headers.get("request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("x-ms-ags-diagnostic")).toContain("ServerInfo");
    expect(answer.headers.get("date")).not.toBeNull();
  });

  it("takes a call once and records every later try", async () => {
    const call = await place();
    const statuses = [
      (await act(call, "redirect", redirectTo([userId]))).status,
      (await act(call, "redirect", redirectTo([userId]))).status,
      (await act(call, "microsoft.graph.reject", { reason: "none" })).status,
    ];
    expect(statuses).toEqual([202, 404, 404]);
    expect(call.requests).toMatchObject([
      { action: "redirect", status: 202, accepted: true },
      { action: "redirect", status: 404, code: "8522", accepted: false },
      { action: "reject", status: 404, code: "8522", accepted: false },
    ]);
  });

  it("records path, body and headers, but not the token", async () => {
    const call = await place();
    await act(call, "redirect", redirectTo([userId]), { "scenario-id": "s" });
    expect(call.requests).toMatchObject([
      {
        path: `/v1.0/communications/calls/${call.id}/redirect`,
        headers: { "scenario-id": "s" },
        body: redirectTo([userId]),
        sinceIncomingMs: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(call)).not.toContain(graphToken);
  });

  it.each<[string, number, string, (call: SimulatedCall) => Promise<Response>]>([
    ["a call that never was", 404, "8522", () => act({ id: "nobody" }, "redirect", redirectTo([userId]))],
    ["an id that cannot be decoded", 404, "8522", () => act({ id: "%ff" }, "redirect", redirectTo([userId]))],
    ["a body that breaks a rule", 400, "BadRequest", (call) => act(call, "redirect", { targets: [] })],
    ["a body that is not JSON", 400, "BadRequest", (call) => act(call, "redirect", "{")],
    [
      "a body of another type",
      400,
      "BadRequest",
      (call) => act(call, "redirect", redirectTo([userId]), { "content-type": "text/plain" }),
    ],
    ["an action that does not exist", 400, "BadRequest", (call) => act(call, "forward", {})],
    [
      "another token",
      401,
      "InvalidAuthenticationToken",
      (call) => act(call, "redirect", redirectTo([userId]), { authorization: "Bearer x" }),
    ],
  ])("refuses %s in Graph's form", async (_what, status, code, send) => {
    const answer = await send(await place());
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      error: {
        code,
        message: expect.any(String),
        innerError: {
          date: expect.any(String),
          "request-id": answer.headers.get("request-id"),
          "client-request-id": answer.headers.get("client-request-id"),
        },
      },
    });
  });

  it("refuses a telephone when the bot itself was called", async () => {
    const call = await place({ called: { application: { id: botAppId } } });
    expect((await act(call, "redirect", redirectTo(["+14255550142"]))).status).toBe(403);
    expect(call.requests).toMatchObject([{ status: 403, code: "7505" }]);
  });

  it("refuses a target that is set to be refused, and takes another after that", async () => {
    simulator.setTarget(userId, { behaviour: "refuse" });
    const call = await place();
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(403);
    expect((await act(call, "redirect", redirectTo([otherUserId]))).status).toBe(202);
    expect(call.requests.map(({ code }) => code)).toEqual(["7505", null]);
  });
});

describe("Graph's faults", () => {
  it.each<{ kind: GraphAnswerFault | "429"; status: number; code: string }>([
    { kind: "401", status: 401, code: "InvalidAuthenticationToken" },
    { kind: "429", status: 429, code: "TooManyRequests" },
    { kind: "500", status: 500, code: "9999" },
    { kind: "502", status: 502, code: "BadGateway" },
    { kind: "503", status: 503, code: "ServiceUnavailable" },
    { kind: "504", status: 504, code: "GatewayTimeout" },
    { kind: "7503", status: 403, code: "7503" },
    { kind: "7504", status: 403, code: "7504" },
    { kind: "7505", status: 403, code: "7505" },
    { kind: "8522", status: 404, code: "8522" },
    { kind: "unknown-error", status: 403, code: "UnknownError" },
  ])("$kind strikes once and the next try is taken", async ({ kind, status, code }) => {
    const call = await place({ faults: [{ kind, count: 1 }] });
    const first = await act(call, "redirect", redirectTo([userId]));
    expect(first.status).toBe(status);
    expect(await first.json()).toMatchObject({ error: { code } });
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(202);
    expect(call.requests).toMatchObject([
      { fault: kind, status, code, accepted: false },
      { fault: null, accepted: true },
    ]);
  });

  it.each<[string, GraphFault, RegExp | null]>([
    ["seconds", { kind: "429", retryAfter: 3 }, /^3$/],
    ["a date", { kind: "429", retryAfter: "date" }, /GMT$/],
    ["an absurd wait", { kind: "429", retryAfter: "absurd" }, /^\d{9}$/],
    ["no wait at all", { kind: "429" }, null],
  ])("429 asks for %s", async (_what, fault, retryAfter) => {
    const answer = await act(await place({ faults: [fault] }), "redirect", redirectTo([userId]));
    const header = answer.headers.get("retry-after");
    if (retryAfter === null) expect(header).toBeNull();
    else expect(header).toMatch(retryAfter);
  });

  it("unknown-error hides its code in a message that is itself JSON", async () => {
    const answer = await act(await place({ faults: [{ kind: "unknown-error" }] }), "redirect", redirectTo([userId]));
    const message =
      '{"errorCode":"7503","message":"Application is not registered in our store.","instanceAnnotations":[]}';
    expect(await answer.json()).toMatchObject({ error: { message } });
  });

  it("html is a page where JSON is expected", async () => {
    const answer = await act(await place({ faults: [{ kind: "html" }] }), "redirect", redirectTo([userId]));
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it("reset-before cuts the connection and leaves the call as it was", async () => {
    const call = await place({ faults: [{ kind: "reset-before", count: 1 }] });
    await expect(act(call, "redirect", redirectTo([userId]))).rejects.toThrow("fetch failed");
    expect(call.requests).toMatchObject([{ fault: "reset-before", status: null, accepted: false }]);
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(202);
  });

  it("reset-after takes the redirect and loses the answer, so that a repeat finds no call", async () => {
    const call = await place({ faults: [{ kind: "reset-after", count: 1 }] });
    await expect(act(call, "redirect", redirectTo([userId]))).rejects.toThrow("fetch failed");
    expect(call.requests).toMatchObject([{ fault: "reset-after", status: null, accepted: true }]);
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(404);
  });

  it("latency keeps the request waiting before it is taken", async () => {
    const call = await place({ faults: [{ kind: "latency", latencyMs: 600_000, count: 1 }] });
    const late = expect(act(call, "redirect", redirectTo([userId]))).rejects.toThrow("fetch failed");
    await simulator.waitFor(call.id, ({ requests }) => requests.length === 1);
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(202);
    expect(call.requests).toMatchObject([{ status: null, accepted: false }, { status: 202 }]);
    await simulator.close();
    await late;
  });

  it("latency goes together with another fault", async () => {
    const call = await place({ faults: [{ kind: "503" }, { kind: "latency", latencyMs: 1 }] });
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(503);
  });

  it("strike a redirect that names the target they were set for", async () => {
    simulator.setTarget(userId, { faults: [{ kind: "7505" }] });
    const call = await place();
    expect((await act(call, "redirect", redirectTo([otherUserId, userId]))).status).toBe(403);
    expect((await act(call, "redirect", redirectTo([otherUserId]))).status).toBe(202);
  });

  it("are taken from the call itself before those of all calls", async () => {
    simulator.setFaults({ faults: [{ kind: "503" }] });
    const call = await place({ faults: [{ kind: "500", count: 1 }] });
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(500);
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(503);
  });

  it("do not strike a request with a wrong token", async () => {
    const call = await place({ faults: [{ kind: "503" }] });
    expect((await act(call, "redirect", redirectTo([userId]), { authorization: "Bearer x" })).status).toBe(401);
  });

  it("strike alike in two runs from one seed", async () => {
    const run = async () => {
      simulator.setFaults({ seed: 7, faults: [{ kind: "503", rate: 0.5 }] });
      const statuses: number[] = [];
      for (let tries = 0; tries < 20; tries += 1) {
        statuses.push((await act(await place(), "redirect", redirectTo([userId]))).status);
      }
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([202, 503]));
    expect(await run()).toEqual(first);
  });
});

describe("key server faults", () => {
  const keys = () => fetch(`${simulator.url}/v1/keys`);
  const strikeOnce = (fault: Fault) => simulator.setFaults({ faults: [fault] });

  it("keys-503 answers 503, for the metadata too", async () => {
    strikeOnce({ kind: "keys-503", count: 2 });
    expect((await keys()).status).toBe(503);
    expect((await fetch(`${simulator.url}/v1/.well-known/OpenIdConfiguration`)).status).toBe(503);
    expect((await keys()).status).toBe(200);
  });

  it("keys-reset cuts the connection", async () => {
    strikeOnce({ kind: "keys-reset", count: 1 });
    await expect(keys()).rejects.toThrow("fetch failed");
    expect((await keys()).status).toBe(200);
  });

  it.each<Fault>([
    { kind: "keys-hang", count: 1 },
    { kind: "keys-slow", latencyMs: 600_000, count: 1 },
  ])("$kind keeps one request waiting, and no other", async (fault) => {
    strikeOnce(fault);
    const answers = [keys(), keys()];
    expect((await Promise.any(answers)).status).toBe(200);
    await simulator.close();
    expect((await Promise.allSettled(answers)).map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("keys-slow answers in the end", async () => {
    strikeOnce({ kind: "keys-slow", latencyMs: 1 });
    expect((await keys()).status).toBe(200);
  });

  it("leave Graph alone", async () => {
    strikeOnce({ kind: "keys-503" });
    expect((await act(await place(), "redirect", redirectTo([userId]))).status).toBe(202);
  });
});
