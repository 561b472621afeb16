import { isSystemColumn, type Row, type RowFault, type RowTable, textOf } from "./cells.ts";
import { LIST_COLUMNS } from "./list-rows.ts";
import { LINE_COLUMNS, ROUTE_COLUMNS } from "./rule-rows.ts";
import { EXCEPTION_COLUMNS, HOURS_COLUMNS } from "./schedule-rows.ts";

/** The columns of each table beside its keys, in the order in which people are shown them. */
export const COLUMNS: Readonly<Record<RowTable, readonly string[]>> = {
  Lines: LINE_COLUMNS,
  Routes: ROUTE_COLUMNS,
  // The weekly hours and the dated rows stand in one table, and a note in either.
  Schedules: [...HOURS_COLUMNS.filter((column) => column !== "note"), ...EXCEPTION_COLUMNS],
  CallerLists: LIST_COLUMNS,
};

/** Where a row stands. */
export interface RowKeys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** A row as people type it: the text of each cell that has one, by the column's own spelling. */
export type Cells = Readonly<Record<string, string>>;

/** The known cells of a stored row, whatever types and letter case the tool gave them that wrote it. */
export function cellsOf(table: RowTable, row: Row): Cells {
  const byLowerName = new Map(Object.entries(row).map(([name, cell]) => [name.toLowerCase(), textOf(cell)]));
  return Object.fromEntries(
    COLUMNS[table].flatMap((column) => {
      const text = byLowerName.get(column.toLowerCase()) ?? "";
      return text === "" ? [] : [[column, text]];
    }),
  );
}

/** Columns of a stored row that are none of ours: kept when the row is changed, since somebody may need them. */
export function foreignCellsOf(table: RowTable, row: Row): Record<string, unknown> {
  const known = new Set(COLUMNS[table].map((column) => column.toLowerCase()));
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !isSystemColumn(name) && !known.has(name.toLowerCase())),
  );
}

/** A row that is not stored, or not yet. */
export function rowOf({ partitionKey, rowKey }: RowKeys, cells: Cells): Row {
  return { ...cells, partitionKey, rowKey };
}

/** Whether two rows say the same in every known column. */
export function saysTheSame(one: Cells, other: Cells): boolean {
  const columns = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...columns].every((column) => saysTheSameIn(column, one, other));
}

/** Whether two rows say the same in one column: an empty cell is none. */
export function saysTheSameIn(column: string, one: Cells, other: Cells): boolean {
  return (one[column] ?? "") === (other[column] ?? "");
}

/** Where a fault is, as people write it: `Routes default/night`. */
export function placeOf({ table, partitionKey, rowKey }: Pick<RowFault, "table"> & RowKeys): string {
  return `${table} ${partitionKey}/${rowKey}`;
}
