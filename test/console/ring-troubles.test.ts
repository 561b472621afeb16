import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../local/graph-simulator/faults.ts";
import type { RingProgress } from "../../src/console/api/calls.ts";
import { ACCOUNT, BOB, BOT, useStack } from "../support/stack.ts";
import { useStackConsole } from "./stack-console.ts";

const CALLER = "+14255550142";
const DESK = "+1 425 555 0111";
const NIGHT = "+1 425 555 0112";
const LONELY = BOB;

const stack = useStack({ DEADLINE_SECONDS: "3" }, { answerWithinMs: 4000 });
beforeAll(async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: "phone:+14255550111", fallback: "phone:+14255550112" });
  await stack().addRow("Routes", LONELY, "desk", { targets: "phone:+14255550111" });
  await stack().addRow("Routes", BOT, "busy", { action: "reject" });
});
beforeEach(() => stack().simulator.setFaults({ faults: [] }));
const { place, progressOf, ring } = useStackConsole(stack);

/** The steps of a call that met faults, once it is over, by name and by what they say. */
async function follow(line: string, ...faults: readonly Fault[]) {
  stack().simulator.setFaults({ faults });
  const { progress } = await ring(line, CALLER);
  expect(progress).toMatchObject({ finished: true });
  expect(progress.steps.map(({ ms }) => ms)).toEqual(progress.steps.map(({ ms }) => ms).toSorted((a, b) => a - b));
  return { names: namesOf(progress), says: saysOf(progress) };
}

function namesOf({ steps }: RingProgress): string[] {
  return steps.map(({ name }) => name);
}

/** What the steps of trouble say, and how the call ended. */
function saysOf({ steps }: RingProgress): string[] {
  const told = new Set<string>(["refused", "unanswered", "failed", "ended"]);
  return steps.filter(({ name }) => told.has(name)).map(({ says }) => says);
}

const BEGUN = ["received", "claimed", "decided"];
const REDIRECTED = ["redirected", "ringing", "answered", "ended"];

describe("GET /api/ring/ID", () => {
  it("tells of a refusal, and of the fallback that rings instead", async () => {
    const { names, says } = await follow(ACCOUNT, { kind: "7503", count: 1 });
    expect(names).toEqual([...BEGUN, "refused", ...REDIRECTED]);
    expect(says).toEqual([
      `Graph answers 403 7503 to the redirect to ${DESK}; the app tries the fallback, ${NIGHT}`,
      "the call ends: answered",
    ]);
  });

  it("tells each of two answers of 502 before the third try rings", async () => {
    const { names, says } = await follow(ACCOUNT, { kind: "502", count: 2 });
    expect(names).toEqual([...BEGUN, "refused", "refused", ...REDIRECTED]);
    const refusal = `Graph answers 502 BadGateway to the redirect to ${DESK}; the app asks again`;
    expect(says).toEqual([refusal, refusal, "the call ends: answered"]);
  });

  it("tells of a call that Graph refuses until the app rejects it", async () => {
    const { names, says } = await follow(LONELY, { kind: "7503", count: 1 });
    expect(names).toEqual([...BEGUN, "refused", "rejected", "ended"]);
    expect(says[0]).toBe(`Graph answers 403 7503 to the redirect to ${DESK}; the app rejects the call`);
  });

  it("tells of a call that can neither be redirected nor rejected until its caller is gone", async () => {
    const { names, says } = await follow(LONELY, { kind: "7503" });
    expect(names).toEqual([...BEGUN, "refused", "refused", "ended"]);
    expect(says.slice(1)).toEqual([
      "Graph answers 403 7503 to the reject; the app has nothing left to try",
      "the call ends: caller gone before anybody rang",
    ]);
  });

  it("tells of a Graph that never answers, of the app's 503, and of the caller who gives up", async () => {
    const { names, says } = await follow(ACCOUNT, { kind: "hang" });
    expect(names).toEqual([...BEGUN, "unanswered", "failed", "ended"]);
    expect(says).toEqual([
      `Graph does not answer the redirect to ${DESK}; the app gives up`,
      expect.stringMatching(/^the app answers 503: \S/),
      "the call ends: caller gone before anybody rang",
    ]);
  });

  it("tells of an answer that is lost, and that its repeat is refused", async () => {
    const { names, says } = await follow(ACCOUNT, { kind: "reset-after", count: 1 });
    expect(names.toSorted()).toEqual([...BEGUN, "redirected", "ringing", "refused", "answered", "ended"].toSorted());
    expect(says).toContain(
      `Graph answers 404 8522 to the redirect to ${DESK}; the app takes the request before for accepted`,
    );
  });

  it("tells of a caller who hangs up before the redirect", async () => {
    const { names, says } = await follow(ACCOUNT, { kind: "8522" });
    expect(names).toEqual([...BEGUN, "refused", "ended"]);
    expect(says[0]).toBe(`Graph answers 404 8522 to the redirect to ${DESK}; the app lets the call go`);
  });

  it("tells of a call that was over before the app heard of it", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "ended-before-incoming" }] });
    const { progress } = await ring(ACCOUNT, CALLER);
    expect(progress.steps.map(({ name, says }) => [name, says])).toEqual([
      ["ended", "the call ends: caller gone before anybody rang"],
      ["received", "the platform posts the call to the app; the app does not take it: it has heard of its end"],
    ]);
  });

  it("tells of a reject that Graph refuses", async () => {
    const { names } = await follow(BOT, { kind: "500", count: 2 });
    expect(names).toEqual([...BEGUN, "refused", "refused", "ended"]);
  });

  it("counts claim and decision from the post that led to a ring, not from one that failed", async () => {
    const { names } = await follow(ACCOUNT, { kind: "401", count: 2 }, { kind: "duplicate-sequential" });
    expect(names).toEqual([
      "received",
      "refused",
      "refused",
      "failed",
      "received",
      "claimed",
      "decided",
      ...REDIRECTED,
    ]);
  });

  it("shows a call while Graph keeps it waiting, without a time for what only the app knows yet", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "latency", latencyMs: 500 }] });
    const callId = await place(ACCOUNT, CALLER);
    await stack().simulator.waitFor(callId, ({ requests }) => requests.length > 0);
    const progress = await progressOf(callId);
    expect({ names: namesOf(progress), finished: progress.finished }).toEqual({ names: ["received"], finished: false });
    await stack().simulator.waitFor(callId, ({ finished }) => finished);
    expect(namesOf(await progressOf(callId))).toEqual([...BEGUN, ...REDIRECTED]);
  });

  it("tells of an app that is not there", async () => {
    stack().simulator.setWebhookUrl("http://127.0.0.1:9/api/calls");
    const { names, says } = await follow(ACCOUNT);
    stack().simulator.setWebhookUrl(`${stack().host.url}/api/calls`);
    expect(names).toEqual(["received", "failed", "ended"]);
    expect(says[0]).toMatch(/^the app does not answer: .*ECONNREFUSED/);
  });

  // The last: nothing works without the tables after it.
  it("follows the call to its end without the tables, and says that its row cannot be read", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "latency", latencyMs: 500 }] });
    const callId = await place(ACCOUNT, CALLER);
    await stack().simulator.waitFor(callId, ({ requests }) => requests.length > 0);
    await stack().azurite.stop();
    await stack().simulator.waitFor(callId, ({ finished }) => finished);
    const progress = await progressOf(callId);
    expect(progress).toMatchObject({ finished: true, trouble: expect.stringContaining("cannot be read") });
    expect(namesOf(progress)).toEqual(["received", ...REDIRECTED]);
  });
});
