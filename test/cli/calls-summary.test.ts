import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { FATES, fate, fateOf, isFailed } from "../../src/cli/calls/calls-fate.ts";
import { bar, CallSummary, percentile } from "../../src/cli/calls/calls-summary.ts";
import { CallLines } from "../../src/cli/calls/calls-text.ts";
import { Names } from "../../src/cli/names.ts";
import type { LoggedCall } from "../../src/store/call-list.ts";

const NOW = Date.parse("2026-11-25T16:30:00Z");

function aCall(cells: Record<string, string>, at = "2026-11-25T16:00:00Z", elapsedMs?: number): LoggedCall {
  return { key: "call", at: new Date(at), cells, ...(elapsedMs === undefined ? {} : { elapsedMs }) };
}

describe("fateOf", () => {
  it.each([
    [{ status: "redirected", outcome: "answered" }, "answered"],
    [{ status: "redirected", outcome: "no answer" }, "no answer"],
    [{ status: "redirected" }, "under way"],
    [{ status: "rejected", outcome: "unknown" }, "rejected"],
    [{ status: "refused", outcome: "caller gone" }, "refused"],
    [{ status: "failed" }, "failed"],
    [{ status: "gone", outcome: "caller gone" }, "caller gone"],
    [{ status: "unseen", outcome: "busy" }, "busy"],
    [{ status: "redirected", outcome: "a word of a later version" }, "unknown"],
  ])("says of %j that it is %s", (cells, expected) => {
    expect(fateOf(aCall(cells), NOW)).toBe(expected);
  });

  it("takes a call that nothing came of for failed once every deadline is over", () => {
    expect(fateOf(aCall({ status: "claimed" }, "2026-11-25T16:29:50Z"), NOW)).toBe("under way");
    expect(fateOf(aCall({ status: "claimed" }, "2026-11-25T16:28:00Z"), NOW)).toBe("failed");
  });

  it("counts as failed what nobody was rung for, or nobody could be, and not who did not answer", () => {
    expect(FATES.filter(isFailed)).toEqual(["unreachable", "failed", "refused"]);
  });
});

describe("fate", () => {
  it.each(["no answer", "No-Answer", "noanswer", "NO_ANSWER"])("reads %s", (text) => {
    expect(fate(text)).toBe("no answer");
  });

  it("names the words that there are", () => {
    expect(fate("missed")).toEqual({ wrong: expect.stringContaining("answered, no answer, busy") });
  });
});

describe("percentile", () => {
  it.each([
    [[7], 50, 7],
    [[1, 2, 3, 4], 50, 2],
    [[1, 2, 3, 4, 5], 50, 3],
    [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
    [Array.from({ length: 10 }, (_, index) => index + 1), 95, 10],
  ])("of %j at %i is %i", (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it("is the least value that so many percent do not exceed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = values.toSorted((one, other) => one - other);
        const value = percentile(sorted, percent);
        const share = (most: number) => sorted.filter((each) => each <= most).length / sorted.length;
        expect(share(value) * 100).toBeGreaterThanOrEqual(percent - 1e-9);
        expect(share(value - 1) * 100).toBeLessThan(percent);
      }),
    );
  });
});

describe("bar", () => {
  it("is as long as it is told, to an eighth of a block", () => {
    expect([bar(3, true), bar(1.5, true), bar(0.01, true), bar(0, true)]).toEqual(["███", "█▌", "▏", ""]);
    expect([bar(3, false), bar(1.6, false), bar(0.01, false), bar(0, false)]).toEqual(["###", "##", "#", ""]);
  });
});

describe("CallSummary", () => {
  const summaryOf = (calls: readonly LoggedCall[], timeZone = "UTC") => {
    const summary = new CallSummary(timeZone);
    for (const call of calls) summary.add(call, fateOf(call, NOW));
    return summary;
  };

  it("counts calls by what became of them, and takes times of redirected ones only", () => {
    const redirected = { status: "redirected", outcome: "answered" };
    const lines = summaryOf([
      aCall(redirected, undefined, 100),
      aCall({ ...redirected, fallback: "line" }, undefined, 300),
      aCall({ ...redirected, rule: "FALLBACK_TARGET", outcome: "busy" }, undefined, 1200),
      aCall({ status: "rejected" }, undefined, 9000),
    ]).lines();
    expect(lines).toEqual([
      "4 calls: 2 answered, 1 busy, 1 rejected.",
      "3 redirected: 300 ms median, 1,200 ms 95th percentile. Fallbacks used: 2.",
    ]);
  });

  it("says that there were none", () => {
    expect(summaryOf([]).lines()).toEqual(["No calls."]);
  });

  it("draws every hour between the first call and the last by the wall of the zone, half-hour zones as well", () => {
    const calls = [
      aCall({}, "2026-11-25T03:40:00Z"),
      aCall({}, "2026-11-25T05:20:00Z"),
      aCall({}, "2026-11-25T05:25:00Z"),
    ];
    expect(summaryOf(calls, "Asia/Kolkata").histogram(false)).toEqual([
      `2026-11-25 09:00  ${"#".repeat(20)} 1`,
      `2026-11-25 10:00  ${"#".repeat(40)} 2`,
    ]);
    expect(
      summaryOf(calls)
        .histogram(false)
        .map((line) => line.slice(11, 16)),
    ).toEqual(["03:00", "04:00", "05:00"]);
  });

  it("draws no picture of a single hour, and one by days of more than two", () => {
    expect(summaryOf([aCall({}), aCall({})]).histogram(true)).toEqual([]);
    const days = summaryOf([aCall({}, "2026-11-20T12:00:00Z"), aCall({}, "2026-11-25T12:00:00Z")]).histogram(true);
    expect(days.map((line) => line.slice(0, 10))).toEqual([20, 21, 22, 23, 24, 25].map((day) => `2026-11-${day}`));
  });
});

describe("CallLines", () => {
  const names = new Names({ lines: new Map(), rules: new Map() });

  it("fits every terminal from 80 columns on, whatever a call holds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 80, max: 200 }),
        fc.record({ line: fc.string(), caller: fc.string(), rule: fc.string(), targets: fc.string() }),
        fc.constantFrom(...FATES),
        (width, cells, word) => {
          const lines = new CallLines(names, "UTC", width);
          for (const line of [lines.heading(), ...lines.linesOf(aCall(cells, undefined, 12_345), word)])
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it("prints one line a call in a pipe, with date and offset", () => {
    const lines = new CallLines(names, "America/Denver", Number.POSITIVE_INFINITY);
    const told = lines.linesOf(
      aCall({ line: "+13035550100", caller: "", rule: "default/desk", status: "redirected" }),
      "busy",
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^2026-11-25T09:00:00-07:00 {2}\+1 303 555 0100 +withheld +busy +- +default\/desk$/);
  });

  it.each([
    ["override/3d9f2a61-0000-4000-8000-000000000001", "override/Support"],
    ["override/site:Denver", "override/site:Denver"],
    ["3d9f2a61-0000-4000-8000-000000000001/night", "Support/night"],
    ["default/lunch%3F", "default/lunch?"],
    ["FALLBACK_TARGET", "FALLBACK_TARGET"],
  ])("names what decided as people know it: %s", (rule, expected) => {
    const line = { id: "3d9f2a61-0000-4000-8000-000000000001", name: "Support", fallback: [] };
    const named = new Names({ lines: new Map([[line.id, line]]), rules: new Map() });
    const [told] = new CallLines(named, "UTC", Number.POSITIVE_INFINITY).linesOf(aCall({ rule }), "answered");
    expect(told?.split(/ {2,}/).at(-1)).toBe(expected);
  });

  it("heads a new day on a terminal with its date and zone", () => {
    const lines = new CallLines(names, "America/Denver", 80);
    const dates = ["2026-11-25T16:00:00Z", "2026-11-25T17:00:00Z", "2026-11-26T16:00:00Z"].map(
      (at) => lines.linesOf(aCall({}, at), "answered")[0],
    );
    expect(dates[0]).toBe("Wed 2026-11-25, America/Denver");
    expect(dates[1]).toMatch(/^10:00:00 /);
    expect(dates[2]).toBe("Thu 2026-11-26, America/Denver");
  });
});
