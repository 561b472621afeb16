import { type Finding, placeOfFinding } from "../../check/finding.ts";
import { type Row, type RowFault, type RowTable, textOf } from "../../store/cells.ts";
import { type Cells, COLUMNS, cellsOf, foreignCellsOf, placeOf, type RowKeys } from "../../store/layouts.ts";
import { textOfKey } from "../../store/tables.ts";
import type { Output } from "../output.ts";
import { textTable } from "../text-table.ts";
import type { Review } from "./review-edit.ts";

/** `Routes default/night`, with the keys as people type them. */
export function rowName(table: RowTable, { partitionKey, rowKey }: RowKeys): string {
  return placeOf({ table, partitionKey: textOfKey(partitionKey), rowKey: textOfKey(rowKey) });
}

/** What a change does to a row, column by column. Columns that stay as they are are left out. */
export function showChange(
  out: Pick<Output, "paint" | "width">,
  { edit, before = {}, after = {} }: Pick<Review, "edit" | "before" | "after">,
): string[] {
  const changed = COLUMNS[edit.table].filter((column) => (before[column] ?? "") !== (after[column] ?? ""));
  const rows = changed.map((column) => [column, shown(before[column]), shown(after[column])]);
  const table = rows.length === 0 ? [] : textTable(["Column", "Before", "After"], rows, out.width);
  return [out.paint("bold", rowName(edit.table, edit.keys)), ...table];
}

function shown(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : text;
}

/** A row whole: every cell that it has, those of no use to us last, and when it was written. */
export function showRow(out: Pick<Output, "paint" | "width">, table: RowTable, row: Row): string[] {
  const rows = Object.entries(allCellsOf(table, row));
  if (typeof row.timestamp === "string") rows.push(["written", row.timestamp.replace(/\.\d+Z$/, "Z")]);
  return [out.paint("bold", rowName(table, row)), ...textTable(["Column", "Holds"], rows, out.width)];
}

/** A row for a program: its cells as text, what they say, and what is wrong with them. */
export function rowAsJson(table: RowTable, row: Row, parsed: unknown, faults: readonly RowFault[]) {
  const stored: Cells = { PartitionKey: row.partitionKey, RowKey: row.rowKey, ...allCellsOf(table, row) };
  return { stored, parsed: parsed ?? null, faults };
}

/** The known cells in the order of their columns, then those that are none of ours. */
function allCellsOf(table: RowTable, row: Row): Cells {
  const foreign = Object.entries(foreignCellsOf(table, row)).map(([name, cell]) => [name, textOf(cell)]);
  return { ...cellsOf(table, row), ...Object.fromEntries(foreign) };
}

/** What is wrong with a row, for a column beside it. */
export function problemsInRow(faults: readonly RowFault[]): string {
  return faults
    .map(({ column, found, wrong, skipsRow }) => `${skipsRow ? "left out: " : ""}${column} "${found}": ${wrong}`)
    .join("\n");
}

/** A fault of a row that is being typed. */
export function describeFault({ column, found, wrong }: Pick<RowFault, "column" | "found" | "wrong">): string {
  return `error: ${column} is "${found}"; ${wrong}.`;
}

/** @param refused whether the change is not made because of it */
export function describeFinding(finding: Finding, refused: boolean): string {
  const { severity, says, remedy } = finding;
  const told = severity === "error" ? "warning" : severity;
  return `${refused ? "error" : told}: ${placeOfFinding(finding)}: ${says} ${remedy}`;
}

/** What a table's keys are to whoever types them as arguments. */
const ARGUMENTS: Readonly<Record<RowTable, readonly [partitionKey: string, rowKey: string]>> = {
  Lines: ["the partition", "the line"],
  Routes: ["the line or group", "the rule"],
  Schedules: ["the schedule", "the row"],
  CallerLists: ["the caller", "the list"],
};

/** A fault of a key that stands in an argument. */
export function describeKeyFault({ table, column, found, wrong }: RowFault): string {
  return `${ARGUMENTS[table][column === "PartitionKey" ? 0 : 1]} is "${found}"; ${wrong}.`;
}
