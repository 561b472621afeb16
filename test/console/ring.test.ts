import { beforeAll, describe, expect, it } from "vitest";
import type { CallAnswer, CallsAnswer } from "../../src/console/api/calls.ts";
import type { StateAnswer } from "../../src/console/api/looking.ts";
import { ACCOUNT, BOT, useStack } from "../support/stack.ts";
import { openConsole } from "./consoles.ts";
import { useStackConsole } from "./stack-console.ts";

const CALLER = "+14255550142";

const stack = useStack();
beforeAll(async () => {
  await stack().addRow("Lines", "line", ACCOUNT, { name: "Support" });
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: "phone:+14255550111" });
  await stack().addRow("Routes", BOT, "busy", { action: "reject" });
});
const { page, ring } = useStackConsole(stack);

describe("POST /api/ring", () => {
  it("is offered on the local stack", async () => {
    expect(await page().get<StateAnswer>("state")).toMatchObject({
      canRing: true,
      where: expect.stringContaining("the local stack's"),
    });
  });

  it("rings the line through the simulator, and follows the call to its end in the order of its steps", async () => {
    const { callId, progress } = await ring("Support", CALLER);
    expect(progress.finished).toBe(true);
    expect(progress.steps.map(({ name }) => name)).toEqual([
      "received",
      "claimed",
      "decided",
      "redirected",
      "ringing",
      "answered",
      "ended",
    ]);
    const times = progress.steps.map(({ ms }) => ms);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    const says = (step: string) => progress.steps.find(({ name }) => name === step)?.says;
    expect(says("decided")).toBe("redirect by desk");
    expect(says("redirected")).toBe("Graph accepts the redirect to +1 425 555 0111");
    const simulated = stack()
      .simulator.calls()
      .find(({ id }) => id === callId);
    expect(simulated?.caller).toEqual({ phone: { id: CALLER } });
    expect(simulated?.called).toEqual({ applicationInstance: { id: ACCOUNT, displayName: "Support" } });
  });

  it("lays claim and decision at the milliseconds that the call's row gives them since receipt", async () => {
    const { callId, progress } = await ring("Support", CALLER);
    const [row] = await stack().recordsOf(callId);
    const at = (step: string) => progress.steps.find(({ name }) => name === step)?.ms ?? Number.NaN;
    expect(at("claimed") - at("received")).toBeCloseTo(Number(row?.claimedMs), 3);
    expect(at("decided") - at("received")).toBeCloseTo(Number(row?.decidedMs), 3);
  });

  it("follows a rejected call, of a caller who withholds the number, to the bot itself", async () => {
    const { callId, progress } = await ring(BOT, "anonymous");
    expect(progress.steps.map(({ name }) => name)).toEqual(["received", "claimed", "decided", "rejected", "ended"]);
    const simulated = stack()
      .simulator.calls()
      .find(({ id }) => id === callId);
    expect({ caller: simulated?.caller, called: simulated?.called }).toEqual({
      caller: null,
      called: { application: { id: BOT } },
    });
  });

  it("is refused where the line is not known by an id, and away from the local stack", async () => {
    expect(await page().refusalOf("ring", { line: "+14255550100", caller: CALLER })).toMatchObject({ status: 400 });
    const elsewhere = await openConsole({ connectionString: stack().azurite.connectionString });
    expect(await elsewhere.page.get<StateAnswer>("state")).toMatchObject({ canRing: false });
    expect(await elsewhere.page.refusalOf("ring", { line: "Support", caller: CALLER })).toMatchObject({ status: 409 });
    await elsewhere.close();
  });

  it("knows no progress of a call that was not rung", async () => {
    expect(await page().refusalOf("ring/none")).toMatchObject({ status: 404 });
  });
});

describe("GET /api/calls", () => {
  it("lists the log with names, and sums it up as ringroute calls does", async () => {
    await ring("Support", "+14255550143");
    const { calls, summary } = await page().get<CallsAnswer>("calls?since=1h&from=%2B14255550143");
    expect(calls).toEqual([
      {
        id: expect.any(String),
        receivedAtMs: expect.any(Number),
        line: "Support",
        caller: "+1 425 555 0143",
        rule: "desk",
        targets: "+1 425 555 0111",
        status: "redirected",
        outcome: "answered",
        elapsedMs: expect.any(Number),
      },
    ]);
    const [call] = calls;
    expect(summary).toEqual({
      count: 1,
      says: ["1 call: 1 answered.", expect.stringMatching(/^1 redirected: .* Fallbacks used: 0\.$/)],
      redirectTimes: { count: 1, medianMs: call?.elapsedMs, p95Ms: call?.elapsedMs },
    });
  });

  it("takes the filters of the command, and says what is wrong with one", async () => {
    await ring("Support", "+14255550144");
    await ring(BOT, "+14255550144");
    const outcomes = async (filter: string) =>
      (await page().get<CallsAnswer>(`calls?from=%2B14255550144&${filter}`)).calls.map(({ outcome }) => outcome);
    expect((await outcomes("")).toSorted()).toEqual(["answered", "rejected"]);
    expect(await outcomes("to=Support")).toEqual(["answered"]);
    expect(await outcomes("outcome=rejected")).toEqual(["rejected"]);
    expect(await outcomes("failed=true")).toEqual([]);
    for (const [wrong, says] of [
      ["since=yesterday", 'Since is "yesterday"'],
      ["to=nobody", 'Line is "nobody"'],
      ["from=nobody", 'Caller is "nobody"'],
      ["outcome=fine", 'Outcome is "fine"'],
    ] as const)
      expect(await page().refusalOf(`calls?${wrong}`)).toMatchObject({
        status: 400,
        error: expect.stringMatching(`^${says}`),
      });
  });

  it("opens one call with how it was decided and every cell of its row", async () => {
    const { callId } = await ring("Support", CALLER);
    const { calls } = await page().get<CallsAnswer>("calls");
    const receivedAtMs = calls.find(({ id }) => id === callId)?.receivedAtMs;
    const { call, trace, cells } = await page().get<CallAnswer>(`calls/${callId}?receivedAtMs=${receivedAtMs}`);
    expect(call).toMatchObject({ id: callId, line: "Support", outcome: "answered" });
    expect(trace).toEqual([`${ACCOUNT}/desk decides: redirect to phone:+14255550111.`]);
    expect(cells).toMatchObject({ line: ACCOUNT, caller: CALLER, status: "redirected", graphStatus: "202" });
    expect(await page().refusalOf(`calls/none?receivedAtMs=${receivedAtMs}`)).toMatchObject({ status: 404 });
  });
});
