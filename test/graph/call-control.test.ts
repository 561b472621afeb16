import { describe, expect, it } from "vitest";
import type { CallFault } from "../../local/graph-simulator/faults.ts";
import {
  aDeadline,
  aRedirect,
  CountingCredential,
  callControl,
  placeCall,
  TENANT,
  useGraph,
} from "./simulated-graph.ts";

const graph = useGraph();

/** Redirects a call that has faults of its own. */
async function redirectWith(faults: readonly CallFault[], deadlineMs?: number) {
  const credential = new CountingCredential();
  const call = await placeCall(graph(), { faults });
  const outcome = await callControl(graph().url, credential).redirect(aRedirect(call.callId), aDeadline(deadlineMs));
  return { outcome, requests: call.requests, tokensAsked: credential.asked };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("GraphCallControl.redirect", () => {
  it("has the targets rung", async () => {
    const { outcome, requests } = await redirectWith([]);
    expect(outcome).toEqual({
      kind: "accepted",
      answer: { status: 202, requestId: expect.stringMatching(UUID), tries: 1 },
    });
    expect(requests).toMatchObject([
      {
        action: "redirect",
        accepted: true,
        body: {
          targets: [{ identity: { user: { id: "6d17c2f5-eac8-588b-835e-843f1323bef3" } } }],
          callbackUri: "https://bot.contoso.com/api/calls/1",
        },
      },
    ]);
  });

  it("sends a client-request-id of its own with each request", async () => {
    const { requests } = await redirectWith([{ kind: "500", count: 1 }]);
    const ids = requests.map(({ headers }) => headers["client-request-id"]);
    expect(ids).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(["a/b?c#d%20", "AB12CD34", "ä ö", "..%2F..%2Fme", "x&y=z;w+v"])(
    "reaches the call of id %s",
    async (callId) => {
      const { requests } = await placeCall(graph(), { callId });
      const outcome = await callControl(graph().url).redirect(aRedirect(callId), aDeadline());
      expect(outcome.kind).toBe("accepted");
      expect(requests).toMatchObject([{ path: `/v1.0/communications/calls/${encodeURIComponent(callId)}/redirect` }]);
    },
  );

  it("says that a call is gone which never was, or is over", async () => {
    const { callId } = await placeCall(graph());
    const control = callControl(graph().url);
    await control.reject(
      { callId, tenantId: TENANT, reason: "none", callbackUri: "https://bot.contoso.com" },
      aDeadline(),
    );
    for (const id of [callId, "84292c1d-8acc-582c-b421-be858516a6a1"]) {
      expect(await control.redirect(aRedirect(id), aDeadline())).toMatchObject({
        kind: "gone",
        answer: { status: 404, code: "8522", message: "Call not found.", tries: 1 },
      });
    }
  });

  it("says that a body is refused which Graph does not take", async () => {
    const { callId } = await placeCall(graph());
    const request = aRedirect(callId, { timeoutSeconds: 5 });
    expect(await callControl(graph().url).redirect(request, aDeadline())).toMatchObject({
      kind: "refused",
      answer: { status: 400, message: expect.stringContaining("timeout"), tries: 1 },
    });
  });

  it("redirects once although Graph is slow", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "latency", latencyMs: 50 }]);
    expect(outcome.kind).toBe("accepted");
    expect(requests).toHaveLength(1);
  });
});

describe("GraphCallControl.reject", () => {
  it.each(["busy", "forbidden", "none"] as const)("ends the call as %s", async (reason) => {
    const { callId, requests } = await placeCall(graph());
    const callbackUri = "https://bot.contoso.com/api/calls/1";
    const outcome = await callControl(graph().url).reject(
      { callId, tenantId: TENANT, reason, callbackUri },
      aDeadline(),
    );
    expect(outcome).toMatchObject({ kind: "accepted", answer: { status: 202, tries: 1 } });
    expect(requests).toMatchObject([{ action: "reject", accepted: true, body: { reason, callbackUri } }]);
  });
});

describe("GraphCallControl, when Graph answers wrongly", () => {
  it.each<{ fault: CallFault; kind: string; tries: number; code?: string; tokens?: number }>([
    { fault: { kind: "500", count: 1 }, kind: "accepted", tries: 2 },
    { fault: { kind: "500" }, kind: "refused", tries: 2, code: "9999" },
    { fault: { kind: "502", count: 2 }, kind: "accepted", tries: 3 },
    { fault: { kind: "502" }, kind: "unreachable", tries: 3, code: "BadGateway" },
    { fault: { kind: "503" }, kind: "unreachable", tries: 3, code: "ServiceUnavailable" },
    { fault: { kind: "504" }, kind: "unreachable", tries: 3, code: "GatewayTimeout" },
    { fault: { kind: "html", count: 1 }, kind: "accepted", tries: 2 },
    { fault: { kind: "401", count: 1 }, kind: "accepted", tries: 2, tokens: 2 },
    { fault: { kind: "401" }, kind: "unreachable", tries: 2, code: "InvalidAuthenticationToken", tokens: 2 },
    { fault: { kind: "7503" }, kind: "refused", tries: 1, code: "7503" },
    { fault: { kind: "7504", count: 1 }, kind: "accepted", tries: 2, tokens: 2 },
    { fault: { kind: "7504" }, kind: "refused", tries: 2, code: "7504", tokens: 2 },
    { fault: { kind: "7505" }, kind: "refused", tries: 1, code: "7505" },
    { fault: { kind: "8522" }, kind: "gone", tries: 1, code: "8522" },
    { fault: { kind: "unknown-error" }, kind: "refused", tries: 1, code: "7503" },
    { fault: { kind: "429", count: 1 }, kind: "accepted", tries: 2 },
    { fault: { kind: "429", retryAfter: 1, count: 1 }, kind: "accepted", tries: 2 },
    { fault: { kind: "429", retryAfter: 0, count: 2 }, kind: "accepted", tries: 3 },
    { fault: { kind: "429", retryAfter: "absurd" }, kind: "unreachable", tries: 1, code: "TooManyRequests" },
  ])("comes to $kind in $tries requests when $fault strikes", async ({ fault, kind, tries, code, tokens = 1 }) => {
    const { outcome, requests, tokensAsked } = await redirectWith([fault]);
    expect(outcome).toMatchObject({ kind, answer: { tries, ...(code === undefined ? {} : { code }) } });
    expect(requests).toHaveLength(tries);
    expect(requests.filter(({ accepted }) => accepted)).toHaveLength(kind === "accepted" ? 1 : 0);
    expect(tokensAsked).toBe(tokens);
  });

  it.each<{ fault: CallFault }>([
    { fault: { kind: "429", retryAfter: "date" } },
    { fault: { kind: "429", retryAfter: 3 } },
  ])("does not wait for a moment after the deadline: $fault", async ({ fault }) => {
    const { outcome, requests } = await redirectWith([fault], 1500);
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { status: 429, tries: 1 } });
    expect(requests).toHaveLength(1);
  });

  it("goes on being throttled for as long as the deadline allows, and no longer", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "429", retryAfter: 0 }], 700);
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { tries: requests.length } });
    expect(requests.length).toBeGreaterThan(1);
    // 200 ms at least lie between two of them.
    expect(requests.length).toBeLessThanOrEqual(4);
  });

  it("answers for one kind of trouble after another", async () => {
    const { outcome, requests } = await redirectWith([
      { kind: "reset-before", count: 1 },
      { kind: "401", count: 1 },
      { kind: "503", count: 1 },
    ]);
    expect(outcome).toMatchObject({ kind: "accepted", answer: { status: 202, tries: 4 } });
    expect(requests.map(({ fault }) => fault)).toEqual(["reset-before", "401", "503", null]);
  });
});
