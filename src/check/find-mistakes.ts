import type { Rule } from "../routing/rule.ts";
import type { Book } from "../store/book.ts";
import { TABLES } from "../store/cells.ts";
import { findBotPhones } from "./bot-phones.ts";
import { Directory } from "./directory.ts";
import { atLine, atRule, type CheckContext, type Finding, SEVERITIES } from "./finding.ts";
import { Hops } from "./hops.ts";
import { findIdleCells } from "./idle-cells.ts";
import { findUnreadKeys } from "./keys.ts";
import { findLoops } from "./loops.ts";
import { whyNeverApplies } from "./never-applies.ts";
import { findOddNumbers } from "./numbers.ts";
import { findReferences } from "./references.ts";
import { findingOfFault } from "./row-faults.ts";
import { findScopes } from "./scopes.ts";
import { findShadowed } from "./shadowed.ts";
import { finish, type Steps } from "./steps.ts";

/**
 * Every mistake in the rows that can be seen without a call, the gravest first, then by table and key.
 *
 * What never applies or is shadowed is proved: no call to come is decided by such a rule, but for those that the finding
 * itself excepts. Where nothing can be proved, nothing is said. Takes seconds for tens of thousands of rules: see the
 * bounds in shadows.ts, ties.ts, hops.ts and loops.ts.
 */
export function findMistakes(book: Book, context: CheckContext): readonly Finding[] {
  return finish(checkInSteps(book, context));
}

/** The same as `findMistakes`, for who has something else to do meanwhile. */
export function* checkInSteps(book: Book, context: CheckContext): Steps<readonly Finding[]> {
  const directory = new Directory(book, context);
  const never = new Map<Rule, Finding>();
  const alive = new Map<string, readonly Rule[]>();
  for (const [partition, rules] of book.rules) {
    for (const rule of rules) {
      const why = whyNeverApplies(rule, directory);
      if (why !== undefined) never.set(rule, why);
      yield;
    }
    alive.set(
      partition,
      rules.filter((rule) => !never.has(rule)),
    );
  }
  const faults = book.faults.map(findingOfFault);
  const shadowed = yield* findShadowed(alive, directory);
  const live = new Map([...alive].map(([key, rules]) => [key, rules.filter((rule) => !shadowed.rules.has(rule))]));
  const hops = new Hops(live, directory);
  const allAlive = [...alive.values()].flat();
  const found = [
    ...faults,
    ...(yield* findUnreadKeys(directory)),
    ...never.values(),
    ...withoutRepeated(shadowed.findings, faults),
    ...(yield* findReferences(allAlive, directory)),
    ...(yield* findOddNumbers(allAlive, directory)),
    ...findScopes(alive.get("override") ?? [], directory),
    ...findIdleCells(directory),
    ...(yield* findLoops(directory.lines, hops)),
    ...findBotPhones(live, directory),
    ...findUnanswered(directory, hops),
  ];
  yield;
  return found.sort(compareFindings);
}

/** Rows of the very same conditions are told of as such. */
function withoutRepeated(findings: readonly Finding[], faults: readonly Finding[]): readonly Finding[] {
  const rowOf = ({ table, partitionKey, rowKey }: Finding) => JSON.stringify([table, partitionKey, rowKey]);
  const repeated = new Set(faults.filter(({ kind }) => kind === "same-conditions").map(rowOf));
  return findings.filter((finding) => !repeated.has(rowOf(finding)));
}

function findUnanswered(directory: Directory, hops: Hops): readonly Finding[] {
  if (directory.context.hasAppFallback) return [];
  return directory.lines
    .filter((line) => !hops.isAnswered(line))
    .map(({ id }): Finding => {
      const [rule] = directory.rulesOf(id);
      return {
        severity: "error",
        kind: "no-answer",
        ...(directory.rows.has(id) || rule === undefined ? atLine(id) : atRule(rule)),
        says: "Nobody answers this line: it has no rule that can apply, its group and default neither, and no fallback.",
        remedy: "Write a rule for it or in default, give the line a fallback, or set FALLBACK_TARGET.",
      };
    });
}

function compareFindings(one: Finding, other: Finding): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    TABLES.indexOf(one.table) - TABLES.indexOf(other.table) ||
    byText(one.partitionKey, other.partitionKey) ||
    byText(one.rowKey, other.rowKey) ||
    byText(one.column ?? "", other.column ?? "")
  );
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
