import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { endedEntry, incomingEntry } from "../support/ringing.ts";
import { ACCOUNT, ALICE, BOB, BOT, CONTOSO, useStack } from "../support/stack.ts";

const stack = useStack();

const RECEPTION = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const ON_CALL = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";

const fromAlice = { user: { id: ALICE, tenantId: CONTOSO } };
const toAccount = { applicationInstance: { id: ACCOUNT, tenantId: CONTOSO } };
const toBot = { application: { id: BOT } };

beforeAll(async () => {
  await stack().addRow("Routes", "default", "reception", { targets: `user:${RECEPTION} "Reception"` });
  await stack().addRow("Routes", ACCOUNT, "vip", {
    caller: "+14255550142",
    targets: "phone:+14255550199",
    timeout: 20,
  });
});

/** Rings through the platform and waits until all is over. */
async function ring(caller: object | null, called: typeof toAccount | typeof toBot, more: object = {}) {
  const { id } = await stack().simulator.placeCall({ caller, called, ...more });
  return await stack().simulator.waitFor(id, ({ finished }) => finished);
}

const incoming = (callId: string, more: object = {}) => incomingEntry(callId, ACCOUNT, more);

describe("a call comes in", () => {
  it("rings the person whom the row names", async () => {
    const call = await ring(fromAlice, toAccount);
    expect(call.posts[0]?.status).toBe(202);
    expect(call.requests).toHaveLength(1);
    expect(call.requests[0]?.body).toEqual({
      targets: [
        {
          "@odata.type": "#microsoft.graph.invitationParticipantInfo",
          identity: {
            "@odata.type": "#microsoft.graph.identitySet",
            user: { "@odata.type": "#microsoft.graph.identity", id: RECEPTION, displayName: "Reception" },
          },
        },
      ],
      callbackUri: expect.stringMatching(/^https:\/\/calls\.contoso\.com\/api\/calls\/\d{10}$/),
    });
    expect(call.ended?.ending).toBe("answered");
  });

  it("goes by the caller's number, and asks for the row's ring time", async () => {
    const call = await ring({ phone: { id: "+14255550142" } }, toAccount);
    expect(call.requests[0]?.body).toMatchObject({
      targets: [{ identity: { phone: { id: "+14255550199" } } }],
      timeout: 20,
    });
  });

  it("rings somebody for a caller that withholds its number", async () => {
    expect((await ring(null, toAccount)).redirect?.targets).toEqual([{ kind: "user", id: RECEPTION }]);
  });

  it("leaves one closed row about the call, whole and with its trace", async () => {
    const call = await ring(fromAlice, toAccount);
    const rows = await stack().recordsOf(call.id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      rowKey: call.id,
      line: ACCOUNT,
      caller: ALICE,
      status: "redirected",
      rule: "default/reception",
      outcome: "answered",
      graphStatus: 202,
      claimedMs: expect.any(Number),
      decidedMs: expect.any(Number),
      trace: expect.stringContaining("vip does not apply: it is for other callers."),
    });
    expect(call.posts[1]?.url).toContain(String(rows[0]?.partitionKey).slice(0, 13).replace(/[-T]/g, ""));
  });

  it("counts an edit of a row on the next call", async () => {
    await stack().addRow("Routes", BOT, "me", { targets: `user:${BOB}` });
    expect((await ring(fromAlice, toBot)).redirect?.targets).toEqual([{ kind: "user", id: BOB }]);
    await stack().addRow("Routes", BOT, "me", { targets: `user:${ON_CALL}` });
    expect((await ring(fromAlice, toBot)).redirect?.targets).toEqual([{ kind: "user", id: ON_CALL }]);
  });

  it("skips the row with the mistake, and says which column", async () => {
    await stack().addRow("Routes", ACCOUNT, "broken", { priority: 1, targets: "phone:12", timeout: 5 });
    expect((await ring(fromAlice, toAccount)).redirect?.targets).toEqual([{ kind: "user", id: RECEPTION }]);
    const faults = stack()
      .logged("row_fault")
      .map(({ fault }) => String(fault));
    expect(faults.some((fault) => fault.includes("/broken, column targets"))).toBe(true);
    expect(faults.some((fault) => fault.includes("/broken, column timeout"))).toBe(true);
    await stack().table("Routes").deleteEntity(ACCOUNT, "broken");
  });
});

describe("a call comes more than once", () => {
  it("is redirected once when its post is repeated", async () => {
    const call = await ring(fromAlice, toAccount, { faults: [{ kind: "duplicate-sequential" }] });
    expect(call.posts.filter(({ state }) => state === "incoming").map(({ status }) => status)).toEqual([202, 202]);
    expect(call.requests).toHaveLength(1);
  });

  it("is redirected once when its posts arrive together", async () => {
    const call = await ring(fromAlice, toAccount, { faults: [{ kind: "duplicate-concurrent" }] });
    expect(call.posts.filter(({ state }) => state === "incoming").length).toBeGreaterThan(1);
    expect(call.requests).toHaveLength(1);
  });

  it("is redirected once when it stands twice in one body", async () => {
    const body = readFileSync(new URL("../fixtures/notifications/incoming-twice-in-one-batch.json", import.meta.url));
    await stack().post(body);
    await stack().post(body);
    const redirects = stack()
      .requestsFor("efab5059-65cf-5438-92aa-04fb4ced2238")
      .filter(({ request }) => request.action === "redirect");
    expect(redirects).toHaveLength(1);
  });

  it("is two calls when one chain has two ids", async () => {
    const callChainId = crypto.randomUUID();
    const [one, other] = await Promise.all([
      ring(fromAlice, toAccount, { callChainId }),
      ring(fromAlice, toAccount, { callChainId }),
    ]);
    expect([one.requests.length, other.requests.length]).toEqual([1, 1]);
  });
});

describe("several entries in one body", () => {
  it("redirects two calls", async () => {
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    expect((await stack().post({ value: [incoming(one), incoming(other)] })).status).toBe(202);
    expect([stack().requestsFor(one).length, stack().requestsFor(other).length]).toEqual([1, 1]);
  });

  it("does not let a bad entry cost its neighbour the call", async () => {
    const good = crypto.randomUUID();
    const body = { value: [null, 7, incoming("../../users/x"), incoming(good), { resourceUrl: 5 }] };
    expect((await stack().post(body)).status).toBe(202);
    expect(stack().requestsFor(good)).toHaveLength(1);
  });

  it("refuses another tenant's entry and takes its neighbour", async () => {
    const [own, foreign] = [crypto.randomUUID(), crypto.randomUUID()];
    const body = { value: [incoming(foreign, { tenantId: crypto.randomUUID() }), incoming(own)] };
    expect((await stack().post(body)).status).toBe(202);
    expect([stack().requestsFor(own).length, stack().requestsFor(foreign).length]).toEqual([1, 0]);
  });
});

describe("the end of a call", () => {
  it("may come before its beginning, which then rings nobody", async () => {
    const callId = crypto.randomUUID();
    await stack().post({ value: [endedEntry(callId)] });
    expect((await stack().post({ value: [incoming(callId)] })).status).toBe(202);
    expect(stack().requestsFor(callId)).toHaveLength(0);
    expect(await stack().recordsOf(callId)).toMatchObject([{ outcome: "unknown" }]);
  });

  it("closes the record when it comes to the channel's own address", async () => {
    const callId = crypto.randomUUID();
    await stack().post({ value: [incoming(callId)] });
    await stack().post({ value: [endedEntry(callId)] });
    expect(await stack().recordsOf(callId)).toMatchObject(
      [{ line: ACCOUNT, outcome: "caller gone" }].map(({ line }) => ({ line })),
    );
  });

  it.each([
    ["busy", "busy"],
    ["decline", "declined"],
    ["no-answer", "no answer"],
    ["unreachable", "unreachable"],
  ] as const)("tells %s", async (behaviour, outcome) => {
    stack().simulator.setTarget(RECEPTION, { behaviour });
    const call = await ring(fromAlice, toAccount);
    expect(await stack().recordsOf(call.id)).toMatchObject([{ outcome }]);
    stack().simulator.setTarget(RECEPTION, { behaviour: "answer" });
  });
});
