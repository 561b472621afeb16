import type { Region } from "../../routing/phone-number.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { textOfKey } from "../../store/tables.ts";
import { UsageError } from "../exit.ts";
import { Names } from "../names.ts";
import type { WholeRows } from "../read-rows.ts";
import { coverage, isOfScope, linesOf, OVERRIDES, readScope, removalOf, type Scope } from "./override-scope.ts";
import { actionOf, nameOfScope } from "./override-text.ts";
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
  { rows, region, now, words }: Omit<PlanningContext, "chooseZone">,
): OverrideOffPlan {
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const overrides = rows.Routes.filter(({ partitionKey }) => partitionKey === OVERRIDES);
  const removed =
    typed === undefined ? overrides : overridesOfScope(typed, overrides, rows, book, region, words.names.scope);

  const before = book.rules.get(OVERRIDES) ?? [];
  const left = before.filter(({ name }) => !removed.some(({ rowKey }) => rowKey === name));
  const lines = linesOf(book);
  const was = coverage(lines, before, book, now.getTime(), region);
  const then = coverage(lines, left, book, now.getTime(), region);
  const followedBy = then.flatMap(({ line, by }, index) => {
    if (was[index]?.by === by) return [];
    const rest =
      by === undefined
        ? "rings by its rules again"
        : `${actionOf(by, names)}, by the override of ${nameOfScope(by.name, names)}`;
    return [`${names.line(line.id)} ${rest}.`];
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
  { Lines }: WholeRows,
  book: Book,
  region: Region | undefined,
  wish: string,
): readonly Row[] {
  const isNamed = ({ rowKey }: Row) => textOfKey(rowKey).trim().toLowerCase() === typed.trim().toLowerCase();
  let scope: Scope;
  try {
    scope = readScope(typed, Lines, book, region, wish);
  } catch (error) {
    const named = overrides.filter(isNamed);
    if (!(error instanceof UsageError) || named.length === 0) throw error;
    return named;
  }
  return overrides.filter((row) => isNamed(row) || isOfScope(row, scope, region));
}
