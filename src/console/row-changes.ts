import type { TablePlan } from "../cli/csv/plan.ts";
import { sizeOf } from "../cli/csv/plan.ts";
import { rowName } from "../cli/rows/row-text.ts";
import { Fault } from "../errors.ts";
import { type Row, type RowTable, textOf } from "../store/cells.ts";
import { type Cells, cellsOf, foreignCellsOf, type RowKeys, saysTheSame } from "../store/layouts.ts";
import type { RowEdit } from "../store/row-edits.ts";
import { readRow, type Tables } from "../store/tables.ts";
import { Refused } from "./refused.ts";

/** A row that is written: as it was, and the cells that it has then. Undefined where there was or will be none. */
export interface RowChange {
  readonly table: RowTable;
  readonly keys: RowKeys;
  readonly before: Row | undefined;
  readonly after: Cells | undefined;
}

/** What has been done to a row by an edit. */
export const DONE: Readonly<Record<RowEdit["kind"], string>> = {
  insert: "Added",
  replace: "Changed",
  remove: "Removed",
};

/** Rows that are read at once. */
const AT_ONCE = 16;
/** Rows that are looked at, at most, and the milliseconds for it, when the answer to their writing was lost. */
const MOST_LOOKED_AT = 500;
const LOOKING_MS = 5000;

export function changesOf(plans: readonly TablePlan[]): readonly RowChange[] {
  return plans.flatMap(({ table, added, changed, removed }) => [
    ...added.map(({ keys, cells }) => ({ table, keys, before: undefined, after: cells })),
    ...changed.map(({ before, cells }) => ({ table, keys: keysOf(before), before, after: cells })),
    ...removed.map((before) => ({ table, keys: keysOf(before), before, after: undefined })),
  ]);
}

/** One edit as a plan, so that all writing is done in one way. */
export function planOf(edit: RowEdit): TablePlan {
  const { table, keys } = edit;
  return {
    table,
    file: "",
    added: edit.kind === "insert" ? [{ line: 0, keys, cells: edit.cells }] : [],
    changed: edit.kind === "replace" ? [{ before: edit.before, cells: edit.cells, changes: [] }] : [],
    removed: edit.kind === "remove" ? [edit.before] : [],
    same: 0,
    leftAlone: 0,
  };
}

/** How many rows plans write or remove. */
export function rowsIn(plans: readonly TablePlan[]): number {
  return plans.reduce((sum, plan) => sum + sizeOf(plan), 0);
}

/**
 * What puts rows back as they were. A row that is so already is left alone.
 *
 * @throws Refused 409 with the row as it is now, when somebody has changed it since
 */
export async function reversalOf(
  changes: readonly RowChange[],
  tables: Tables,
  signal: AbortSignal,
): Promise<readonly TablePlan[]> {
  const plans: TablePlan[] = [];
  for (let first = 0; first < changes.length; first += AT_ONCE) {
    const some = changes.slice(first, first + AT_ONCE);
    const rows = await Promise.all(some.map((change) => rowNow(change, tables, signal)));
    plans.push(...some.flatMap((change, index) => reverse(change, rows[index]) ?? []));
  }
  return joined(plans);
}

/** The row of one of the changes that is neither as it was nor as it was to be, if there is any. */
export async function findConflict(
  changes: readonly RowChange[],
  tables: Tables,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  try {
    await reversalOf(changes, tables, signal);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** How many rows are as changes were to make them; undefined when that cannot be known. */
export async function findWritten(
  changes: readonly RowChange[],
  tables: Tables,
  interrupted: AbortSignal,
): Promise<number | undefined> {
  if (changes.length > MOST_LOOKED_AT) return undefined;
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(LOOKING_MS)]);
  let written = 0;
  try {
    for (let first = 0; first < changes.length; first += AT_ONCE) {
      const some = changes.slice(first, first + AT_ONCE);
      const rows = await Promise.all(some.map((change) => rowNow(change, tables, signal)));
      for (const [index, { table, after }] of some.entries()) {
        const now = rows[index];
        if (isSame(now && cellsOf(table, now), after)) written++;
      }
    }
    return written;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

async function rowNow({ table, keys }: RowChange, tables: Tables, signal: AbortSignal): Promise<Row | undefined> {
  return await readRow(tables[table], keys.partitionKey, keys.rowKey, signal);
}

function reverse({ table, keys, before, after }: RowChange, now: Row | undefined): TablePlan | undefined {
  const cells = now && cellsOf(table, now);
  const was = before && cellsOf(table, before);
  if (isSame(cells, was)) return undefined;
  if (!isSame(cells, after)) {
    const what = now === undefined ? "removed" : "changed";
    throw new Refused(409, `${rowName(table, keys)} was ${what} by somebody else since.`, { theirs: cells ?? null });
  }
  if (before === undefined || was === undefined) return now && planOf({ kind: "remove", table, keys, before: now });
  if (now !== undefined) return planOf({ kind: "replace", table, keys, cells: was, before: now });
  return planOf({ kind: "insert", table, keys, cells: { ...foreignTexts(table, before), ...was } });
}

function isSame(one: Cells | undefined, other: Cells | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return saysTheSame(one, other);
}

/** Columns that are none of ours come back with a row that is put back. */
function foreignTexts(table: RowTable, row: Row): Cells {
  return Object.fromEntries(Object.entries(foreignCellsOf(table, row)).map(([name, cell]) => [name, textOf(cell)]));
}

/** One plan a table, so that rows go in the order in which no line loses its answer. */
function joined(plans: readonly TablePlan[]): readonly TablePlan[] {
  return [...Map.groupBy(plans, ({ table }) => table)].map(([table, some]) => ({
    table,
    file: "",
    added: some.flatMap(({ added }) => added),
    changed: some.flatMap(({ changed }) => changed),
    removed: some.flatMap(({ removed }) => removed),
    same: 0,
    leftAlone: 0,
  }));
}

export function keysOf({ partitionKey, rowKey }: RowKeys): RowKeys {
  return { partitionKey, rowKey };
}
