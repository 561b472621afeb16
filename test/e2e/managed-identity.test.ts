import { beforeAll, describe, expect, it } from "vitest";
import { incomingBody, ring } from "../support/ringing.ts";
import { ACCOUNT, useStack } from "../support/stack.ts";

const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const stack = useStack({}, { managedIdentity: true, faults: [{ kind: "identity-503" }] });

beforeAll(async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${DESK}` });
});

describe("an app that signs in by the machine's identity", () => {
  it("gives a call back to the platform while the identity gives no token, and says why", async () => {
    const callId = crypto.randomUUID();
    expect((await stack().post(incomingBody(callId, ACCOUNT))).status).toBe(503);
    expect(stack().requestsFor(callId)).toEqual([]);
    const [line] = stack().logged("call_failed");
    expect(line).toMatchObject({ callId, reason: expect.stringContaining("token for Graph") });
  });

  it("rings with the identity's token as soon as it gives one", async () => {
    stack().simulator.setFaults({ faults: [] });
    expect(await ring(stack(), ACCOUNT)).toMatchObject({ status: 202, rang: DESK, taken: 1 });
  });
});
