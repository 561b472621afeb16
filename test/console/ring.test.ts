import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STACK_FILE } from "../../src/cli/local-stack.ts";
import type { CallAnswer, CallsAnswer, RingAnswer, RingProgress, StateAnswer } from "../../src/console/api.ts";
import { ACCOUNT, BOT, CONTOSO, useStack } from "../support/stack.ts";
import { openConsole, useConsole } from "./consoles.ts";

const CALLER = "+14255550142";

const stack = useStack();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringroute-console-"));
  await mkdir(join(folder, dirname(STACK_FILE)));
  const { host, simulator, azurite } = stack();
  const announced = {
    appUrl: host.url,
    simulatorUrl: simulator.url,
    functionKey: "",
    settings: {
      CLOUD: "local",
      LOCAL_STACK_URL: simulator.url,
      TABLES_CONNECTION_STRING: azurite.connectionString,
      BOT_APP_ID: BOT,
      BOT_TENANT_ID: CONTOSO,
    },
  };
  await writeFile(join(folder, STACK_FILE), JSON.stringify(announced));
  await stack().addRow("Lines", "line", ACCOUNT, { name: "Support" });
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: "phone:+14255550111" });
  await stack().addRow("Routes", BOT, "busy", { action: "reject" });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));
const page = useConsole(() => ({ cwd: folder }));

/** Rings, and asks for the progress until the call is over. */
async function ring(line: string, caller: string): Promise<{ callId: string; progress: RingProgress }> {
  page().nowMs = Date.now();
  const { callId } = await page().post<RingAnswer>("ring", { line, caller });
  await stack().simulator.waitFor(callId, ({ finished }) => finished);
  return { callId, progress: await page().get<RingProgress>(`ring/${callId}`) };
}

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
    expect(progress.steps.find(({ name }) => name === "decided")?.says).toContain("redirect by desk");
    const simulated = stack()
      .simulator.calls()
      .find(({ id }) => id === callId);
    expect(simulated?.caller).toEqual({ phone: { id: CALLER } });
    expect(simulated?.called).toEqual({ applicationInstance: { id: ACCOUNT, displayName: "Support" } });
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
    expect(summary).toEqual({ count: 1, answered: 1, fallbacks: 0, medianMs: call?.elapsedMs, p95Ms: call?.elapsedMs });
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
