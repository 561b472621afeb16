import { expect, it } from "vitest";
import type { Fault } from "../../local/graph-simulator/faults.ts";
import { watchLeftovers } from "../support/leftovers.ts";
import { incomingBody } from "../support/ringing.ts";
import { ACCOUNT, useStack } from "../support/stack.ts";

const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const DEADLINE_SECONDS = 4;
/** An answer that takes longer than the deadline and a second of the machine's own fails its test. */
const IN_TIME = { timeout: 1000 * (DEADLINE_SECONDS + 1) };

const leftBehind = watchLeftovers();
const stack = useStack(
  { DEADLINE_SECONDS: String(DEADLINE_SECONDS) },
  { tableProxy: true, faults: [{ kind: "keys-hang" }] },
);

const faults = (...each: Fault[]) => stack().simulator.setFaults({ faults: each });
const [beforeKeys, whileGraphHangs] = [crypto.randomUUID(), crypto.randomUUID()];

it("answers 503 while the key server hangs from the start, and nothing else happens", IN_TIME, async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${DESK}` });
  expect((await stack().post(incomingBody(beforeKeys, ACCOUNT))).status).toBe(503);
  expect(stack().logged("keys_unavailable")).toHaveLength(1);
  expect(stack().requestsFor(beforeKeys)).toEqual([]);
  expect(await stack().recordsOf(beforeKeys)).toEqual([]);
});

it("takes the repeated post once the key server answers", IN_TIME, async () => {
  faults();
  await stack().post(incomingBody(beforeKeys, ACCOUNT));
  expect(stack().requestsFor(beforeKeys)).toHaveLength(1);
  expect(await stack().recordsOf(beforeKeys)).toHaveLength(1);
});

it("writes down in time that Graph hung, so that the post that is repeated at once is no duplicate", async () => {
  faults({ kind: "hang" });
  expect((await stack().post(incomingBody(whileGraphHangs, ACCOUNT))).status).toBe(503);
  expect(await stack().recordsOf(whileGraphHangs)).toMatchObject([{ status: "failed" }]);
  faults();
  const before = stack().requestsFor(whileGraphHangs).length;
  await stack().post(incomingBody(whileGraphHangs, ACCOUNT));
  expect(stack().requestsFor(whileGraphHangs)).toHaveLength(before + 1);
});

it("leaves no timer, socket or promise behind when it is closed while everything hangs", async () => {
  const callId = crypto.randomUUID();
  stack().tableProxy.setFaults({ faults: [{ kind: "hang", table: "Calls" }] });
  const interrupted = Promise.allSettled([
    stack().post(incomingBody(callId, ACCOUNT)),
    stack().post(incomingBody(crypto.randomUUID(), ACCOUNT)),
  ]);
  await expect.poll(() => stack().tableProxy.requests.get("Calls POST") ?? 0).toBeGreaterThanOrEqual(4);
  faults({ kind: "hang" });
  await stack().close();
  await interrupted;
  expect(await leftBehind()).toEqual([]);
});
