import { beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, CONTOSO, useStack } from "../support/stack.ts";

const FIRST = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const SECOND = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";
const LINE = "0b6f1f10-7a35-4c3f-9be2-0a1fd2c64a5e";
const LAST = "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e";

const stack = useStack({ FALLBACK_TARGET: `user:${LAST}`, DEADLINE_SECONDS: "3" });

const call = {
  caller: { user: { id: ALICE, tenantId: CONTOSO } },
  called: { applicationInstance: { id: ACCOUNT, tenantId: CONTOSO } },
};

beforeAll(async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${FIRST}`, fallback: `user:${SECOND}` });
  await stack().addRow("Lines", "line", ACCOUNT, { fallback: `user:${LINE}` });
});

/** Rings, and tells whom Graph was asked to ring, one after the other. */
async function ring(more: object = {}) {
  const { id } = await stack().simulator.placeCall({ ...call, ...more });
  const { requests, posts, redirect, reject } = await stack().simulator.waitFor(id, ({ finished }) => finished, {
    timeoutMs: 25_000,
  });
  const asked = requests.map(({ action, body }) => (action === "reject" ? "reject" : firstTarget(body)));
  return { id, asked, status: posts[0]?.status, rang: redirect?.targets[0]?.id, reject };
}

function firstTarget(body: unknown): string {
  return /"id":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? "nobody";
}

describe("when Graph refuses the targets", () => {
  const refuse = (...ids: string[]) => {
    for (const id of [FIRST, SECOND, LINE, LAST]) {
      stack().simulator.setTarget(id, { behaviour: ids.includes(id) ? "refuse" : "answer" });
    }
  };

  it("rings the rule's fallback", async () => {
    refuse(FIRST);
    const { id, asked, rang } = await ring();
    expect({ asked, rang }).toEqual({ asked: [FIRST, SECOND], rang: SECOND });
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "redirected", fallback: "rule" }]);
  });

  it("rings the line's fallback next, then the app's", async () => {
    refuse(FIRST, SECOND);
    expect((await ring()).asked).toEqual([FIRST, SECOND, LINE]);
    refuse(FIRST, SECOND, LINE);
    expect((await ring()).asked).toEqual([FIRST, SECOND, LINE, LAST]);
  });

  it("rejects the call when nobody is left, so that the caller hears an end", async () => {
    refuse(FIRST, SECOND, LINE, LAST);
    const { id, asked, reject, status } = await ring();
    expect(asked).toEqual([FIRST, SECOND, LINE, LAST, "reject"]);
    expect(reject).toBe("none");
    expect(status).toBe(202);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "refused", graphCode: "7505" }]);
    refuse();
  });
});

describe("when Graph falters", () => {
  it.each([
    ["throttles once", { kind: "429", count: 1, retryAfter: 1 }],
    ["answers 503 once", { kind: "503", count: 1 }],
    ["answers 500 once", { kind: "500", count: 1 }],
    ["wants a fresh token", { kind: "401", count: 1 }],
    ["drops the connection", { kind: "reset-before", count: 1 }],
  ] as const)("rings all the same when it %s", async (_, fault) => {
    expect(await ring({ faults: [fault] })).toMatchObject({ asked: [FIRST, FIRST], rang: FIRST, status: 202 });
  });

  it("takes a lost answer for acceptance when the repeat is refused", async () => {
    const { id, status, rang } = await ring({ faults: [{ kind: "reset-after", count: 1 }] });
    expect({ status, rang }).toEqual({ status: 202, rang: FIRST });
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "redirected" }]);
  });

  it("leaves a call alone whose caller has gone", async () => {
    const { id, asked } = await ring({ faults: [{ kind: "8522" }] });
    expect(asked).toEqual([FIRST]);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "gone" }]);
  });

  it("answers 503 while Graph cannot be reached, and takes the repeated post", async () => {
    const body = (callId: string) => ({
      value: [
        {
          changeType: "created",
          resourceUrl: `/communications/calls/${callId}`,
          resourceData: {
            state: "incoming",
            tenantId: CONTOSO,
            source: { identity: call.caller },
            targets: [{ identity: call.called }],
          },
        },
      ],
    });
    const callId = crypto.randomUUID();
    stack().simulator.setFaults({ faults: [{ kind: "503" }] });
    expect((await stack().post(body(callId))).status).toBe(503);
    stack().simulator.setFaults({ faults: [] });
    const before = stack().requestsFor(callId).length;
    expect((await stack().post(body(callId))).status).toBe(202);
    expect(stack().requestsFor(callId).length).toBe(before + 1);
  });
});
