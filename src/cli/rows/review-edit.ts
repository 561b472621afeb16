import { checkInSteps } from "../../check/find-mistakes.ts";
import { type CheckContext, type Finding, type FindingKind, newFindings } from "../../check/finding.ts";
import { bookToCheck } from "../../check/read-book.ts";
import { finish, type Steps } from "../../check/steps.ts";
import type { Region } from "../../routing/phone-number.ts";
import type { ListSummary } from "../../store/book.ts";
import type { Row, RowFault, RowTable } from "../../store/cells.ts";
import { type Cells, cellsOf, type RowKeys, rowOf } from "../../store/layouts.ts";
import { readMembership } from "../../store/list-rows.ts";
import { compareKeys, type RowEdit } from "../../store/row-edits.ts";
import { readLine, readRule } from "../../store/rule-rows.ts";
import { readSchedule } from "../../store/schedule-rows.ts";
import type { WholeRows } from "../read-rows.ts";

/** What a review takes beside the rows. */
export interface ReviewContext extends CheckContext {
  /** What CallerLists holds; without it nobody can say whether a list is known. */
  readonly lists?: ListSummary;
  /** What a check of the same rows finds, of the same context, where that is known; otherwise they are checked once more. */
  readonly found?: readonly Finding[];
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
  return finish(reviewInSteps(edit, rows, context));
}

/** The same as `reviewEdit`, for who has something else to do meanwhile. */
export function* reviewInSteps(edit: RowEdit, rows: WholeRows, context: ReviewContext): Steps<Review> {
  const after = edit.kind === "remove" ? undefined : edit.cells;
  const faults = after === undefined ? [] : faultsAlone(edit.table, rowOf(edit.keys, after), context.region);
  // Without the row, whoever needs it would seem at fault.
  const isLeftOut = faults.some(({ skipsRow }) => skipsRow);
  const around = edit.table === "CallerLists" || isLeftOut ? [] : yield* findAfter([edit], rows, context);
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
  return isDuplicate(finding) ? movedTo(keys, finding, Lines) : finding;
}

/** Whether it tells of two lines with one number or name. */
export function isDuplicate({ kind }: Finding): boolean {
  return kind === "duplicate-number" || kind === "duplicate-name";
}

/** A duplicate told of another one of the lines that have it. @param lines rows of Lines, among them the one that is told of */
export function movedTo(keys: RowKeys, finding: Finding, lines: readonly Row[]): Finding {
  const { rowKey, column, found } = finding;
  const other = lines.find((row) => row.rowKey === rowKey);
  if (rowKey === keys.rowKey || other === undefined) return finding;
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
  return finish(findAfter(edits, rows, context));
}

function* findAfter(edits: readonly RowEdit[], rows: WholeRows, context: ReviewContext): Steps<readonly Finding[]> {
  const { lists, found } = context;
  return yield* findNew({ rows, lists, found }, { rows: rowsAfter(edits, rows), lists }, context);
}

/** All rows at a time, with what CallerLists holds and what a check finds in them, where that is known. */
export interface Standing {
  readonly rows: WholeRows;
  readonly lists: ListSummary | undefined;
  readonly found?: readonly Finding[] | undefined;
}

/** Mistakes of all rows together that are there only afterwards, for who has something else to do meanwhile. */
export function* findNew(before: Standing, after: Standing, context: CheckContext): Steps<readonly Finding[]> {
  const check = ({ rows, lists }: Standing) => checkInSteps(bookToCheck(rows, lists, context.region), context);
  const known = before.found ?? (yield* check(before));
  return newFindings(known, yield* check(after));
}

function rowsAfter(edits: readonly RowEdit[], rows: WholeRows): WholeRows {
  const after: Record<keyof WholeRows, readonly Row[]> = { ...rows };
  for (const edit of edits) {
    const { table, keys } = edit;
    if (table === "CallerLists") throw new TypeError("CallerLists is not read whole");
    const others = after[table].filter((row) => row.partitionKey !== keys.partitionKey || row.rowKey !== keys.rowKey);
    after[table] = edit.kind === "remove" ? others : [...others, rowOf(keys, edit.cells)].sort(compareKeys);
  }
  return after;
}
