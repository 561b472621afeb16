import type { AccessToken } from "@azure/identity";
import { expect, it, onTestFinished } from "vitest";
import { startGraphSimulator } from "../../local/graph-simulator/server.ts";
import { GraphCallControl } from "../../src/graph/call-control.ts";
import { GraphTokens } from "../../src/graph/tokens.ts";
import { deliver, deliveryPorts } from "../support/deliveries.ts";
import { watchLeftovers } from "../support/leftovers.ts";
import { incomingBody } from "../support/ringing.ts";
import { ACCOUNT, ALICE, BOT, CONTOSO } from "../support/stack.ts";

const DEADLINE_MS = 1000;
const IN_TIME = { timeout: DEADLINE_MS + 2000 };

const leftBehind = watchLeftovers();

async function startHanging() {
  const simulator = await startGraphSimulator({
    port: 0,
    // The simulator's own posts go nowhere.
    webhookUrl: "http://127.0.0.1:9/api/calls",
    botAppId: BOT,
    tenantId: CONTOSO,
    graphToken: "good",
  });
  onTestFinished(() => simulator.close());
  const { id, requests } = await simulator.placeCall({
    caller: { user: { id: ALICE } },
    called: { applicationInstance: { id: ACCOUNT } },
  });
  const token = Promise.withResolvers<AccessToken>();
  const tokens = new GraphTokens("scope", () => ({ getToken: () => token.promise }));
  const given = deliveryPorts({ callControl: new GraphCallControl(simulator.url, tokens) });
  const post = () => deliver(incomingBody(id, ACCOUNT), given, { deadlineMs: DEADLINE_MS });
  return { simulator, requests, token, post };
}

it("answers 503 while no token for Graph comes, and rings on the repeated post", IN_TIME, async () => {
  const { requests, token, post } = await startHanging();
  expect((await post()).status).toBe(503);
  expect(requests).toEqual([]);
  token.resolve({ token: "good", expiresOnTimestamp: Date.now() + 3_600_000 });
  expect((await post()).status).toBe(202);
  expect(requests).toMatchObject([{ action: "redirect", accepted: true }]);
});

it("does not keep a process alive for a token that nobody waits for any more", IN_TIME, async () => {
  const { simulator, post } = await startHanging();
  expect((await post()).status).toBe(503);
  await simulator.close();
  expect(await leftBehind()).toEqual([]);
});
