import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callKey,
  cellText,
  claimColumns,
  endColumns,
  guardedHour,
  hourOf,
  hourOfRecord,
  nextHour,
  recordName,
  reportColumns,
} from "../../src/store/call-rows.ts";
import { IDS } from "../support/rows.ts";
import { anEndedCall, anIncomingCall, aReport, CALLER } from "./calls.ts";

const WHOLE = cellText(false);
const MASKED = cellText(true);
const ID = "57dab8b1-894c-409a-b240-bd8beae78896";
const AT = new Date("2026-11-25T15:04:05.678Z");
const MOMENT = fc.date({ min: new Date("2020-01-01T00:00Z"), max: new Date("2100-01-01T00:00Z"), noInvalidDate: true });

/** Hours at whose row for the call a delivery of this moment looks. */
const hoursAt = (moment: Date) => [guardedHour(moment), hourOf(moment)].filter((hour) => hour !== undefined);

/** The longest text that a cell of the table service takes: 64 KiB of UTF-16. */
const MOST_CHARACTERS = 32 * 1024;

describe("callKey", () => {
  it("puts a call into one of sixteen partitions of its hour", () => {
    expect(callKey(ID, "2026-11-25T15")).toEqual({
      partitionKey: expect.stringMatching(/^2026-11-25T15-[0-9a-f]$/),
      rowKey: ID,
    });
  });

  it.each([ID.toUpperCase(), ID.replaceAll("-", ""), ID.replaceAll("-", "").toUpperCase()])(
    "takes %s for the same call",
    (spelling) => {
      expect(callKey(spelling, "2026-11-25T15")).toEqual(callKey(ID, "2026-11-25T15"));
    },
  );

  it("keeps calls apart whose ids are no GUIDs", () => {
    const keys = ["abc", "abd", "a-bc", "ab-c"].map((id) => callKey(id, "2026-11-25T15").rowKey);
    expect(new Set(keys).size).toBe(4);
  });

  it("spreads calls: of 4000, no partition takes more than twice its share", () => {
    const counts = new Map<string, number>();
    for (const id of randomGuids(4000)) {
      const { partitionKey } = callKey(id, "2026-11-25T15");
      counts.set(partitionKey, (counts.get(partitionKey) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual((2 * 4000) / 16);
  });
});

describe("guardedHour", () => {
  it("gives any two deliveries within a minute an hour at which both look", () => {
    fc.assert(
      fc.property(MOMENT, fc.nat({ max: 60_000 }), (one, laterMs) => {
        const other = new Date(one.getTime() + laterMs);
        expect(hoursAt(one).some((hour) => hoursAt(other).includes(hour))).toBe(true);
      }),
    );
  });

  it.each<[string, string | undefined]>([
    ["2026-11-25T15:00:00.000Z", "2026-11-25T14"],
    ["2026-11-25T15:00:59.999Z", "2026-11-25T14"],
    ["2026-11-25T15:01:00.000Z", undefined],
    ["2026-11-25T15:59:59.999Z", undefined],
    ["2027-01-01T00:00:05.000Z", "2026-12-31T23"],
  ])("at %s guards %s", (moment, hour) => {
    expect(guardedHour(new Date(moment))).toBe(hour);
  });
});

describe("recordName", () => {
  it("names the hour in digits, as an address takes it", () => {
    expect(recordName(hourOf(AT))).toBe("2026112515");
  });

  it("is read back by hourOfRecord, whatever the hour", () => {
    fc.assert(
      fc.property(MOMENT, (moment) => {
        expect(hourOfRecord(recordName(hourOf(moment)))).toBe(hourOf(moment));
      }),
    );
  });

  it.each(["", "2026", "20261125", "2026112515x", "../2026112515", "2026-11-25T15"])("is not %j", (name) => {
    expect(hourOfRecord(name)).toBeUndefined();
  });
});

describe("nextHour", () => {
  it.each([
    ["2026-11-25T15", "2026-11-25T16"],
    ["2026-12-31T23", "2027-01-01T00"],
  ])("after %s is %s", (hour, next) => {
    expect(nextHour(hour)).toBe(next);
  });
});

describe("claimColumns", () => {
  const incoming = {
    ...anIncomingCall(ID),
    tenantId: IDS.tenant,
    callChainId: "chain-1",
    dialledNumber: "+13035550100",
  };

  it("holds who calls whom, whole numbers included", () => {
    expect(claimColumns(incoming, AT, "delivery-1", WHOLE)).toEqual({
      callId: ID,
      status: "claimed",
      claimedBy: "delivery-1",
      receivedAt: AT,
      line: IDS.line,
      caller: CALLER,
      callerKind: "phone",
      tenantId: IDS.tenant,
      callChainId: "chain-1",
      dialledNumber: "+13035550100",
    });
  });

  it("masks numbers when asked to, all but their last four digits", () => {
    const columns = claimColumns(incoming, AT, "delivery-1", MASKED);
    expect([columns.caller, columns.dialledNumber]).toEqual(["+*******0142", "+*******0100"]);
  });

  it("leaves a person's id readable when numbers are masked", () => {
    const byBen = anIncomingCall(ID, { caller: { kind: "user", id: IDS.ben } });
    expect(claimColumns(byBen, AT, "delivery-1", MASKED)).toMatchObject({
      callId: ID,
      line: IDS.line,
      caller: IDS.ben,
    });
  });
});

describe("reportColumns", () => {
  /** A report of a call that a rule did not take because it excludes this very caller. */
  const excluding = (() => {
    const report = aReport();
    const excludedBy = { kind: "party", id: CALLER } as const;
    const step = { partition: "default", rule: "day", why: { kind: "caller", excludedBy } } as const;
    return { ...report, decision: { ...report.decision, trace: { ...report.decision.trace, steps: [step] } } };
  })();

  it("holds what was decided, what Graph said, and how long it took", () => {
    expect(reportColumns(aReport(), WHOLE)).toMatchObject({
      status: "redirected",
      rule: "default/night",
      action: "redirect",
      targets: `user:${IDS.adele}`,
      graphStatus: 202,
      graphTries: 1,
      requestId: "request-1",
      rowsAgeMs: 0,
    });
  });

  it("says in whole milliseconds since receipt when each step was done, and never a step before one that led to it", () => {
    expect(reportColumns(aReport(), WHOLE)).toMatchObject({ claimedMs: 14, decidedMs: 17, elapsedMs: 812 });
    const close = aReport({ claimedMs: 3.4, decidedMs: 3.6, elapsedMs: 3.7 });
    expect(reportColumns(close, WHOLE)).toMatchObject({ claimedMs: 3, decidedMs: 3, elapsedMs: 4 });
  });

  it("leaves out when a call was claimed and decided that was not", () => {
    const { claimedMs: _, decidedMs: __, ...report } = aReport();
    expect(Object.keys(reportColumns(report, WHOLE)).filter((column) => column.endsWith("edMs"))).toEqual([
      "elapsedMs",
    ]);
  });

  it("names the caller in the trace, unless numbers are masked", () => {
    expect(reportColumns(excluding, WHOLE).trace).toContain(CALLER);
    expect(JSON.stringify(reportColumns(excluding, MASKED))).not.toContain(CALLER.slice(1, -4));
  });

  it("masks numbers in what Graph said and in who rings", () => {
    const targets = [{ kind: "phone", id: "+13035550100", weight: 1 }] as const;
    const answer = { status: 202, tries: 1, message: "callee tel:+13035550100" };
    const columns = reportColumns(aReport({ result: { kind: "redirected", targets, answer } }), MASKED);
    expect(JSON.stringify(columns)).not.toContain("3035550100");
    expect(columns).toMatchObject({ targets: "phone:+*******0100", graphMessage: "callee tel:+*******0100" });
  });

  it("cuts a trace and messages that no cell could hold", () => {
    const report = aReport();
    const steps = Array.from({ length: 2000 }, (_, index) => ({
      partition: "default",
      rule: `rule-${index}`,
      why: { kind: "disabled" } as const,
    }));
    const decision = { ...report.decision, trace: { ...report.decision.trace, steps } };
    for (const result of [report.result, { kind: "failed", reason: "no ".repeat(50_000) } as const]) {
      for (const cell of Object.values(reportColumns({ ...report, decision, result }, WHOLE))) {
        expect(String(cell).length).toBeLessThan(MOST_CHARACTERS);
      }
    }
    expect(reportColumns({ ...report, decision }, WHOLE).trace).toMatch(/^default\/rule-0 does not apply/);
  });

  it("says why nothing came of a call", () => {
    const failed = aReport({ result: { kind: "failed", reason: "table Routes answered 503" } });
    expect(reportColumns(failed, WHOLE)).toMatchObject({ status: "failed", failure: "table Routes answered 503" });
  });

  it("counts a call that was gone as ended by its caller", () => {
    const gone = aReport({ result: { kind: "gone", answer: { status: 404, code: "8522", tries: 1 } } });
    expect(reportColumns(gone, WHOLE)).toMatchObject({ status: "gone", outcome: "caller gone", graphCode: "8522" });
  });
});

describe("endColumns", () => {
  it("keeps the raw codes beside the outcome", () => {
    const ended = anEndedCall(ID, {
      result: { code: 487, subcode: 10004, message: "no answer" },
      answeredBy: "user x",
    });
    expect(endColumns(ended, "no answer", AT, WHOLE)).toEqual({
      callId: ID,
      endedAt: AT,
      outcome: "no answer",
      resultCode: 487,
      resultSubcode: 10004,
      resultMessage: "no answer",
      answeredBy: "user x",
    });
  });

  it("masks the number of whoever answered when asked to, and cuts a long message", () => {
    const ended = anEndedCall(ID, { result: { message: "x".repeat(50_000) }, answeredBy: `phone ${CALLER}` });
    const { answeredBy, resultMessage } = endColumns(ended, "answered", AT, MASKED);
    expect(answeredBy).toBe("phone +*******0142");
    expect(resultMessage?.length).toBeLessThan(MOST_CHARACTERS);
  });
});

/** GUIDs of version 4 from a fixed seed (xorshift32). */
function randomGuids(count: number): string[] {
  let state = 0x2545f491;
  const digit = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) % 16).toString(16);
  };
  return Array.from({ length: count }, () => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, digit));
}
