import { describe, expect, it } from "vitest";
import { Deadline } from "../src/deadline.ts";
import { handleIncomingCall, type IncomingCallPorts } from "../src/handle-incoming-call.ts";
import type { IncomingCall } from "../src/notifications/call-event.ts";
import type { Target } from "../src/routing/rule.ts";
import {
  anIncomingCall,
  DESK,
  listeningLog,
  MemoryCallLog,
  ports,
  rulesForDesk,
  SteadyGraph,
  TABLES_DOWN,
} from "./support/ports.ts";

const LAST: Target = { kind: "user", id: "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e", weight: 1 };

async function handle(incoming: IncomingCall, given: IncomingCallPorts, fallbackTargets: readonly Target[] = []) {
  const deadline = new Deadline(2000);
  const { log, events } = listeningLog();
  const settings = { ownTenantId: "own", fallbackTargets, callbackBaseUrl: "https://calls.contoso.com" };
  const handled = await handleIncomingCall(
    incoming,
    { tenantId: "own", receivedAt: new Date(), deadline, log },
    given,
    settings,
  );
  deadline.end();
  return { handled, events };
}

describe("handleIncomingCall", () => {
  it("claims the call beside reading the rows", async () => {
    const claimStarted = Promise.withResolvers<void>();
    const rowsStarted = Promise.withResolvers<void>();
    const callLog = new MemoryCallLog();
    const claim = callLog.claim.bind(callLog);
    // Each waits for the other to have begun: one after the other would never end.
    callLog.claim = async (incoming) => {
      claimStarted.resolve();
      await rowsStarted.promise;
      return await claim(incoming);
    };
    const rules = {
      find: async (...args: Parameters<typeof rulesForDesk.find>) => {
        rowsStarted.resolve();
        await claimStarted.promise;
        return await rulesForDesk.find(...args);
      },
    };
    expect((await handle(anIncomingCall(), ports({ callLog, rules }))).handled).toBe("handled");
  });

  it("redirects whoever is ready for it before it writes down a call that is redirected", async () => {
    const callControl = new SteadyGraph();
    const callLog = new MemoryCallLog();
    const redirectedBeforeRecord: number[] = [];
    const record = callLog.record.bind(callLog);
    callLog.record = async (...args) => {
      redirectedBeforeRecord.push(callControl.redirects.length);
      await record(...args);
    };
    const claim = callLog.claim.bind(callLog);
    const given = ports({ callControl, callLog });
    callLog.claim = async (incoming) => {
      // The answer of the second is there as well, and only takes more steps to be read.
      if (incoming.callId === "second") for (let step = 0; step < 50; step++) await null;
      return await claim(incoming);
    };
    await Promise.all(["first", "second"].map((callId) => handle({ ...anIncomingCall(), callId }, given)));
    expect(redirectedBeforeRecord).toEqual([2, 2]);
  });

  it("names the call's record in the callback address", async () => {
    const callControl = new SteadyGraph();
    await handle(anIncomingCall(), ports({ callControl }));
    expect(callControl.redirects).toMatchObject([
      { callbackUri: "https://calls.contoso.com/api/calls/2026112515", targets: [DESK] },
    ]);
  });

  it("leaves a call alone that is known", async () => {
    const given = ports({ callControl: new SteadyGraph() });
    const incoming = anIncomingCall();
    await handle(incoming, given);
    expect((await handle(incoming, given)).events).toEqual(["call_duplicate"]);
  });

  it("goes on without a claim when the table is down, once in this process", async () => {
    const callLog = new MemoryCallLog();
    callLog.claim = async () => {
      throw TABLES_DOWN;
    };
    const callControl = new SteadyGraph();
    const given = ports({ callLog, callControl });
    const incoming = anIncomingCall();
    expect((await handle(incoming, given)).events).toContain("claim_unproven");
    await handle(incoming, given);
    expect(callControl.redirects).toHaveLength(1);
    expect(callLog.reports.map(({ claimedMs }) => claimedMs)).toEqual([undefined]);
  });

  it("reports when the call was claimed, decided and accepted, in this order", async () => {
    const callLog = new MemoryCallLog();
    await handle(anIncomingCall(), ports({ callLog }));
    const [report] = callLog.reports;
    expect(report?.claimedMs).toBeGreaterThan(0);
    expect(report?.decidedMs).toBeGreaterThan(report?.claimedMs ?? Number.NaN);
    expect(report?.elapsedMs).toBeGreaterThan(report?.decidedMs ?? Number.NaN);
  });

  it("rings FALLBACK_TARGET when there are no rows", async () => {
    const callControl = new SteadyGraph();
    const rules = { find: () => Promise.reject(TABLES_DOWN) };
    const { handled, events } = await handle(anIncomingCall(), ports({ callControl, rules }), [LAST]);
    expect(handled).toBe("handled");
    expect(events).toContain("rows_stale");
    expect(callControl.redirects).toMatchObject([{ targets: [LAST] }]);
  });

  it("neither rejects nor keeps a call for which there are neither rows nor a fallback", async () => {
    const callControl = new SteadyGraph();
    const callLog = new MemoryCallLog();
    const given = ports({ callControl, callLog, rules: { find: () => Promise.reject(TABLES_DOWN) } });
    const incoming = anIncomingCall();
    expect((await handle(incoming, given)).handled).toBe("failed");
    expect(callControl.rejects).toBe(0);
    expect(callLog.reports.map(({ decidedMs }) => decidedMs)).toEqual([undefined]);
    expect((await handle(incoming, { ...given, rules: rulesForDesk })).handled).toBe("handled");
    expect(callControl.redirects).toHaveLength(1);
  });

  it("takes a repeated post of a call for which Graph could not be reached", async () => {
    const callControl = new SteadyGraph();
    callControl.outcome = { kind: "unreachable", answer: { status: 503, tries: 3 } };
    const given = ports({ callControl });
    const incoming = anIncomingCall();
    expect((await handle(incoming, given)).handled).toBe("failed");
    callControl.outcome = { kind: "accepted", answer: { status: 202, tries: 1 } };
    expect((await handle(incoming, given)).handled).toBe("handled");
  });

  it("does not lose an accepted call to a record that cannot be written", async () => {
    const callLog = new MemoryCallLog();
    callLog.record = () => Promise.reject(TABLES_DOWN);
    const { handled, events } = await handle(anIncomingCall(), ports({ callLog }));
    expect({ handled, events }).toEqual({ handled: "handled", events: ["call_redirected", "record_failed"] });
  });

  it("rings the fallback at the third call of a chain within a minute", async () => {
    const callControl = new SteadyGraph();
    const given = ports({ callControl });
    const callChainId = crypto.randomUUID();
    for (let turn = 0; turn < 3; turn++) await handle({ ...anIncomingCall(), callChainId }, given, [LAST]);
    expect(callControl.redirects.map(({ targets }) => targets[0].id)).toEqual([DESK.id, DESK.id, LAST.id]);
  });

  it("reports how each call was taken", async () => {
    const callLog = new MemoryCallLog();
    const callControl = new SteadyGraph();
    callControl.outcome = { kind: "gone", answer: { status: 404, code: "8522", tries: 1 } };
    const { events } = await handle(anIncomingCall(), ports({ callControl, callLog }));
    expect(events).toEqual(["call_gone"]);
    expect(callLog.reports).toMatchObject([{ result: { kind: "gone", answer: { code: "8522" } } }]);
  });
});
