import { type CallerTerm, formatTerm, rankOf } from "../routing/caller-match.ts";
import type { Rule } from "../routing/rule.ts";
import { areApart, contributing, widerTerms } from "./caller-cover.ts";
import type { Steps } from "./steps.ts";
import type { Times } from "./times.ts";

/** Entries looked at for one, at most: so the time grows with the number of rules and not with its square. */
const MOST_RIVALS = 200;

interface Entry {
  readonly term: CallerTerm;
  readonly rule: Rule;
}

/**
 * Rules of which only the name settles that an earlier one decides instead: at one priority, as specific about callers whom
 * both may take, at times that both have, and with something else to do. An earlier rule whose callers and times all lie
 * within the later one's is taken for a deliberate exception to it.
 *
 * @param rules of one partition that may decide, in the order of `compareRules`
 * @returns each such rule with the first that goes before it
 */
export function* findTies(rules: readonly Rule[], times: Times): Steps<Map<Rule, Rule>> {
  const ties = new Map<Rule, Rule>();
  for (const group of Map.groupBy(rules, ({ priority }) => priority).values()) {
    const lanes = new Map<string, Entry[]>();
    for (const rule of group) {
      yield;
      for (const term of contributing(rule.caller)) {
        const lane = lanes.get(laneOf(term)) ?? [];
        lanes.set(laneOf(term), lane);
        const rival = ties.has(rule) ? undefined : rivalIn(lane, { term, rule }, times);
        if (rival !== undefined) ties.set(rule, rival);
        if (lane.length < MOST_RIVALS) lane.push({ term, rule });
      }
    }
  }
  return ties;
}

/** Entries of different lanes differ in rank, or take nobody together. */
function laneOf(term: CallerTerm): string {
  return term.kind === "party" || term.kind === "prefix" ? formatTerm(term) : String(rankOf(term));
}

function rivalIn(lane: readonly Entry[], entry: Entry, times: Times): Rule | undefined {
  return lane.find((earlier) => earlier.rule !== entry.rule && isTie(earlier, entry, times))?.rule;
}

function isTie(earlier: Entry, later: Entry, times: Times): boolean {
  const [one, other] = [earlier.rule, later.rule];
  return (
    mayTakeTheSame(earlier.term, later.term) &&
    !isExcluded(earlier.term, other) &&
    !isExcluded(later.term, one) &&
    JSON.stringify(one.action) !== JSON.stringify(other.action) &&
    times.meet(one, other) &&
    !(widerTerms(earlier.term).has(formatTerm(later.term)) && times.isWithin(one, other))
  );
}

/** Whether callers are easily thought of whom both take. */
function mayTakeTheSame(one: CallerTerm, other: CallerTerm): boolean {
  if (one.kind === "list" && other.kind === "list") return true;
  return !areApart(one, other) && (widerTerms(one).has(formatTerm(other)) || widerTerms(other).has(formatTerm(one)));
}

function isExcluded(term: CallerTerm, { caller }: Rule): boolean {
  return caller.exclude.some((excluded) => widerTerms(term).has(formatTerm(excluded)));
}
