import { describe, expect, it } from "vitest";
import { ALICE, BOB, CAROL, decideCall, LINE, MOBILE, QUEUE, type TypedRows } from "../support/decisions.ts";

/** Everything that can decide a call, in the order of decision; each would decide it alone. */
const STEPS: readonly { readonly by: string; readonly does: string; readonly rows: TypedRows }[] = [
  {
    by: "all/blocked",
    does: "reject forbidden",
    rows: { routes: { all: { blocked: { action: "reject", reason: "forbidden" } } } },
  },
  {
    by: `override/${LINE}`,
    does: `redirect ${ALICE}`,
    rows: { routes: { override: { [LINE]: { targets: ALICE } } } },
  },
  {
    by: "override/site:Denver",
    does: `redirect ${BOB}`,
    rows: { lines: { [LINE]: { site: "Denver" } }, routes: { override: { "site:Denver": { targets: BOB } } } },
  },
  { by: "override/all", does: `redirect ${CAROL}`, rows: { routes: { override: { all: { targets: CAROL } } } } },
  { by: `${LINE}/day`, does: `redirect ${QUEUE}`, rows: { routes: { [LINE]: { day: { targets: QUEUE } } } } },
  {
    by: "sales/day",
    does: `redirect ${MOBILE}`,
    rows: { lines: { [LINE]: { group: "sales" } }, routes: { sales: { day: { targets: MOBILE } } } },
  },
  { by: "default/day", does: `redirect ${ALICE}`, rows: { routes: { default: { day: { targets: ALICE } } } } },
  { by: "the line's fallback", does: `redirect ${BOB}`, rows: { lines: { [LINE]: { fallback: BOB } } } },
];

/** The rows of some steps, together. */
function rowsFrom(steps: typeof STEPS): TypedRows {
  const lines: Record<string, unknown> = {};
  const routes: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const { rows } of steps) {
    Object.assign(lines, rows.lines?.[LINE]);
    for (const [partition, rules] of Object.entries(rows.routes ?? {})) {
      routes[partition] = { ...routes[partition], ...rules };
    }
  }
  return { lines: { [LINE]: lines }, routes };
}

describe("the order of decision", () => {
  it.each(STEPS)("lets $by decide when nothing before it does", ({ by, does, rows }) => {
    expect(decideCall(rows)).toMatchObject({ by, does, faults: [] });
  });

  it.each(STEPS.map((step, index) => [step.by, index] as const))("lets %s beat everything after it", (by, index) => {
    const decided = decideCall(rowsFrom(STEPS.slice(index)), { fallbackTarget: CAROL });
    expect(decided).toMatchObject({ by, does: STEPS[index]?.does, passedOver: [], faults: [] });
  });

  it("does not let a low priority number jump the order of partitions", () => {
    const decided = decideCall({
      routes: {
        all: { blocked: { action: "reject", caller: "*", priority: 999 } },
        [LINE]: { vip: { targets: ALICE, caller: "+14255550142", priority: -5 } },
        default: { day: { targets: BOB, priority: -999 } },
      },
    });
    expect(decided.by).toBe("all/blocked");
  });

  it("rings FALLBACK_TARGET when no row decides", () => {
    expect(decideCall({}, { fallbackTarget: CAROL })).toMatchObject({
      by: "FALLBACK_TARGET",
      does: `redirect ${CAROL}`,
    });
  });

  it("rejects with reason none when there is nobody at all", () => {
    expect(decideCall({})).toMatchObject({ by: "nothing", does: "reject none" });
  });

  it("serves a line without a row by its own rules and those of default", () => {
    const routes = { [LINE]: { vip: { caller: "+1425*", targets: ALICE } }, default: { day: { targets: BOB } } };
    expect(decideCall({ routes })).toMatchObject({ by: `${LINE}/vip` });
    expect(decideCall({ routes }, { caller: "+12065550142" })).toMatchObject({ by: "default/day" });
  });

  it("asks no other line's rules, and no group but the line's own", () => {
    const routes = {
      "6d17c2f5-eac8-588b-835e-843f1323bef3": { day: { targets: ALICE } },
      sales: { day: { targets: ALICE } },
    };
    expect(decideCall({ lines: { [LINE]: { group: "support" } }, routes })).toMatchObject({ does: "reject none" });
  });
});

describe("the order within a partition", () => {
  const decidedBy = (rules: Record<string, Record<string, unknown>>, caller = "+14255550142") =>
    decideCall({ routes: { default: rules }, callerLists: { "+14255550142": { vip: {} } } }, { caller }).by;

  it("puts the lower priority first, however specific another caller is", () => {
    expect(decidedBy({ exact: { caller: "+14255550142", targets: ALICE }, any: { priority: 99, targets: BOB } })).toBe(
      "default/any",
    );
  });

  it("takes 100 for a priority that is not given", () => {
    const plain = { targets: ALICE };
    expect(decidedBy({ plain, later: { priority: 101, targets: BOB } })).toBe("default/plain");
    expect(decidedBy({ plain, earlier: { priority: 99, targets: BOB } })).toBe("default/earlier");
    expect(decidedBy({ plain, same: { priority: 100, caller: "phone", targets: BOB } })).toBe("default/same");
  });

  it("compares priorities as numbers, not as text", () => {
    expect(decidedBy({ nine: { priority: "9", targets: ALICE }, ten: { priority: "10", targets: BOB } })).toBe(
      "default/nine",
    );
  });

  it("lets a less specific rule decide when the more specific one is of a later priority and both apply", () => {
    expect(
      decidedBy({
        prefix: { caller: "+1*", targets: ALICE },
        exact: { caller: "+14255550142", priority: 101, targets: BOB },
      }),
    ).toBe("default/prefix");
  });

  /** From most to least specific; named so that the names would have it the other way round. */
  const SPECIFIC = [
    ["one party", "g", "+14255550142"],
    ["a long prefix", "f", "+1425555*"],
    ["a short prefix", "e", "+1*"],
    ["a list", "d", "list:vip"],
    ["a class", "c", "phone"],
    ["anyone", "b", "*"],
  ] as const;

  it.each(SPECIFIC.slice(0, -1).map((more, index) => [more[0], SPECIFIC[index + 1]?.[0] ?? "", index] as const))(
    "at one priority %s outranks %s",
    (_more, _less, index) => {
      const rules = SPECIFIC.slice(index).map(([, name, caller]) => [name, { caller, targets: ALICE }] as const);
      expect(decidedBy(Object.fromEntries(rules))).toBe(`default/${SPECIFIC[index]?.[1]}`);
    },
  );

  it("settles what is left by the name", () => {
    const rule = { caller: "phone", targets: ALICE };
    expect(decidedBy({ b: rule, a: rule, c: rule })).toBe("default/a");
    expect(decidedBy({ b: { ...rule, caller: "country:US" }, a: { ...rule, caller: "external" } })).toBe("default/a");
    expect(decidedBy({ night: rule, Night: rule })).toBe("default/Night");
  });

  it("counts the part of a mixed column that took this caller", () => {
    const rules = {
      a: { caller: "+12065550142, phone", targets: ALICE },
      b: { caller: "+1425*", targets: BOB },
    };
    expect(decidedBy(rules)).toBe("default/b");
    expect(decidedBy(rules, "+12065550142")).toBe("default/a");
  });

  it("asks the next rule when the more specific one does not apply for another reason", () => {
    const exact = { caller: "+14255550142", targets: ALICE };
    expect(decidedBy({ exact: { ...exact, enabled: false }, any: { targets: BOB } })).toBe("default/any");
    expect(decidedBy({ exact: { ...exact, until: "2026-01-01T00:00Z" }, any: { targets: BOB } })).toBe("default/any");
  });
});

describe("what a rule does", () => {
  it.each([
    [{ action: "reject" }, "reject busy"],
    [{ action: "Reject", reason: "Forbidden" }, "reject forbidden"],
    [{ action: "reject", reason: "none", targets: ALICE }, "reject none"],
    [{ targets: `${ALICE}, ${MOBILE}` }, `redirect ${ALICE}, ${MOBILE}`],
    [{ action: "redirect", targets: QUEUE, reason: "busy" }, `redirect ${QUEUE}`],
  ])("%j: %s", (cells, does) => {
    expect(decideCall({ routes: { default: { day: cells } } })).toMatchObject({ does, faults: [] });
  });

  it("hands on how the targets ring, for how long and by which policies", () => {
    const cells = { targets: ALICE, ring: "Round Robin", timeout: 30, policies: "disableForwarding" };
    expect(decideCall({ routes: { default: { day: cells } } }).decision).toMatchObject({
      ring: "round-robin",
      timeoutSeconds: 30,
      policies: ["disableForwarding"],
    });
  });

  it("leaves the timeout to Graph and rings all when the row says nothing", () => {
    const { decision } = decideCall({ routes: { default: { day: { targets: ALICE } } } });
    expect(decision).toMatchObject({ ring: "all", policies: [] });
    expect(decision).not.toHaveProperty("timeoutSeconds");
  });
});
