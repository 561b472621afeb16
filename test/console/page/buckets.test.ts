import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { CallView } from "../../../src/console/api/calls.ts";
import { bucketsOf } from "../../../src/console/page/calls/buckets.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const zoneBefore = process.env.TZ;
afterEach(() => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

const callAt = (receivedAtMs: number): CallView => ({
  id: String(receivedAtMs),
  receivedAtMs,
  line: "Support",
  caller: "+12065550100",
  rule: "support/day",
  targets: "phone:+14255550111",
  status: "redirected",
  outcome: "answered",
});

/** Buckets of calls at those moments, on a machine whose clock stands in that zone. */
const bucketsIn = (timeZone: string, ...moments: readonly number[]) => {
  process.env.TZ = timeZone;
  const { unit, buckets } = bucketsOf(moments.map(callAt));
  return {
    unit,
    starts: buckets.map(({ startMs }) => startMs),
    counts: buckets.map(({ counts }) => counts.get("answered") ?? 0),
  };
};
const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** Zones, each with a moment at which its clocks change. */
const CHANGES = [
  ["Australia/Lord_Howe, half an hour back", "Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe, half an hour on", "Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["Africa/Cairo, a midnight that does not exist", "Africa/Cairo", "2026-04-23T22:00Z"],
  ["Africa/Cairo, an hour before midnight twice", "Africa/Cairo", "2026-10-29T21:00Z"],
  ["America/Havana, midnight twice", "America/Havana", "2026-11-01T05:00Z"],
  ["America/Los_Angeles, one o'clock twice", "America/Los_Angeles", "2026-11-01T09:00Z"],
  ["Asia/Kathmandu, which changes nothing", "Asia/Kathmandu", "2026-11-01T09:00Z"],
] as const;

describe("bucketsOf", () => {
  it.each(CHANGES)("counts every call once where clocks change: %s", (_, zone, change) => {
    const moment = fc.integer({ min: -5 * 24 * 60, max: 5 * 24 * 60 });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 60), (minutes, nearness) => {
        const { counts, starts } = bucketsIn(
          zone,
          ...minutes.map((each) => Date.parse(change) + Math.round(each / nearness) * MINUTE_MS),
        );
        expect(sumOf(counts)).toBe(minutes.length);
        expect(starts).toEqual(starts.toSorted((one, other) => one - other));
      }),
    );
  });

  it("has a bar for each of the two hours that the clock lives twice", () => {
    const first = Date.parse("2026-11-01T08:30Z");
    const { counts, starts } = bucketsIn("America/Los_Angeles", first, first + HOUR_MS, first + 2 * HOUR_MS);
    expect(counts).toEqual([1, 1, 1]);
    expect(starts[1]).toBe(Date.parse("2026-11-01T09:00Z"));
  });

  it("has a day without its midnight between the day before and the day after", () => {
    const { unit, starts, counts } = bucketsIn(
      "Africa/Cairo",
      Date.parse("2026-04-22T12:00Z"),
      Date.parse("2026-04-25T12:00Z"),
    );
    expect(unit).toBe("day");
    expect(counts).toEqual([1, 0, 0, 1]);
    expect(starts[2]).toBe(Date.parse("2026-04-23T22:00Z"));
  });

  it("fills the hours in which no call came", () => {
    expect(bucketsIn("UTC", 0, 3 * HOUR_MS).counts).toEqual([1, 0, 0, 1]);
  });
});
