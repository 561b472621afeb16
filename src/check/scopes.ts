import { ANYONE } from "../routing/caller-match.ts";
import { normaliseGuid } from "../routing/party.ts";
import type { Rule, Target } from "../routing/rule.ts";
import { textOfKey } from "../store/tables.ts";
import { covers } from "./caller-cover.ts";
import type { Directory } from "./directory.ts";
import { atRule, type Finding } from "./finding.ts";
import { isLine, targetsThatMayRing } from "./never-applies.ts";

/**
 * Overrides whose scope is nobody's, or that of another which goes first.
 *
 * @param overrides those that may apply, in the order of `compareRules`
 */
export function findScopes(overrides: readonly Rule[], directory: Directory): readonly Finding[] {
  return [...unknownScopes(overrides, directory), ...repeatedScopes(overrides, directory)];
}

/** Overrides for a line, number, name or site that there is not. */
function unknownScopes(overrides: readonly Rule[], directory: Directory): readonly Finding[] {
  return overrides
    .filter((rule) => directory.linesInScope(scopeOf(rule))?.length === 0)
    .map((rule): Finding => {
      // A line needs no row: the override works, if there is such a line.
      const isId = normaliseGuid(rule.name) !== undefined;
      return {
        severity: isId ? "warning" : "error",
        kind: "unknown-scope",
        ...atRule(rule),
        column: "RowKey",
        found: scopeOf(rule),
        says: isId ? "No row knows a line with this id." : "No line has this id, number, name or site.",
        remedy: "Write a line's id, number or name, site: and a line's site, or all.",
      };
    });
}

/** Overrides for the very lines of another that takes every call first: one line's id and its name, say. */
function repeatedScopes(overrides: readonly Rule[], directory: Directory): readonly Finding[] {
  const byScope = Map.groupBy(overrides, (rule) => breadthOf(rule, directory));
  return [...byScope].flatMap(([breadth, rules]): readonly Finding[] => {
    const first = rules.find((rule) => takesAll(rule, directory));
    if (breadth === undefined || first === undefined) return [];
    const later = rules.slice(rules.indexOf(first) + 1);
    return later.filter((rule) => goesBefore(first, rule)).map((rule) => findingOf(rule, first));
  });
}

function findingOf(rule: Rule, first: Rule): Finding {
  const { untilMs } = first;
  const until = untilMs === undefined ? "never applies" : `waits until ${new Date(untilMs).toISOString()}`;
  return {
    severity: "warning",
    kind: "same-scope",
    ...atRule(rule),
    column: "RowKey",
    found: scopeOf(rule),
    says: `The override "${textOfKey(first.name)}" is for the same lines and goes first: this one ${until}.`,
    remedy: "Remove the one that is not meant.",
  };
}

/** Whose calls an override takes, in one spelling; undefined when nobody's. */
function breadthOf(rule: Rule, directory: Directory): string | undefined {
  const lines = directory.linesInScope(scopeOf(rule));
  if (lines === undefined) return "all";
  // A site's override comes after a line's, also where the line is the only one there.
  const kind = /^site\s*:/i.test(scopeOf(rule).trim()) ? "site" : "line";
  const ids = new Set(lines.map(({ id }) => id));
  return ids.size === 0 ? undefined : [kind, ...[...ids].sort()].join(" ");
}

/** Whether an override takes every call of its lines from now until it lapses. */
function takesAll(rule: Rule, directory: Directory): boolean {
  const { fromMs, schedule, caller, action } = rule;
  const lines = directory.linesInScope(scopeOf(rule));
  const isOurs = (target: Target) =>
    lines === undefined ? directory.lineAt(target) !== undefined : lines.some((line) => isLine(target, line));
  return (
    (fromMs ?? 0) <= directory.context.atMs &&
    schedule === undefined &&
    covers(caller, ANYONE) &&
    (action.kind === "reject" || targetsThatMayRing(rule).some((target) => !isOurs(target)))
  );
}

/** At one priority an override for fewer callers is asked first, whatever its name. */
function goesBefore(first: Rule, { priority, caller }: Rule): boolean {
  return first.priority < priority || covers(caller, ANYONE);
}

function scopeOf({ name, scope = name }: Rule): string {
  return scope;
}
