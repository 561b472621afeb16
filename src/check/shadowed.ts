import { formatTerm } from "../routing/caller-match.ts";
import type { Rule } from "../routing/rule.ts";
import type { Directory } from "./directory.ts";
import { atRule, type Finding, nameOfRule } from "./finding.ts";
import { findShadows, Rivals, type Shadow } from "./shadows.ts";
import type { Steps } from "./steps.ts";
import { findTies } from "./ties.ts";
import { Times } from "./times.ts";

/** The partition whose rules are asked before all others. */
const FIRST = "all";
/** Overrides are told apart by scope, and are there for a while only: they count as nobody's shadow. */
const OVERRIDES = "override";

/**
 * Rules that others go before: always, so that they never decide, or by nothing but their names.
 *
 * @param alive by partition: the rules that may apply
 */
export function* findShadowed(
  alive: ReadonlyMap<string, readonly Rule[]>,
  directory: Directory,
): Steps<{ readonly rules: ReadonlySet<Rule>; readonly findings: readonly Finding[] }> {
  const rules = new Set<Rule>();
  const findings: Finding[] = [];
  const first = new Rivals(alive.get(FIRST) ?? [], directory);
  const times = new Times(directory);
  for (const [partition, own] of alive) {
    if (partition === OVERRIDES) continue;
    const shadows = yield* findShadows(own, partition === FIRST ? undefined : first, directory);
    for (const [rule, shadow] of shadows) {
      rules.add(rule);
      findings.push(findingOfShadow(rule, shadow));
    }
    const ties = yield* findTies(
      own.filter((rule) => !shadows.has(rule)),
      times,
    );
    for (const [rule, rival] of ties) findings.push(findingOfTie(rule, rival));
  }
  return { rules, findings };
}

function findingOfShadow(rule: Rule, { by, exceptFromTargets }: Shadow): Finding {
  const names = by.map((each) => `"${each.partition === rule.partition ? each.name : nameOfRule(each)}"`).join(" and ");
  const [{ schedule }] = by;
  const take = by.length === 1 ? "takes" : "take";
  const together = by.length === 1 ? "" : `, while ${schedule?.schedule} is open and while it is closed`;
  const except = exceptFromTargets ? ", except calls that come from, or are for, whoever would ring there" : "";
  return {
    severity: severityOf(rule, by.length === 2, exceptFromTargets),
    kind: "shadowed",
    ...atRule(rule),
    column: "priority",
    found: String(rule.priority),
    says: `${names} ${take} all of its calls before it${together}${except}.`,
    remedy: remedyOf(rule, by),
  };
}

/** A rule for everybody behind two that share the day is a net: it counts once their schedule is gone. */
function severityOf({ caller, schedule }: Rule, isPair: boolean, exceptFromTargets: boolean): Finding["severity"] {
  const takesAnyone = schedule === undefined && caller.include.some((term) => formatTerm(term) === "*");
  if (isPair && takesAnyone) return "note";
  return exceptFromTargets ? "warning" : "error";
}

function remedyOf({ partition }: Rule, by: Shadow["by"]): string {
  const [shadow] = by;
  if (shadow.partition !== partition) return `Let "${nameOfRule(shadow)}" take fewer callers, or remove this row.`;
  const least = Math.min(...by.map(({ priority }) => priority));
  return `Give it a priority below ${least} (lower comes first), or remove the row.`;
}

function findingOfTie(rule: Rule, rival: Rule): Finding {
  return {
    severity: "warning",
    kind: "tie",
    ...atRule(rule),
    column: "priority",
    found: String(rule.priority),
    says: `"${rival.name}" has the same priority and may take the same calls: it goes first for no reason but its name.`,
    remedy: "Give the one that should go first a lower priority.",
  };
}
