import { describe, expect, it } from "vitest";
import { decide } from "../../src/routing/decide.ts";
import {
  ALICE,
  BOB,
  bookFor,
  CAROL,
  decideCall,
  factsOf,
  LINE,
  OWN_TENANT,
  type TypedRows,
  targetsOf,
} from "../support/decisions.ts";

const ROWS: TypedRows = {
  lines: { [LINE]: { number: "+13035550100", group: "sales", site: "Denver", fallback: CAROL } },
  routes: {
    all: {
      blocked: { caller: "list:blocked", action: "reject" },
      trial: { enabled: false, targets: BOB },
    },
    override: {
      "site:Denver": { targets: BOB, until: "2026-06-01T00:00-06:00" },
      "site:Seattle": { targets: BOB },
      all: { targets: BOB, from: "2026-07-01T00:00-06:00" },
    },
    [LINE]: { vip: { caller: "*, !+1425*", targets: BOB } },
    sales: {
      first: { priority: 10, schedule: "!office", targets: BOB },
      second: { priority: 20, schedule: "offfice", targets: BOB },
      third: { priority: 30, targets: "phone:+13035550100" },
    },
    default: {
      class: { caller: "phone", targets: BOB },
      everyone: { targets: BOB },
      prefix: { caller: "+1425*", targets: ALICE },
      late: { priority: 200, targets: BOB },
    },
  },
  schedules: { office: { hours: { timeZone: "America/Denver", wednesday: "00:00-24:00" } } },
};

describe("the trace", () => {
  const decided = decideCall(ROWS);

  it("holds every rule that was looked at, in order, with the first reason why it did not decide", () => {
    expect(decided.by).toBe("default/prefix");
    expect(decided.passedOver).toEqual([
      "all/blocked: caller",
      "all/trial: disabled",
      "override/site:Denver: lapsed",
      "override/all: not-yet",
      `${LINE}/vip: caller`,
      "sales/first: schedule",
      "sales/second: unknown-schedule",
      "sales/third: nobody-left",
      "default/class: less-specific",
      "default/everyone: less-specific",
    ]);
  });

  it("ends with the rule that decided, without a reason", () => {
    expect(decided.decision.trace.steps.at(-1)).toEqual({ partition: "default", rule: "prefix" });
  });

  it("holds no rule behind the one that decided, and no override for elsewhere", () => {
    const seen = decided.decision.trace.steps.map(({ rule }) => rule);
    expect(seen).not.toContain("late");
    expect(seen).not.toContain("site:Seattle");
  });

  it("holds the facts of each reason", () => {
    const whyNot = (rule: string) => decided.decision.trace.steps.find((step) => step.rule === rule)?.why;
    expect(whyNot("site:Denver")).toMatchObject({ untilMs: Date.parse("2026-06-01T06:00:00Z") });
    expect(whyNot("all")).toMatchObject({ fromMs: Date.parse("2026-07-01T06:00:00Z") });
    expect(whyNot("vip")).toMatchObject({ excludedBy: { kind: "prefix", digits: "+1425" } });
    expect(whyNot("first")).toMatchObject({ condition: { negated: true }, state: { open: true } });
    expect(whyNot("second")).toMatchObject({ condition: { schedule: "offfice" } });
    expect(whyNot("class")).toMatchObject({ than: "prefix" });
  });

  it("holds every rule when none decides", () => {
    const routes = { default: { a: { enabled: false, targets: ALICE }, b: { caller: "teams", targets: ALICE } } };
    const nobody = decideCall({ routes });
    expect(nobody.by).toBe("nothing");
    expect(nobody.passedOver).toEqual(["default/a: disabled", "default/b: caller"]);
    expect(nobody.decision.trace.steps).toHaveLength(2);
  });
});

describe("decide", () => {
  const call = factsOf({ cameFrom: ["+14255550177"], countryCode: "US" });
  const context = {
    atMs: Date.parse("2026-06-03T12:00:00-04:00"),
    ownTenantId: OWN_TENANT,
    lists: new Set<string>(),
    fallbackTargets: targetsOf(CAROL),
  };

  it("gives the same decision for the same inputs", () => {
    const again = () => decide(call, bookFor(ROWS, {}), context);
    expect(again()).toEqual(again());
    const book = bookFor(ROWS, {});
    expect(decide(call, book, context)).toEqual(decide(call, book, context));
  });

  it("changes nothing that it is given", () => {
    const book = deepFrozen(bookFor(ROWS, {}));
    const decision = decide(deepFrozen(call), book, deepFrozen({ ...context, lists: new Set(["vip"]) }));
    expect(decision).toMatchObject({ by: { name: "prefix" } });
    expect(book).toEqual(bookFor(ROWS, {}));
  });

  it("keeps two calls apart that are decided by one book", () => {
    const book = bookFor(ROWS, {});
    const first = decide(call, book, context);
    const before = structuredClone(first);
    decide({ ...call, caller: { kind: "anonymous", id: "" } }, book, context);
    expect(first).toEqual(before);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
    if (value instanceof Map) for (const inner of value.values()) deepFrozen(inner);
  }
  return value;
}
