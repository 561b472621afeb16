import { formatTerm } from "../../routing/caller-match.ts";
import { formatMoment } from "../../routing/format-moment.ts";
import type { Line, Rule } from "../../routing/rule.ts";
import type { Book } from "../../store/book.ts";
import { textOfKey } from "../../store/tables.ts";
import type { Names } from "../names.ts";
import { ruleNow } from "../on-now.ts";
import { type Covered, isWithin, keyOfScope, ringsOnly, type Scope } from "./override-scope.ts";
import type { WishWords } from "./override-wishes.ts";

/** What a rule does, in short: `rings test user`, `rejects busy`. */
export function actionOf({ action }: Rule, names: Names): string {
  return action.kind === "reject" ? `rejects ${action.reason}` : `rings ${names.targets(action.targets)}`;
}

/** Lines that are named one by one. */
export const MOST_NAMED = 10;

/** `Sales, Support`, or the first of many: `Sales, Support, … and 9,990 more`. */
export function someOf(lines: readonly string[]): string {
  const more = lines.length - MOST_NAMED;
  return more > 0 ? `${lines.slice(0, MOST_NAMED).join(", ")} and ${more.toLocaleString("en")} more` : lines.join(", ");
}

/** Whose calls the override takes from now on, and who keeps a narrower one. */
export function affectedText(covered: readonly Covered[], scope: Scope, rule: Rule, names: Names): string[] {
  const affected = covered.filter(({ by }) => by === rule).map(({ line }) => names.line(line.id));
  const narrower = Map.groupBy(
    covered.filter(({ line, by }) => by !== undefined && by !== rule && isWithin(line, scope)),
    ({ by }) => by,
  );
  const kept = [...narrower].flatMap(([by, some]) => {
    if (by === undefined) return [];
    const keep = some.length === 1 ? "keeps its" : "keep their";
    const lines = someOf(some.map(({ line }) => names.line(line.id)));
    return [`${lines} ${keep} narrower override (${names.scope(by.name)}: ${actionOf(by, names)}).`];
  });
  const others = scope.kind === "all" ? ", and whatever else is called" : "";
  return [
    `Affected: ${affected.length === 0 ? "no line that is known" : someOf(affected)}${others}.`,
    ...kept.slice(0, MOST_NAMED),
    ...(kept.length > MOST_NAMED ? [`${kept.length - MOST_NAMED} more narrower overrides stay.`] : []),
  ];
}

export interface Limits {
  readonly rule: Rule;
  readonly scope: Scope;
  /** Every line that is known. */
  readonly lines: readonly Line[];
  readonly book: Book;
  readonly names: Names;
  readonly timeZone: string;
  readonly atMs: number;
  readonly words: WishWords;
}

/** What an override does not do, and how long it stands. */
export function limitsText({ rule, scope, lines, book, names, timeZone, atMs, words }: Limits): string[] {
  const { untilMs } = rule;
  const stands =
    untilMs === undefined
      ? words.standsUntilOff(textOfKey(keyOfScope(scope)))
      : `It lapses by itself at ${formatMoment(untilMs, timeZone)} (${timeZone}).`;
  const earlier = (book.rules.get("all") ?? []).filter((each) => ruleNow(each, book, atMs, timeZone).on);
  const told = earlier.map((each) => {
    const callers = each.caller.include.map(formatTerm).join(", ");
    return `${each.name} (${callers}: ${actionOf(each, names)})`;
  });
  const own = lines.filter((line) => isWithin(line, scope) && ringsOnly(rule, line));
  return [
    stands,
    ...(told.length === 0 ? [] : [`Rules of all still come first: ${told.join("; ")}.`]),
    ...own.map((line) => `Calls to ${names.line(line.id)} ring by its rules: a line cannot ring itself.`),
    ...(scope.kind === "line" && !book.lines.has(keyOfScope(scope))
      ? [`${scope.line.id} has no row in Lines; is it the id that is meant?`]
      : []),
  ];
}
