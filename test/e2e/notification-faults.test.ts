import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incomingBody, ring } from "../support/ringing.ts";
import { ACCOUNT, useStack } from "../support/stack.ts";

const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const stack = useStack();

beforeAll(async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${DESK}` });
});
beforeEach(() => stack().simulator.setFaults({ faults: [] }));

describe("the end of a call that comes out of order", () => {
  it("rings nobody when it came before the beginning", async () => {
    const { id, asked, call } = await ring(stack(), ACCOUNT, { faults: [{ kind: "ended-before-incoming" }] });
    expect(call.posts.map(({ state, status }) => [state, status])).toEqual([
      ["terminated", 202],
      ["incoming", 202],
    ]);
    expect(asked).toEqual([]);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "unseen", outcome: "caller gone" }]);
  });

  it("costs nothing when it comes together with the beginning: one row, closed, and nobody is connected", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => ring(stack(), ACCOUNT, { faults: [{ kind: "ended-with-incoming" }] })),
    );
    for (const { id, call, asked, taken } of all) {
      expect(call.posts.map(({ status }) => status)).toEqual([202, 202]);
      expect(asked.length).toBeLessThanOrEqual(1);
      expect(taken).toBe(0);
      expect(await stack().recordsOf(id)).toMatchObject([{ outcome: "caller gone" }]);
    }
  });

  it("is kept when nobody told of the beginning", async () => {
    const { id, asked, call } = await ring(stack(), ACCOUNT, { faults: [{ kind: "ended-without-incoming" }] });
    expect(call.posts.map(({ state, status }) => [state, status])).toEqual([["terminated", 202]]);
    expect(asked).toEqual([]);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "unseen", outcome: "caller gone" }]);
  });

  it("leaves the record open when it never comes", async () => {
    const { id, rang, taken } = await ring(stack(), ACCOUNT, { faults: [{ kind: "missing-ended" }] });
    expect({ rang, taken }).toEqual({ rang: DESK, taken: 1 });
    const [record] = await stack().recordsOf(id);
    expect(record).toMatchObject({ status: "redirected" });
    expect(record).not.toHaveProperty("outcome");
  });
});

describe("when the keys cannot be had any more", () => {
  it.each(["keys-reset", "keys-503", "keys-hang"] as const)("rings by the keys that it knows on %s", async (kind) => {
    await ring(stack(), ACCOUNT);
    stack().simulator.setFaults({ faults: [{ kind }] });
    expect(await ring(stack(), ACCOUNT)).toMatchObject({ status: 202, rang: DESK, taken: 1 });
  });

  it("waits for new keys that come slowly", async () => {
    await ring(stack(), ACCOUNT);
    await stack().simulator.rotateKeys();
    stack().simulator.setFaults({ faults: [{ kind: "keys-slow", latencyMs: 200 }] });
    expect(await ring(stack(), ACCOUNT)).toMatchObject({ status: 202, rang: DESK, taken: 1 });
  });

  it("refuses a token whose key is not among those that it knows, and handles no call", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "keys-503" }] });
    const token = await stack().simulator.issueToken({ signedBy: "unpublished" });
    const callId = crypto.randomUUID();
    expect((await stack().post(incomingBody(callId, ACCOUNT), { token })).status).toBe(401);
    expect(stack().requestsFor(callId)).toEqual([]);
  });
});
