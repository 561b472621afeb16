import { textOfKey } from "../../store/tables.ts";
import type { Output } from "../output.ts";
import { rowName } from "../rows/row-text.ts";
import { shorten } from "./faults.ts";
import { type CellChange, type ChangedRow, sizeOf, type TablePlan } from "./plan.ts";

/** Rows of each kind that are shown of each table. */
const MOST_ROWS = 20;

/** Shows what will be added, changed (column by column) and removed, and counts it. */
export function printPlan(out: Output, plans: readonly TablePlan[]): void {
  for (const plan of plans) {
    const { table } = plan;
    printSome(out, plan.added, ({ keys, cells }) => [
      out.paint("green", `+ ${rowName(table, keys)}`),
      ...Object.entries(cells).map(([column, text]) => `    ${column}: ${shorten(text)}`),
    ]);
    printSome(out, plan.changed, (row) => [
      out.paint("yellow", `~ ${rowName(table, row.before)}`),
      ...row.changes.map((change) => `    ${formatChange(change)}`),
    ]);
    printSome(out, plan.removed, (row) => [out.paint("red", `- ${rowName(table, row)}`)]);
  }
  if (plans.some((plan) => sizeOf(plan) > 0)) out.print("");
  out.printTable(
    ["Table", "File", "Added", "Changed", "Removed", "As it is", "Not in the file"],
    plans.map(({ table, file, added, changed, removed, same, leftAlone }) => [
      table,
      file,
      ...[added.length, changed.length, removed.length, same, leftAlone].map((count) => count.toLocaleString("en")),
    ]),
  );
}

/** The plan for a program: every row, with keys as people write them. */
export function planAsJson(plans: readonly TablePlan[]): unknown {
  return plans.map(({ table, file, added, changed, removed, same, leftAlone }) => ({
    table,
    file,
    added: added.map(({ keys, cells }) => ({ ...asText(keys), cells })),
    changed: changed.map((row: ChangedRow) => ({ ...asText(row.before), changes: row.changes })),
    removed: removed.map(asText),
    same,
    leftAlone,
  }));
}

export function formatChange({ column, was, becomes }: CellChange): string {
  const text = (cell: string) => (cell === "" ? "(empty)" : shorten(cell));
  return `${column}: ${text(was)} -> ${text(becomes)}`;
}

function printSome<T>(out: Output, rows: readonly T[], linesOf: (row: T) => readonly string[]): void {
  for (const row of rows.slice(0, MOST_ROWS)) out.print(...linesOf(row));
  const more = rows.length - MOST_ROWS;
  if (more > 0) out.print(`  … and ${more.toLocaleString("en")} more like it`);
}

function asText({ partitionKey, rowKey }: { readonly partitionKey: string; readonly rowKey: string }) {
  return { partitionKey: textOfKey(partitionKey), rowKey: textOfKey(rowKey) };
}
