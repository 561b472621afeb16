import type { Region } from "../../routing/phone-number.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { cellsOf } from "../../store/layouts.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { Names } from "../names.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import { write } from "../rows/row-commands.ts";
import { showRow } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { coverage, isOfScope, linesOf, OVERRIDES, readScope, removalOf, type Scope } from "./override-scope.ts";
import { actionOf, nameOfScope } from "./override-text.ts";

export interface OverrideOffFlags extends CommonFlags {
  readonly scope?: string;
  readonly all?: true;
}

/** `ringroute override off`: removes overrides, lapsed ones too, and says who takes the calls from now on. */
export async function overrideOff(session: Session, flags: OverrideOffFlags): Promise<ExitCode> {
  const { out, startedAt } = session;
  const { region } = session.settings;
  const { scope: typed } = flags;
  if ((typed === undefined) === (flags.all === undefined)) throw new UsageError("Say which: --scope SCOPE, or --all.");
  const rows = await readWholeRows(session);
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const overrides = rows.Routes.filter(({ partitionKey }) => partitionKey === OVERRIDES);
  const removed = typed === undefined ? overrides : overridesOfScope(typed, overrides, rows, book, region);
  if (!flags.json) out.print(...removed.flatMap((row) => showRow(out, "Routes", row)));
  for (const row of removed) if (!(await write(session, removalOf(row)))) return EXIT.mistakes;
  if (flags.json)
    out.printJson({ removed: removed.map((row) => ({ scope: textOfKey(row.rowKey), ...cellsOf("Routes", row) })) });
  if (removed.length === 0)
    out.tell(`No override is on${typed === undefined ? "" : ` for ${typed}`}; nothing was done.`);

  const before = book.rules.get(OVERRIDES) ?? [];
  const left = before.filter(({ name }) => !removed.some(({ rowKey }) => rowKey === name));
  const then = coverage(linesOf(book), before, book, startedAt.getTime(), region);
  const now = coverage(linesOf(book), left, book, startedAt.getTime(), region);
  for (const [index, { line, by }] of now.entries()) {
    if (then[index]?.by === by) continue;
    const rest =
      by === undefined
        ? "rings by its rules again"
        : `${actionOf(by, names)}, by the override of ${nameOfScope(by.name, names)}`;
    out.tell(`${names.line(line.id)} ${rest}.`);
  }
  return EXIT.good;
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
): readonly Row[] {
  const isNamed = ({ rowKey }: Row) => textOfKey(rowKey).trim().toLowerCase() === typed.trim().toLowerCase();
  let scope: Scope;
  try {
    scope = readScope(typed, Lines, book, region);
  } catch (error) {
    const named = overrides.filter(isNamed);
    if (!(error instanceof UsageError) || named.length === 0) throw error;
    return named;
  }
  return overrides.filter((row) => isNamed(row) || isOfScope(row, scope, region));
}
