import { ChainWatch } from "../../src/chain-watch.ts";
import { Fault } from "../../src/errors.ts";
import type { IncomingCallPorts } from "../../src/handle-incoming-call.ts";
import type { Log, LogEvent } from "../../src/log.ts";
import type { IncomingCall } from "../../src/notifications/call-event.ts";
import type { CallControl, CallLog, CallReport, GraphOutcome, RedirectRequest, RuleSource } from "../../src/ports.ts";
import { RecentCalls } from "../../src/recent-calls.ts";
import { ANYONE } from "../../src/routing/caller-match.ts";
import type { Rule, Target } from "../../src/routing/rule.ts";

export const DESK: Target = { kind: "user", id: "98da8a1a-1b87-452c-a713-65d3f10b1253", weight: 1 };
export const TABLES_DOWN = new Fault("tables-unavailable", "table Routes answered 503");

export function anIncomingCall(callId: string = crypto.randomUUID()): IncomingCall {
  const called = { kind: "applicationInstance", id: "84292c1d-8acc-582c-b421-be858516a6a1" } as const;
  const caller = { kind: "phone", id: "+14255550142" } as const;
  return { kind: "incoming", callId, call: { callId, called, caller, cameFrom: [] } };
}

/** Rows whose one rule rings the desk. */
export const rulesForDesk: RuleSource = {
  find: async () => ({
    book: { partitions: [[ringDesk]], schedules: new Map() },
    lists: new Set(),
    rowsAgeMs: 0,
    newFaults: [],
  }),
};

const ringDesk: Rule = {
  partition: "default",
  name: "desk",
  priority: 100,
  enabled: true,
  caller: ANYONE,
  action: { kind: "redirect", targets: [DESK], ring: "all", policies: [], fallback: [] },
};

/** A call log in memory: claims by id, and what was reported. */
export class MemoryCallLog implements CallLog {
  readonly claimed = new Set<string>();
  readonly reports: CallReport[] = [];

  unclaimed() {
    return { name: "2026112515", isClaimed: false };
  }

  async claim({ callId }: IncomingCall) {
    if (this.claimed.has(callId)) return { kind: "known" } as const;
    this.claimed.add(callId);
    return { kind: "claimed", record: { ...this.unclaimed(), isClaimed: true } } as const;
  }

  async record(_: unknown, incoming: IncomingCall, __: Date, report: CallReport) {
    if (report.result.kind === "failed") this.claimed.delete(incoming.callId);
    this.reports.push(report);
  }

  async close() {}
}

/** Graph that answers every request with the same, and keeps what it was asked. */
export class SteadyGraph implements CallControl {
  readonly redirects: RedirectRequest[] = [];
  rejects = 0;
  outcome: GraphOutcome = { kind: "accepted", answer: { status: 202, tries: 1 } };

  async redirect(request: RedirectRequest) {
    this.redirects.push(request);
    return this.outcome;
  }

  async reject() {
    this.rejects++;
    return this.outcome;
  }
}

export function ports(overrides: Partial<IncomingCallPorts> = {}): IncomingCallPorts {
  return {
    rules: rulesForDesk,
    callLog: new MemoryCallLog(),
    recentCalls: new RecentCalls(),
    chainWatch: new ChainWatch(() => 0),
    callControl: new SteadyGraph(),
    rotation: { nextTurn: async () => undefined },
    ...overrides,
  };
}

/** A log that keeps the names of what was logged. */
export function listeningLog(): { log: Log; events: LogEvent[] } {
  const events: LogEvent[] = [];
  return { log: (_, event) => events.push(event), events };
}
