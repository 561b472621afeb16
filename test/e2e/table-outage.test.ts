import { beforeEach, expect, it } from "vitest";
import { incomingBody } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";

const OWN = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";

// Rows are all that could ring somebody, and nothing is remembered: no call is rung before the outage.
const stack = useStack({}, { tableProxy: true });

beforeEach(() => stack().tableProxy.setFaults({ faults: [] }));

it.each([
  ["every table", { kind: "down" }],
  ["every table", { kind: "busy" }],
  ["Routes alone", { kind: "down", table: "Routes" }],
  ["Routes alone", { kind: "reset-mid", table: "Routes" }],
  ["Routes alone", { kind: "hang", table: "Routes" }],
] as const)("answers 503 when %s cannot be read (%o), and rings on the repeated post", async (_, fault) => {
  const [line, callId] = [crypto.randomUUID(), crypto.randomUUID()];
  await stack().addRow("Routes", line, "own", { targets: `user:${OWN}` });
  stack().tableProxy.setFaults({ faults: [fault] });
  expect((await stack().post(incomingBody(callId, line))).status).toBe(503);
  expect(stack().requestsFor(callId)).toEqual([]);
  stack().tableProxy.setFaults({ faults: [] });
  expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
  expect(stack().requestsFor(callId)).toMatchObject([{ request: { action: "redirect" } }]);
});

it("rejects a call only when the rows were read and there is none for it", async () => {
  const [line, callId] = [crypto.randomUUID(), crypto.randomUUID()];
  expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
  expect(stack().requestsFor(callId)).toMatchObject([{ request: { action: "reject" } }]);
});
