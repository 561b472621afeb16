import { isWrong, type Reading } from "../../errors.ts";
import { normaliseNumber, type Region } from "../../routing/phone-number.ts";
import { type Row, type RowTable, textOf, yesOrNo } from "../../store/cells.ts";
import { type Cells, COLUMNS, cellsOf, foreignCellsOf, rowOf } from "../../store/layouts.ts";
import type { FileRow } from "./file-row.ts";
import type { TableFile } from "./table-file.ts";

/** A cell that changes; empty texts where there was none, or will be none. */
export interface CellChange {
  readonly column: string;
  readonly was: string;
  readonly becomes: string;
}

/** A row that stands in the tables and is to say something else. It keeps its keys, however they are spelled. */
export interface ChangedRow {
  readonly before: Row;
  readonly cells: Cells;
  readonly changes: readonly CellChange[];
}

/** What an import would do to one table. */
export interface TablePlan {
  readonly table: RowTable;
  /** The file's name. */
  readonly file: string;
  readonly added: readonly FileRow[];
  readonly changed: readonly ChangedRow[];
  readonly removed: readonly Row[];
  /** Rows of the file that stand in the table just so. */
  readonly same: number;
  /** Rows of the table that the file does not name, and that stay. */
  readonly leftAlone: number;
}

export interface PlanOptions {
  /** Whether rows go that the file does not name. */
  readonly prune: boolean;
  readonly region: Region | undefined;
}

/**
 * Compares a file with the rows of its table, shown one after the other: a table may be too long to hold. Of a stored row
 * only what the plan needs is kept.
 */
export class TablePlanner {
  readonly #file: TableFile;
  readonly #options: PlanOptions;
  readonly #seen = new Set<FileRow>();
  readonly #changed: ChangedRow[] = [];
  readonly #removed: Row[] = [];
  #same = 0;
  #leftAlone = 0;

  constructor(file: TableFile, options: PlanOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** @returns the row as it will be; undefined when it will be gone */
  see(stored: Row): Row | undefined {
    const { table } = this.#file;
    const row = this.#file.rowFor(stored);
    if (row === undefined || this.#seen.has(row)) {
      if (this.#options.prune) this.#removed.push(slim(table, stored));
      else this.#leftAlone++;
      return this.#options.prune ? undefined : stored;
    }
    this.#seen.add(row);
    const was = cellsOf(table, stored);
    const cells = { ...this.#notInFile(was), ...row.cells };
    const changes = cellChanges(table, was, cells, this.#options.region);
    if (changes.length === 0) {
      this.#same++;
      return stored;
    }
    const before = slim(table, stored);
    this.#changed.push({ before, cells, changes });
    return { ...foreignCellsOf(table, stored), ...rowOf(stored, cells) };
  }

  /** A column that the file does not have stays as it is. */
  #notInFile(cells: Cells): Cells {
    return Object.fromEntries(Object.entries(cells).filter(([column]) => !this.#file.columns.has(column)));
  }

  /** What has not been seen by now is new. */
  finish(): TablePlan {
    const { table, file, rows } = this.#file;
    return {
      table,
      file,
      added: [...rows].filter((row) => !this.#seen.has(row)),
      changed: this.#changed,
      removed: this.#removed,
      same: this.#same,
      leftAlone: this.#leftAlone,
    };
  }
}

/** The cells that differ in meaning: a number in another spelling, or `TRUE` for `true`, is no change. */
export function cellChanges(table: RowTable, was: Cells, becomes: Cells, region: Region | undefined): CellChange[] {
  return COLUMNS[table].flatMap((column) => {
    const [old = "", next = ""] = [was[column], becomes[column]];
    if (old === next || meaningOf(table, column, old, region) === meaningOf(table, column, next, region)) return [];
    return [{ column, was: old, becomes: next }];
  });
}

/** What a spreadsheet writes in its own way, in one spelling. */
function meaningOf(table: RowTable, column: string, text: string, region: Region | undefined): string {
  if (table === "Lines" && column === "number") return normaliseNumber(text, region) ?? text;
  if (table === "Routes" && column === "enabled") return readOr(text, yesOrNo);
  // What is left when joiners are taken out may join anew.
  return textOf(text);
}

function readOr<T>(text: string, reading: Reading<T>): string {
  const value = reading(text);
  return isWrong(value) ? text : String(value);
}

/** How many rows a plan writes or removes. */
export function sizeOf({ added, changed, removed }: Pick<TablePlan, "added" | "changed" | "removed">): number {
  return added.length + changed.length + removed.length;
}

/** A stored row without what the service adds, its etag apart. */
function slim(table: RowTable, row: Row): Row {
  return { ...foreignCellsOf(table, row), ...rowOf(row, cellsOf(table, row)), etag: row.etag };
}
