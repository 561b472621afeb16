import { findMistakes } from "../../check/find-mistakes.ts";
import { type CheckContext, type Finding, type FindingKind, newFindings } from "../../check/finding.ts";
import type { Region } from "../../routing/phone-number.ts";
import { type ListSummary, readBook } from "../../store/book.ts";
import type { Row, RowFault, RowTable } from "../../store/cells.ts";
import { type Cells, cellsOf, rowOf } from "../../store/layouts.ts";
import { readMembership } from "../../store/list-rows.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { readLine, readRule } from "../../store/rule-rows.ts";
import { readSchedule } from "../../store/schedule-rows.ts";
import type { WholeRows } from "../read-rows.ts";

/** What a review takes beside the rows. */
export interface ReviewContext extends CheckContext {
  /** What CallerLists holds; without it nobody can say whether a list is known. */
  readonly lists?: ListSummary;
}

/** What a change of one row would do. */
export interface Review {
  readonly edit: RowEdit;
  /** The known cells as they are; absent when the row is new. */
  readonly before?: Cells;
  /** The known cells as they would be; absent when the row goes. */
  readonly after?: Cells;
  /** What is wrong with the row alone. Any of them refuses the change. */
  readonly faults: readonly RowFault[];
  /** Mistakes of all rows together that are there only after the change. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a row as it would be after a change, alone and among the others, as calls and the check would read it.
 *
 * @param rows all rows before the change. A row of CallerLists is read alone: no other row depends on it
 */
export function reviewEdit(edit: RowEdit, rows: WholeRows, context: ReviewContext): Review {
  const after = edit.kind === "remove" ? undefined : edit.cells;
  const faults = after === undefined ? [] : faultsAlone(edit.table, rowOf(edit.keys, after), context.region);
  // Without the row, whoever needs it would seem at fault.
  const isLeftOut = faults.some(({ skipsRow }) => skipsRow);
  const around = edit.table === "CallerLists" || isLeftOut ? [] : findingsAfter([edit], rows, context);
  const isTold = ({ kind, rowKey, column }: Finding) =>
    kind === "bad-cell" && rowKey === edit.keys.rowKey && faults.some((fault) => fault.column === column);
  return {
    edit,
    ...(edit.kind === "insert" ? {} : { before: cellsOf(edit.table, edit.before) }),
    ...(after === undefined ? {} : { after }),
    faults,
    findings: around.filter((finding) => !isTold(finding)).map((finding) => ofEditedLine(finding, edit, rows)),
  };
}

/** Of two lines with one number or name the check names the later by its id. Here the one that is changed is at fault. */
function ofEditedLine(finding: Finding, { keys }: RowEdit, { Lines }: WholeRows): Finding {
  const { kind, rowKey, column, found } = finding;
  const other = Lines.find((row) => row.rowKey === rowKey);
  const isDuplicate = kind === "duplicate-number" || kind === "duplicate-name";
  if (!isDuplicate || rowKey === keys.rowKey || other === undefined) return finding;
  const { name } = cellsOf("Lines", other);
  const brackets = name === undefined || column === "name" ? "" : ` (${name})`;
  const says = `${found} is already the ${column} of ${other.partitionKey}/${rowKey}${brackets}.`;
  return { ...finding, rowKey: keys.rowKey, says };
}

/** Refused whatever the severity: the decision would be chance's or nobody's. */
const REFUSED: readonly FindingKind[] = ["duplicate-number", "same-conditions", "tie"];
/** Whoever is left behind needed the row that would go. */
const LEFT_BEHIND: readonly FindingKind[] = ["unknown-schedule", "unknown-group", "unknown-scope"];

/** Whether a finding refuses the change that brings it; the others are only told. */
export function refuses({ severity, kind }: Finding, edit: RowEdit["kind"]): boolean {
  return severity === "error" || REFUSED.includes(kind) || (edit === "remove" && LEFT_BEHIND.includes(kind));
}

/** What is wrong with a row by itself, whatever stands beside it. */
export function faultsAlone(table: RowTable, row: Row, region: Region | undefined): readonly RowFault[] {
  switch (table) {
    case "Lines":
      return readLine(row, region).faults;
    case "Routes":
      return readRule(row, region).faults;
    case "Schedules":
      return readSchedule(row.partitionKey, [row]).faults;
    case "CallerLists":
      return readMembership(row).faults;
  }
}

/** Mistakes of all rows together that are there only after changes of rows, none of them in CallerLists. */
export function findingsAfter(edits: readonly RowEdit[], rows: WholeRows, context: ReviewContext): readonly Finding[] {
  const find = (all: WholeRows) => findMistakes(readBook(all, context.lists, context.region), context);
  return newFindings(find(rows), find(rowsAfter(edits, rows)));
}

function rowsAfter(edits: readonly RowEdit[], rows: WholeRows): WholeRows {
  const after: Record<keyof WholeRows, readonly Row[]> = { ...rows };
  for (const edit of edits) {
    const { table, keys } = edit;
    if (table === "CallerLists") throw new TypeError("CallerLists is not read whole");
    const others = after[table].filter((row) => row.partitionKey !== keys.partitionKey || row.rowKey !== keys.rowKey);
    after[table] = edit.kind === "remove" ? others : [...others, rowOf(keys, edit.cells)].sort(byKeys);
  }
  return after;
}

/** The order in which the table service gives rows. */
function byKeys(one: Row, other: Row): number {
  return compare(one.partitionKey, other.partitionKey) || compare(one.rowKey, other.rowKey);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
