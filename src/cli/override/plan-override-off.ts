import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { textOfKey } from "../../store/tables.ts";
import { UsageError } from "../exit.ts";
import { Names } from "../names.ts";
import { coverage, isOfScope, linesOf, OVERRIDES, readScope, removalOf, type Scope } from "./override-scope.ts";
import { actionOf, MOST_NAMED, someOf } from "./override-text.ts";
import type { PlanningContext } from "./plan-override.ts";

/** What switching overrides off would do. */
export interface OverrideOffPlan {
  /** Lapsed ones too. */
  readonly removed: readonly Row[];
  readonly edits: readonly RowEdit[];
  /** Who takes each line's calls then, of the lines for which that changes. */
  readonly followedBy: readonly string[];
}

/**
 * What switching off the overrides of a scope would do. Writes nothing and prints nothing.
 *
 * @param typed the scope as a person types it; undefined for every override that there is
 * @throws UsageError when neither a row nor a line or site is called so
 */
export function planOverrideOff(
  typed: string | undefined,
  context: Omit<PlanningContext, "chooseZone">,
): OverrideOffPlan {
  const { rows, region, now } = context;
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const overrides = rows.Routes.filter(({ partitionKey }) => partitionKey === OVERRIDES);
  const removed = typed === undefined ? overrides : overridesOfScope(typed, overrides, book, context);
  const before = book.rules.get(OVERRIDES) ?? [];
  const left = before.filter(({ name }) => !removed.some(({ rowKey }) => rowKey === name));
  const lines = linesOf(book);
  const was = coverage(lines, before, book, now.getTime(), region);
  const then = coverage(lines, left, book, now.getTime(), region);
  const changed = then.filter(({ by }, index) => was[index]?.by !== by);
  const followedBy = [...Map.groupBy(changed, ({ by }) => by)].flatMap(([by, some]) => {
    const rest =
      by === undefined
        ? "rings by its rules again"
        : `${actionOf(by, names)}, by the override of ${names.scope(by.name)}`;
    const lines = some.map(({ line }) => names.line(line.id));
    return lines.length > MOST_NAMED ? [`${someOf(lines)}: each ${rest}.`] : lines.map((line) => `${line} ${rest}.`);
  });
  return { removed, edits: removed.map(removalOf), followedBy };
}

/**
 * Every row of a scope, however each is spelled. A row may also be named by its own key alone: its line or site may be
 * gone.
 *
 * @throws UsageError when neither a row nor a line or site is called so
 */
function overridesOfScope(
  typed: string,
  overrides: readonly Row[],
  book: Book,
  { rows, region, words }: Omit<PlanningContext, "chooseZone">,
): readonly Row[] {
  const isNamed = ({ rowKey }: Row) => textOfKey(rowKey).trim().toLowerCase() === typed.trim().toLowerCase();
  let scope: Scope;
  try {
    scope = readScope(typed, rows.Lines, book, region, words.names.scope);
  } catch (error) {
    const named = overrides.filter(isNamed);
    if (!(error instanceof UsageError) || named.length === 0) throw error;
    return named;
  }
  return overrides.filter((row) => isNamed(row) || isOfScope(row, scope, region));
}
