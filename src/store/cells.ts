import { isWrong, type Reading } from "../errors.ts";
import { parseDay, straightenDashes } from "../routing/dates.ts";

/** An entity of a table: cells by column, of whatever types the tool gave them that wrote it. */
export type Row = Readonly<Record<string, unknown>> & { readonly partitionKey: string; readonly rowKey: string };

export const TABLES = ["Lines", "Routes", "Schedules", "CallerLists"] as const;
export type RowTable = (typeof TABLES)[number];

/** What is wrong with a row, and where. */
export interface RowFault {
  readonly table: RowTable;
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly column: string;
  /** The cell's text, shortened. */
  readonly found: string;
  /** What would be right. */
  readonly wrong: string;
  /** Whether the row is left out for it; otherwise only the cell is. */
  readonly skipsRow: boolean;
}

// Columns that the table service and its tools add.
const SYSTEM_COLUMNS = new Set(["partitionkey", "rowkey", "timestamp", "etag", "odata.metadata"]);

/** UTF-16 code units that the table service takes in a cell, less than 64 KiB, and in a key. */
const MOST_IN_CELL = 32_767;
const MOST_IN_KEY = 1024;

/** Whether a column is the table service's or a tool's own, such as `Timestamp` or `priority@odata.type`. */
export function isSystemColumn(name: string): boolean {
  const lower = name.toLowerCase();
  return SYSTEM_COLUMNS.has(lower) || lower.includes("@odata") || lower.endsWith("@type");
}

/**
 * Reads the cells of one row and gathers its faults. Column names match in any letter case; a cell of any type is read as
 * the text that a person would type for it.
 */
export class RowReader {
  readonly faults: RowFault[] = [];
  readonly row: Row;
  readonly #table: RowTable;
  readonly #cells = new Map<string, string>();

  /** @param columns the columns that the table has; any other is reported */
  constructor(table: RowTable, row: Row, columns: readonly string[]) {
    this.#table = table;
    this.row = row;
    const known = new Map(columns.map((column) => [column.toLowerCase(), column]));
    for (const [name, cell] of Object.entries(row)) {
      const lower = name.toLowerCase();
      if (isSystemColumn(name)) continue;
      const column = known.get(lower);
      if (column === undefined) this.#reportUnknown(name, textOf(cell), columns);
      else if (this.#cells.has(column))
        this.report(name, textOf(cell), `the row has ${column} twice: keep one of them`);
      else this.#takeCell(column, textOf(cell));
    }
    this.#checkLength("PartitionKey", row.partitionKey, MOST_IN_KEY);
    this.#checkLength("RowKey", row.rowKey, MOST_IN_KEY);
  }

  /** Whether the row may be used. */
  get usable(): boolean {
    return !this.faults.some(({ skipsRow }) => skipsRow);
  }

  /** The cell's text, without stray spaces; empty when there is none. */
  text(column: string): string {
    return this.#cells.get(column) ?? "";
  }

  /** The cell's value; undefined when it is empty, or wrong and noted. */
  optional<T>(column: string, reading: Reading<T>): T | undefined {
    const text = this.text(column);
    if (text === "") return undefined;
    const value = reading(text);
    if (!isWrong(value)) return value;
    this.report(column, text, value.wrong);
    return undefined;
  }

  report(column: string, found: string, wrong: string, skipsRow = true): void {
    const { partitionKey, rowKey } = this.row;
    this.faults.push({ table: this.#table, partitionKey, rowKey, column, found: found.slice(0, 200), wrong, skipsRow });
  }

  #takeCell(column: string, text: string): void {
    this.#cells.set(column, text);
    this.#checkLength(column, text, MOST_IN_CELL);
  }

  /** No stored row has such a text; one that is to be written is refused before the table service does it. */
  #checkLength(column: string, text: string, most: number): void {
    if (text.length <= most) return;
    const [length, limit] = [text.length, most].map((count) => count.toLocaleString("en"));
    this.report(column, text, `it has ${length} characters, and there may be at most ${limit} characters`);
  }

  #reportUnknown(name: string, text: string, columns: readonly string[]): void {
    const near = nearest(name, columns);
    const advice = near === undefined ? `it is not one of ${columns.join(", ")}` : `did you mean ${near}?`;
    this.report(name, text, `unknown column, ignored: ${advice}`, false);
  }
}

/** One line that names the fault's place: `Routes default/night, column timeout: ...`. */
export function formatFault({ table, partitionKey, rowKey, column, found, wrong, skipsRow }: RowFault): string {
  return `${table} ${partitionKey}/${rowKey}, column ${column}: found "${found}"; ${wrong}${skipsRow ? " (row skipped)" : ""}`;
}

/** A cell of any type as the text that a person would type for it; empty when there is none. */
export function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  // Typed cells arrive as { value, type }, the ones that JSON cannot hold (Int64, Guid, DateTime) among them.
  if (typeof cell === "object") return "value" in cell ? textOf(cell.value) : Object.prototype.toString.call(cell);
  return String(cell)
    .normalize("NFC")
    .replace(/[\p{Zs}\t\r]/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim();
}

export const yesOrNo: Reading<boolean> = (text) => {
  const lower = text.toLowerCase();
  if (["true", "yes", "y", "1", "on"].includes(lower)) return true;
  if (["false", "no", "n", "0", "off"].includes(lower)) return false;
  return { wrong: "write true or false" };
};

export function wholeNumber(least: number, most: number): Reading<number> {
  return (text) => {
    const number = Number(text);
    if (/^[+-]?\d+(\.0+)?$/.test(text) && number >= least && number <= most) return number;
    return { wrong: `write a whole number from ${least} to ${most}` };
  };
}

export function oneOf<T extends string>(names: readonly T[]): Reading<T> {
  return (text) => {
    const bare = text.toLowerCase().replace(/[\s_\p{Pd}]/gu, "");
    return names.find((name) => name.toLowerCase().replace("-", "") === bare) ?? { wrong: `write ${names.join(", ")}` };
  };
}

/** Comma-separated entries. */
export function listOf<T>(entry: Reading<T>): Reading<readonly T[]> {
  return (text) => {
    const values: T[] = [];
    for (const part of text.split(/[,;\n]/).map((each) => each.trim())) {
      if (part === "") continue;
      const value = entry(part);
      if (isWrong(value)) return value;
      values.push(value);
    }
    return values;
  };
}

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)$/i;

/** An ISO 8601 moment with its offset, in epoch milliseconds. */
export const moment: Reading<number> = (text) => {
  const plain = straightenDashes(text);
  // Date.parse takes February 30 for March 2.
  const exists = !isWrong(parseDay(plain.slice(0, 10)));
  const ms = exists && MOMENT.test(plain) ? Date.parse(plain.replace(" ", "T").replace(/\s+/g, "")) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const why = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(plain)
    ? "without an offset it could be any of a day's hours: "
    : "";
  return { wrong: `${why}write date, time and offset, for instance 2026-12-24T09:00-05:00` };
};

/** The column that a misspelt name most resembles, if it is no more than two letters off. */
function nearest(name: string, columns: readonly string[]): string | undefined {
  const distances = columns.map((column) => editDistance(column.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= 2 ? columns[distances.indexOf(least)] : undefined;
}

function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
