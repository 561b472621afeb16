import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionsAt, identityOf, momentsOfWeek, mondayOf } from "../../src/book/week.ts";
import { MS_PER_MINUTE } from "../../src/routing/dates.ts";
import { decide } from "../../src/routing/decide.ts";
import {
  ALICE,
  BOB,
  bookFor,
  type Cells,
  factsOf,
  LINE,
  OWN_TENANT,
  QUEUE,
  type TypedRows,
} from "../support/decisions.ts";

const CALLER = "+14255550142";

/** Weeks in which the clocks jump, and one in which they do not; Lord Howe's jump half an hour. */
const WEEKS = [
  ["America/New_York", "2026-11-01T12:00Z"],
  ["America/New_York", "2026-03-08T12:00Z"],
  ["Australia/Lord_Howe", "2026-04-05T12:00Z"],
  ["Asia/Kathmandu", "2026-12-24T12:00Z"],
] as const;

const someHours = fc.constantFrom(
  "",
  "09:00-17:00",
  "08:07-12:00, 12:50-16:55",
  "22:00-06:10",
  "01:20-02:40",
  "00:00-24:00",
);

/** Moments around a week, seldom at a quarter. */
const someMoment = (monday: number) =>
  fc.integer({ min: -2000, max: 12_000 }).map((minutes) => new Date(monday + minutes * MS_PER_MINUTE).toISOString());

function someRows(zone: string, monday: number, sunday: string): fc.Arbitrary<TypedRows> {
  const limit = fc.option(someMoment(monday), { nil: "" });
  const rule: fc.Arbitrary<Cells> = fc.record({
    priority: fc.constantFrom(1, 2, 100),
    enabled: fc.constantFrom("", "", "", "no"),
    caller: fc.constantFrom("*", "*", "list:vip", "!list:vip, *", "+1425*", "anonymous"),
    schedule: fc.constantFrom("", "day", "!day", "NIGHT", "!night", "nowhere"),
    from: limit,
    until: limit,
    targets: fc.constantFrom(ALICE, BOB, QUEUE, `resource:${LINE}`),
  });
  const rules = fc.dictionary(fc.constantFrom(..."abcd"), rule, { maxKeys: 4, noNullPrototype: true });
  const hours = fc.record({
    timeZone: fc.constantFrom(zone, "America/Los_Angeles"),
    monday: someHours,
    wednesday: someHours,
    saturday: someHours,
    sunday: someHours,
    holidays: fc.constantFrom("", "feasts"),
  });
  const override: fc.Arbitrary<Cells> = fc.record({ targets: fc.constant(BOB), from: limit, until: limit });
  return fc.record({
    routes: fc.record({
      [LINE]: rules,
      default: rules,
      override: fc.dictionary(fc.constantFrom("all", LINE), override, { maxKeys: 1, noNullPrototype: true }),
    }),
    schedules: fc.record({
      day: fc.record({ hours }),
      night: fc.record({ hours }),
      feasts: fc.constant({ [sunday]: { hours: "10:10-11:20" } }),
    }),
  });
}

const someWeek = fc.constantFrom(...WEEKS).chain(([zone, text]) => {
  const firstDay = mondayOf(zone, Date.parse(text));
  const [firstMs = 0] = momentsOfWeek(zone, firstDay);
  return fc.record({
    zone: fc.constant(zone),
    firstDay: fc.constant(firstDay),
    rows: someRows(zone, firstMs, text.slice(0, 10)),
    vipUntil: fc.option(someMoment(firstMs), { nil: "" }),
  });
});

/** How a caller who is on the list until a moment, or for ever, meets the rows: read once, decided as often as asked. */
function deciderOf(rows: TypedRows, vipUntil = "") {
  const book = bookFor(rows, {});
  const untilMs = vipUntil === "" ? Number.POSITIVE_INFINITY : Date.parse(vipUntil);
  const decideAt = (atMs: number) =>
    decide(factsOf({ caller: CALLER }), book, {
      atMs,
      ownTenantId: OWN_TENANT,
      lists: new Set(atMs < untilMs ? ["vip"] : []),
      fallbackTargets: [],
    });
  return { book, listEdges: Number.isFinite(untilMs) ? [untilMs] : [], decideAt };
}

const OFFICE: TypedRows = {
  routes: { default: { day: { schedule: "office", targets: ALICE }, night: { targets: BOB } } },
  schedules: { office: { hours: { timeZone: "Etc/UTC", monday: "09:00-12:30", friday: "09:00-12:00" } } },
};
const OFFICE_WEEK = momentsOfWeek("Etc/UTC", mondayOf("Etc/UTC", Date.parse("2026-06-05T12:00Z")));

describe("decisionsAt", () => {
  it("shows in every quarter of a week who would be rung in that very quarter", async () => {
    await fc.assert(
      fc.asyncProperty(someWeek, async ({ zone, firstDay, rows, vipUntil }) => {
        const moments = momentsOfWeek(zone, firstDay);
        const { decideAt, ...around } = deciderOf(rows, vipUntil);
        const outlook = { ...around, decisionAt: async (atMs: number) => decideAt(atMs) };
        const found = await decisionsAt(moments, outlook);
        const told = moments.map((atMs) => {
          const decision = found.get(atMs);
          return decision && identityOf(decision);
        });
        expect(told).toEqual(moments.map((atMs) => identityOf(decideAt(atMs))));
      }),
      { numRuns: 150 },
    );
  });

  it("lets whoever waits rest before each moment, and give the work up", async () => {
    const { decideAt, ...around } = deciderOf(OFFICE);
    const heard: string[] = [];
    const decisionAt = async (atMs: number) => {
      heard.push("decided");
      return decideAt(atMs);
    };
    const rest = async () => {
      heard.push("rested");
      if (heard.length > 4) throw new Error("nobody waits");
    };
    await expect(decisionsAt(OFFICE_WEEK, { ...around, decisionAt }, rest)).rejects.toThrow("nobody waits");
    expect(heard).toEqual(["rested", "decided", "rested", "rested", "rested"]);
  });

  it("decides no more often than something may change", async () => {
    const { decideAt, ...around } = deciderOf(OFFICE);
    const asked: string[] = [];
    const decisionAt = async (atMs: number) => {
      asked.push(new Date(atMs).toISOString());
      return decideAt(atMs);
    };
    await decisionsAt(OFFICE_WEEK, { ...around, decisionAt });
    expect(asked).toEqual([
      "2026-06-01T00:00:00.000Z",
      "2026-06-01T09:00:00.000Z",
      "2026-06-01T12:30:00.000Z",
      "2026-06-05T09:00:00.000Z",
      "2026-06-05T12:00:00.000Z",
    ]);
  });
});
