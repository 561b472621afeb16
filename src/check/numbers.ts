import { isInPlan } from "../routing/phone-number.ts";
import type { Rule, Target } from "../routing/rule.ts";
import type { Directory } from "./directory.ts";
import { atLine, atRule, type Finding } from "./finding.ts";
import type { Steps } from "./steps.ts";

type Cell = Pick<Finding, "table" | "partitionKey" | "rowKey" | "column">;

/** Numbers that no numbering plan has: of lines, of targets and of callers whom a rule names. */
export function* findOddNumbers(rules: readonly Rule[], directory: Directory): Steps<readonly Finding[]> {
  const known = new Map<string, boolean>();
  const isOdd = (number: string) => {
    const isKnown = known.get(number) ?? isInPlan(number);
    known.set(number, isKnown);
    return !isKnown;
  };
  const found = (place: Cell, numbers: readonly string[]) =>
    [...new Set(numbers)].filter(isOdd).map((number) => findingOf(place, number));
  const findings: Finding[] = [];
  for (const { id, number, fallback } of directory.rows.values()) {
    findings.push(...found({ ...atLine(id), column: "number" }, number === undefined ? [] : [number]));
    findings.push(...found({ ...atLine(id), column: "fallback" }, phonesOf(fallback)));
    yield;
  }
  for (const rule of rules) {
    findings.push(...oddNumbersOf(rule, found));
    yield;
  }
  return findings;
}

function oddNumbersOf(rule: Rule, found: (place: Cell, numbers: readonly string[]) => readonly Finding[]) {
  const { caller, action } = rule;
  const callers = [...caller.include, ...caller.exclude].flatMap((term) =>
    term.kind === "party" && term.id.startsWith("+") ? [term.id] : [],
  );
  const place = atRule(rule);
  return [
    ...found({ ...place, column: "caller" }, callers),
    ...(action.kind === "reject"
      ? []
      : [
          ...found({ ...place, column: "targets" }, phonesOf(action.targets)),
          ...found({ ...place, column: "fallback" }, phonesOf(action.fallback)),
        ]),
  ];
}

function phonesOf(targets: readonly Target[]): readonly string[] {
  return targets.flatMap(({ kind, id }) => (kind === "phone" ? [id] : []));
}

function findingOf(place: Cell, number: string): Finding {
  return { severity: "warning", kind: "odd-number", ...place, found: number, ...sayOddNumber(number) };
}

/** What is odd about a number that no numbering plan has, and what to do. */
export function sayOddNumber(number: string): Pick<Finding, "says" | "remedy"> {
  return {
    says: `${number} is no number of its country's numbering plan.`,
    remedy: "Write + and the right country code, unless this very number is meant.",
  };
}
