import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotificationFaultKind } from "../../local/graph-simulator/faults.ts";
import type { CallRequest } from "../../local/graph-simulator/platform.ts";
import type { SimulatedCall, SimulatorEvent } from "../../local/graph-simulator/records.ts";
import type { TargetBehaviour } from "../../local/graph-simulator/ring.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";

const botAppId = "570cd818-9325-59a7-9b41-20d893417843";
const tenantId = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const graphToken = "the-apps-token";
const accountId = "84292c1d-8acc-582c-b421-be858516a6a1";
const userId = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const otherUserId = "442bf7d8-aa2f-5999-b696-46483e5a6f02";

interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** What was posted to the webhook since the test began, and how it answers. */
let deliveries: Delivery[];
let webhookStatus: number;
let webhook: Server;
let webhookUrl: string;
let simulator: GraphSimulator;
let events: SimulatorEvent[];

beforeAll(async () => {
  webhook = createServer(async (request, response) => {
    deliveries.push({ path: request.url ?? "", headers: request.headers, body: await json(request) });
    response.writeHead(webhookStatus).end();
  });
  webhook.listen(0, "127.0.0.1");
  await once(webhook, "listening");
  const address = webhook.address();
  webhookUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/api/calls`;
});
afterAll(() => {
  webhook.closeAllConnections();
  webhook.close();
});

beforeEach(async () => {
  deliveries = [];
  webhookStatus = 202;
  events = [];
  simulator = await start();
});
afterEach(() => simulator.close());

function start(options: { answerWithinMs?: number; ringMs?: number } = {}): Promise<GraphSimulator> {
  const onEvent = (event: SimulatorEvent) => events.push(event);
  return startGraphSimulator({
    port: 0,
    webhookUrl,
    botAppId,
    tenantId,
    graphToken,
    talkMs: 1,
    ringMs: 1,
    onEvent,
    ...options,
  });
}

function place(request: Partial<CallRequest> = {}): Promise<SimulatedCall> {
  return simulator.placeCall({
    caller: { user: { id: userId, tenantId } },
    called: { applicationInstance: { id: accountId, tenantId } },
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

function redirectTo(ids: readonly string[], more: Record<string, unknown> = {}) {
  const targets = ids.map((id) => ({
    "@odata.type": "#microsoft.graph.invitationParticipantInfo",
    identity: id.startsWith("+") ? { phone: { id } } : { user: { id } },
  }));
  return { targets, ...more };
}

const isFinished = (call: SimulatedCall) => call.finished;

async function redirectAndFinish(ids: readonly string[], more: Record<string, unknown> = {}): Promise<SimulatedCall> {
  const call = await place();
  const answer = await act(call, "redirect", redirectTo(ids, more));
  expect(answer.status).toBe(202);
  return simulator.waitFor(call.id, isFinished);
}

describe("an incoming notification", () => {
  it("has the shape of 2022 and later, both paths included", async () => {
    const call = await place();
    expect(deliveries[0]?.body).toEqual({
      "@odata.type": "#microsoft.graph.commsNotifications",
      value: [
        {
          "@odata.type": "#microsoft.graph.commsNotification",
          changeType: "created",
          resource: `/app/calls/${call.id}`,
          resourceUrl: `/communications/calls/${call.id}`,
          resourceData: {
            "@odata.type": "#microsoft.graph.call",
            state: "incoming",
            direction: "incoming",
            callbackUri: webhookUrl,
            source: {
              "@odata.type": "#microsoft.graph.participantInfo",
              id: expect.any(String),
              identity: {
                "@odata.type": "#microsoft.graph.identitySet",
                user: { "@odata.type": "#microsoft.graph.identity", id: userId, tenantId },
              },
              endpointType: "default",
              region: "emea",
              languageId: "en-US",
              countryCode: null,
            },
            targets: [
              {
                "@odata.type": "#microsoft.graph.invitationParticipantInfo",
                identity: {
                  "@odata.type": "#microsoft.graph.identitySet",
                  applicationInstance: { "@odata.type": "#microsoft.graph.identity", id: accountId, tenantId },
                },
                endpointType: "default",
                id: expect.any(String),
                region: "amer",
                languageId: null,
              },
            ],
            tenantId,
            myParticipantId: expect.any(String),
            incomingContext: {
              "@odata.type": "#microsoft.graph.incomingContext",
              sourceParticipantId: expect.any(String),
            },
            id: call.id,
            callChainId: call.callChainId,
          },
        },
      ],
    });
  });

  it("carries the platform's headers and a token for this bot and this tenant", async () => {
    const call = await place({ tenantId: "54a1b54f-9133-52a1-81d4-11a3ba2ede7e" });
    const { headers, path } = deliveries[0] ?? { headers: {}, path: "" };
    expect(path).toBe("/api/calls");
    expect(headers).toMatchObject({
      "user-agent": "Microsoft-Skype/3.0,(Calling/1.0)",
      "content-type": "application/json; charset=utf-8",
      "x-microsoft-skype-chain-id": call.callChainId,
      "x-microsoft-skype-message-id": expect.any(String),
    });
    expect(headers).not.toHaveProperty("scenario-id");
    const keys = createRemoteJWKSet(new URL("/v1/keys", simulator.url));
    const token = headers.authorization?.replace("Bearer ", "") ?? "";
    const { payload } = await jwtVerify(token, keys, { audience: botAppId, algorithms: ["RS256"] });
    expect(payload.tid).toBe("54a1b54f-9133-52a1-81d4-11a3ba2ede7e");
  });

  it.each<[string, CallRequest["caller"], unknown]>([
    ["a telephone", { phone: { id: "+14255550142" } }, { phone: { id: "+14255550142" } }],
    ["a guest", { guest: { id: "g", displayName: "Guest" } }, { guest: { id: "g", displayName: "Guest" } }],
    ["somebody encrypted", { encrypted: { id: "1xt4" } }, { encrypted: { id: "1xt4" } }],
    ["nulls beside the kind that is set", { phone: null, user: { id: userId } }, { phone: null, user: { id: userId } }],
    ["a caller with no kind at all", {}, { "@odata.type": "#microsoft.graph.identitySet" }],
    ["nobody", null, null],
  ])("names %s as the caller", async (_what, caller, identity) => {
    await place({ caller });
    expect(deliveries[0]?.body).toMatchObject({ value: [{ resourceData: { source: { identity } } }] });
  });

  it("leaves the tenant out on demand, and lays other properties over the call", async () => {
    const callRoutes = [{ routingType: "lookup", original: { phone: { id: "+14255550100" } } }];
    await place({ tenantId: null, resourceData: { callRoutes }, called: { application: { id: botAppId } } });
    expect(deliveries[0]?.body).toMatchObject({
      value: [{ resourceData: { callRoutes, targets: [{ "@odata.type": "#microsoft.graph.participantInfo" }] } }],
    });
    expect(deliveries[0]?.body).not.toHaveProperty("value.0.resourceData.tenantId");
  });

  it("is recorded with the webhook's answer", async () => {
    webhookStatus = 503;
    const call = await place();
    expect(call.posts).toMatchObject([{ state: "incoming", status: 503, error: null, url: webhookUrl }]);
    expect(JSON.stringify(call.posts)).not.toContain("Bearer");
  });

  it("is recorded as failed when the webhook is down, and the call waits all the same", async () => {
    simulator.setWebhookUrl("http://127.0.0.1:1/api/calls");
    const call = await place();
    expect(call.posts).toMatchObject([{ status: null, error: expect.stringContaining("ECONNREFUSED") }]);
    expect(call.state).toBe("incoming");
  });

  it("is not posted for a call id that was used before", async () => {
    const call = await place();
    await expect(place({ callId: call.id })).rejects.toThrow(`callId ${call.id} is in use`);
  });
});

describe("a redirected call", () => {
  it("rings, is answered and ends, and says so with an encrypted answeredBy", async () => {
    const call = await redirectAndFinish([userId]);
    expect(call.states.map(({ state }) => state)).toEqual(["incoming", "ringing", "established", "terminated"]);
    expect(call.answeredBy).toEqual({ kind: "user", id: userId });
    expect(deliveries.at(-1)?.body).toMatchObject({
      value: [
        {
          changeType: "deleted",
          resourceUrl: `/communications/calls/${call.id}`,
          resourceData: {
            state: "terminated",
            resultInfo: { "@odata.type": "#microsoft.graph.resultInfo", code: 200, subcode: 4521 },
            answeredBy: { identity: { encrypted: { id: expect.stringMatching(/^[0-9a-z]{40,}$/) } } },
          },
        },
      ],
    });
    expect(deliveries.at(-1)?.headers).toMatchObject({ "scenario-id": call.callChainId });
  });

  it.each<[string, TargetBehaviour[], string, number, number]>([
    ["busy", ["busy", "busy"], "busy", 486, 560486],
    ["declined", ["decline"], "declined", 603, 0],
    ["unreachable", ["unreachable"], "unreachable", 480, 10037],
    ["not answered", ["no-answer"], "no-answer", 487, 10004],
    ["not answered when one target rings on and the other is busy", ["no-answer", "busy"], "no-answer", 487, 10004],
    ["declined when one target declines and the other is busy", ["busy", "decline"], "declined", 603, 0],
    ["answered when one target is busy and the other answers", ["busy", "answer"], "answered", 200, 4521],
  ])("is %s", async (_what, behaviours, ending, code, subcode) => {
    const ids = [userId, otherUserId].slice(0, behaviours.length);
    for (const [index, id] of ids.entries()) simulator.setTarget(id, { behaviour: behaviours[index] });
    const call = await redirectAndFinish(ids, { timeout: 15 });
    expect(call.ended).toMatchObject({ ending, resultInfo: { code, subcode } });
    expect(deliveries).toHaveLength(2);
    expect(deliveries[1]?.body).toMatchObject({ value: [{ resourceData: { resultInfo: { code, subcode } } }] });
  });

  it("belongs to the first target that answers", async () => {
    simulator.setTarget(userId, { ringMs: 10 });
    simulator.setTarget(otherUserId.toUpperCase(), { ringMs: 5 });
    const call = await redirectAndFinish([userId, otherUserId]);
    expect(call.answeredBy).toEqual({ kind: "user", id: otherUserId });
  });

  it("is not answered by a target that takes longer than the timeout", async () => {
    simulator.setTarget(userId, { ringMs: 16 });
    expect((await redirectAndFinish([userId], { timeout: 15 })).ended?.ending).toBe("no-answer");
  });

  it("is answered in time whatever the simulator's ringMs, when the target has none of its own", async () => {
    await simulator.close();
    simulator = await start({ ringMs: 10_000 });
    expect((await redirectAndFinish([userId], { timeout: 15 })).ended?.ending).toBe("answered");
  });

  it("ends at the path of its callbackUri, on the webhook's host", async () => {
    await redirectAndFinish([userId], { callbackUri: "https://calls.contoso.com/api/calls/record-1?x=2" });
    expect(deliveries.map(({ path }) => path)).toEqual(["/api/calls", "/api/calls/record-1?x=2"]);
    expect(deliveries[1]?.body).toMatchObject({
      value: [{ resourceData: { callbackUri: "https://calls.contoso.com/api/calls/record-1?x=2" } }],
    });
  });

  it("may go out to a telephone when a resource account was called", async () => {
    expect((await redirectAndFinish(["+14255550142"])).answeredBy).toEqual({ kind: "phone", id: "+14255550142" });
  });
});

describe("a call that is not redirected", () => {
  it("ends as rejected, with no result", async () => {
    const call = await place();
    expect((await act(call, "reject", { reason: "Busy" })).status).toBe(202);
    await simulator.waitFor(call.id, isFinished);
    expect(call).toMatchObject({ reject: "busy", ended: { ending: "rejected", resultInfo: null } });
    expect(deliveries[1]?.body).not.toHaveProperty("value.0.resourceData.resultInfo");
  });

  it("ends when the platform's time is up", async () => {
    await simulator.close();
    simulator = await start({ answerWithinMs: 1 });
    const { id } = await place();
    const call = await simulator.waitFor(id, isFinished);
    expect(call.ended).toMatchObject({ ending: "caller-gone", resultInfo: { code: 487, subcode: 540487 } });
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(404);
  });
});

describe("notification faults", () => {
  it.each<[NotificationFaultKind, string[]]>([
    ["duplicate-sequential", ["incoming", "incoming", "terminated", "terminated"]],
    ["duplicate-concurrent", ["incoming", "incoming", "terminated", "terminated"]],
    ["missing-ended", ["incoming"]],
  ])("%s", async (kind, posted) => {
    const call = await place({ faults: [{ kind }] });
    await act(call, "redirect", redirectTo([userId]));
    await simulator.waitFor(call.id, isFinished);
    expect(call.posts.map(({ state }) => state)).toEqual(posted);
    expect(new Set(call.posts.map(({ headers }) => headers["X-Microsoft-Skype-Message-ID"])).size).toBe(posted.length);
  });

  it.each<[NotificationFaultKind, string[]]>([
    ["ended-before-incoming", ["terminated", "incoming"]],
    ["ended-with-incoming", ["incoming", "terminated"]],
    ["ended-without-incoming", ["terminated"]],
  ])("%s: the call is over before it can be redirected", async (kind, posted) => {
    const call = await place({ faults: [{ kind }] });
    expect(call.finished).toBe(true);
    const states = call.posts.map(({ state }) => state);
    expect(kind === "ended-with-incoming" ? states.sort() : states).toEqual(posted);
    expect((await act(call, "redirect", redirectTo([userId]))).status).toBe(404);
  });

  it("can be set for all calls, with a count", async () => {
    simulator.setFaults({ faults: [{ kind: "duplicate-sequential", count: 1 }] });
    expect((await place()).posts).toHaveLength(2);
    expect((await place()).posts).toHaveLength(1);
  });
});

describe("waitFor", () => {
  it("can be asked while the call is still being placed", async () => {
    const placing = place({ callId: "early" });
    expect((await simulator.waitFor("early", "incoming")).id).toBe("early");
    await placing;
  });

  it("resolves for a state that the call has passed already", async () => {
    const call = await redirectAndFinish([userId]);
    expect(await simulator.waitFor(call.id, "ringing")).toBe(call);
  });

  it("says where the call stands when the time is up", async () => {
    const { id } = await place();
    await expect(simulator.waitFor(id, "terminated", { timeoutMs: 1 })).rejects.toThrow(
      `call ${id} is incoming, and not terminated after 1 ms`,
    );
  });

  it("gives up when its signal aborts, and when the claim itself fails", async () => {
    const { id } = await place();
    await expect(simulator.waitFor(id, "terminated", { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    const failing = () => {
      throw new Error("wrong claim");
    };
    await expect(simulator.waitFor(id, failing)).rejects.toThrow("wrong claim");
    await expect(simulator.waitFor("nobody", "incoming")).rejects.toThrow("there is no call nobody");
  });
});

describe("startGraphSimulator", () => {
  it("tells onEvent what happens, in order", async () => {
    const call = await redirectAndFinish([userId]);
    expect(events.filter(({ callId }) => callId === call.id).map(({ type }) => type)).toEqual([
      "call-placed",
      "notification-posted",
      "graph-request",
      "call-answered",
      "call-ended",
      "notification-posted",
    ]);
  });

  it("refuses a port that is taken", async () => {
    const port = Number(new URL(simulator.url).port);
    const second = startGraphSimulator({ port, webhookUrl, botAppId, tenantId, graphToken });
    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("refuses a webhook that is not http", async () => {
    const started = startGraphSimulator({ port: 0, webhookUrl: "calls", botAppId, tenantId, graphToken });
    await expect(started).rejects.toThrow("webhookUrl must be an http address");
  });

  it("ends hanging requests, waits and calls when it is closed", async () => {
    const call = await place({ faults: [{ kind: "hang" }] });
    const hanging = act(call, "redirect", redirectTo([userId]));
    const waiting = simulator.waitFor(call.id, "terminated");
    await simulator.waitFor(call.id, ({ requests }) => requests.length === 1);
    const ends = [expect(hanging).rejects.toThrow(), expect(waiting).rejects.toThrow("the simulator was closed")];
    await simulator.close();
    await Promise.all(ends);
    await expect(place()).rejects.toThrow("the simulator was closed");
    simulator = await start();
  });
});
