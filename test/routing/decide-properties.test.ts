import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALICE, BOB, CAROL, type Cells, decideCall, LINE, MOBILE, type TypedCall } from "../support/decisions.ts";

/** What the model below knows of a caller column: the callers that it takes, and how specifically (higher is closer). */
const COLUMNS: Readonly<Record<string, { readonly takes: readonly string[]; readonly closeness: number }>> = {
  "+14255550142": { takes: ["+14255550142"], closeness: 60 },
  "+1425*": { takes: ["+14255550142"], closeness: 50 },
  "+1*": { takes: ["+14255550142", "+12065550142"], closeness: 40 },
  "list:vip": { takes: ["+12065550142"], closeness: 30 },
  phone: { takes: ["+14255550142", "+12065550142"], closeness: 20 },
  anonymous: { takes: ["anonymous"], closeness: 20 },
  "*": { takes: ["+14255550142", "+12065550142", "anonymous"], closeness: 10 },
  "*, !+1425*": { takes: ["+12065550142", "anonymous"], closeness: 10 },
};
const CALLERS = ["+14255550142", "+12065550142", "anonymous"];
const MOMENTS = ["2026-06-03T11:00:00Z", "2026-06-03T12:00:00Z", "2026-06-03T13:00:00Z"];
const PARTITIONS = ["all", `override/${LINE}`, "override/site:Denver", "override/all", LINE, "sales", "default"];

interface ModelRule {
  readonly place: number;
  readonly name: string;
  readonly column: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly from: string;
  readonly until: string;
  readonly schedule: "" | "noon" | "!noon" | "nowhere" | "!nowhere";
  readonly does: string;
}

const someRule: fc.Arbitrary<ModelRule> = fc.record({
  place: fc.nat({ max: PARTITIONS.length - 1 }),
  name: fc.constantFrom("a", "b", "c", "d"),
  column: fc.constantFrom(...Object.keys(COLUMNS)),
  priority: fc.constantFrom(1, 2, 100),
  enabled: fc.constantFrom(true, true, true, false),
  from: fc.constantFrom("", "", MOMENTS[1] ?? ""),
  until: fc.constantFrom("", "", MOMENTS[2] ?? ""),
  schedule: fc.constantFrom(
    "" as const,
    "" as const,
    "noon" as const,
    "!noon" as const,
    "nowhere" as const,
    "!nowhere" as const,
  ),
  does: fc.constantFrom(`redirect ${ALICE}`, `redirect ${BOB}`, "reject busy"),
});

/** Overrides have their scope for a name, so there is one of each. */
const placeOf = ({ place, name }: ModelRule) => {
  const [partition = "", scope] = (PARTITIONS[place] ?? "").split(/\/(.*)/);
  return { partition, name: scope ?? name };
};

const someRules = fc.uniqueArray(someRule, {
  maxLength: 12,
  selector: (rule) => Object.values(placeOf(rule)).join("/"),
});

/** The contract's sentence, taken word by word: of all rules that apply, the first by place, priority, caller, name. */
function modelOf(rules: readonly ModelRule[], { caller = "", at = "", cameFrom = [] }: TypedCall) {
  const applies = (rule: ModelRule) =>
    rule.enabled &&
    (rule.from === "" || rule.from <= at) &&
    (rule.until === "" || at < rule.until) &&
    ["", at === MOMENTS[1] ? "noon" : "!noon"].includes(rule.schedule) &&
    COLUMNS[rule.column]?.takes.includes(String(caller)) &&
    !cameFrom.some((party) => rule.does.endsWith(String(party)));
  const closeness = (rule: ModelRule) => COLUMNS[rule.column]?.closeness ?? 0;
  return rules
    .filter(applies)
    .toSorted(
      (one, other) =>
        one.place - other.place ||
        one.priority - other.priority ||
        closeness(other) - closeness(one) ||
        (placeOf(one).name < placeOf(other).name ? -1 : 1),
    )[0];
}

function rowsOf(rules: readonly ModelRule[]) {
  const routes: Record<string, Record<string, Cells>> = {};
  for (const rule of rules) {
    const { partition, name } = placeOf(rule);
    const { column: caller, does, place: _place, name: _name, ...cells } = rule;
    const action = does === "reject busy" ? { action: "reject" } : { targets: does.replace("redirect ", "") };
    routes[partition] = { ...routes[partition], [name]: { ...cells, ...action, caller } };
  }
  return {
    routes,
    lines: { [LINE]: { group: "sales", site: "Denver" } },
    schedules: { noon: { hours: { timeZone: "Etc/UTC", wednesday: "12:00-13:00" } } },
    callerLists: { "+12065550142": { vip: {} } },
  };
}

const someCall = fc.record({
  caller: fc.constantFrom(...CALLERS),
  at: fc.constantFrom(...MOMENTS),
  cameFrom: fc.constantFrom([], [], [ALICE.replace("user:", "")]),
});

describe("decide, against a model of the contract's order", () => {
  it("lets the same rule decide", () => {
    fc.assert(
      fc.property(someRules, someCall, (rules, call) => {
        const expected = modelOf(rules, call);
        const { by, does, faults } = decideCall(rowsOf(rules), call);
        expect(faults).toEqual([]);
        if (expected === undefined) expect({ by, does }).toEqual({ by: "nothing", does: "reject none" });
        else expect({ by, does }).toEqual({ by: Object.values(placeOf(expected)).join("/"), does: expected.does });
      }),
      { numRuns: 2000 },
    );
  });

  it("looks at every rule of the places before the one that decides, once, and at none after its place", () => {
    fc.assert(
      fc.property(someRules, someCall, (rules, call) => {
        const decider = modelOf(rules, call);
        const { decision } = decideCall(rowsOf(rules), call);
        const seen = decision.trace.steps.map(({ partition, rule }) => `${partition}/${rule}`);
        const expected = rules.filter(
          ({ place, priority }) =>
            decider === undefined || place < decider.place || (place === decider.place && priority <= decider.priority),
        );
        expect(seen.toSorted()).toEqual(expected.map((rule) => Object.values(placeOf(rule)).join("/")).toSorted());
        expect(decision.trace.steps.filter(({ why }) => why === undefined)).toHaveLength(decider === undefined ? 0 : 1);
      }),
      { numRuns: 1000 },
    );
  });

  it("rings and falls back to those who neither are the line nor had the call, in their order", () => {
    const everyone = [ALICE, BOB, CAROL, MOBILE, `resource:${LINE}`];
    const some = fc.shuffledSubarray(everyone, { minLength: 1 });
    const ring = fc.constantFrom("all", "random", "round-robin");
    fc.assert(
      fc.property(some, some, some, some, fc.subarray(everyone), ring, (day, rule, line, app, had, mode) => {
        const mayRing = (targets: string[]) =>
          targets.filter((target) => target !== `resource:${LINE}` && !had.includes(target)).join(", ");
        const { does, fallbacks } = decideCall(
          {
            lines: { [LINE]: { fallback: line.join() } },
            routes: { default: { day: { targets: day.join(), fallback: rule.join(), ring: mode } } },
          },
          { cameFrom: had.map((target) => target.replace(/^\w+:/, "")), fallbackTarget: app.join() },
        );
        const first = [day, line, app].findIndex((targets) => mayRing(targets) !== "");
        expect(does).toBe(first < 0 ? "reject none" : `redirect ${mayRing([day, line, app][first] ?? [])}`);
        const refused: [string, string[], boolean][] = [
          ["rule", rule, first === 0],
          ["line", line, first === 0],
          ["app", app, first === 0 || first === 1],
        ];
        expect(fallbacks).toEqual(
          refused.flatMap(([of, targets, tried]) =>
            tried && mayRing(targets) !== "" ? [`${of} ${mayRing(targets)}`] : [],
          ),
        );
      }),
      { numRuns: 500 },
    );
  });
});
