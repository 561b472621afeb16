import { onTestFinished } from "vitest";
import { Deadline } from "../../src/deadline.ts";
import type { EndedCall, IncomingCall } from "../../src/notifications/call-event.ts";
import type { CallReport } from "../../src/ports.ts";
import type { CallFacts } from "../../src/routing/rule.ts";
import { IDS } from "../support/rows.ts";

export const CALLER = "+14255550142";

/** A budget that ends with the test. */
export function aDeadline(totalMs = 10_000): Deadline {
  const deadline = new Deadline(totalMs);
  onTestFinished(() => deadline.end());
  return deadline;
}

/** What a decision needs to know of a call from a phone to the line. */
export function someFacts(facts: Partial<CallFacts> = {}): CallFacts {
  return {
    callId: "57dab8b1-894c-409a-b240-bd8beae78896",
    called: { kind: "applicationInstance", id: IDS.line },
    caller: { kind: "phone", id: CALLER },
    cameFrom: [],
    ...facts,
  };
}

export function anIncomingCall(callId: string, facts: Partial<CallFacts> = {}): IncomingCall {
  return { kind: "incoming", callId, call: someFacts({ callId, ...facts }) };
}

/** A call that was redirected to Adele by `default/night`. */
export function aReport(report: Partial<CallReport> = {}): CallReport {
  const targets = [{ kind: "user", id: IDS.adele, weight: 1 }] as const;
  return {
    decision: {
      kind: "redirect",
      by: { kind: "rule", partition: "default", name: "night" },
      targets,
      ring: "all",
      policies: [],
      fallbacks: [],
      trace: { steps: [{ partition: "default", rule: "night" }], dropped: [] },
    },
    result: { kind: "redirected", targets, answer: { status: 202, tries: 1, requestId: "request-1" } },
    claimedMs: 14.6,
    decidedMs: 17.2,
    elapsedMs: 812.4,
    rowsAgeMs: 0,
    ...report,
  };
}

export function anEndedCall(callId: string, ended: Partial<EndedCall> = {}): EndedCall {
  return { kind: "ended", callId, result: {}, ...ended };
}
