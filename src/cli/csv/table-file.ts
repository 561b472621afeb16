import { basename } from "node:path";
import type { Region } from "../../routing/phone-number.ts";
import type { Row, RowTable } from "../../store/cells.ts";
import type { RowKeys } from "../../store/layouts.ts";
import { keyOf, textOfKey } from "../../store/tables.ts";
import { UsageError } from "../exit.ts";
import { type CsvFault, FirstFew } from "./faults.ts";
import { type FileRow, readFileRow } from "./file-row.ts";
import {
  cellsBelow,
  type Heading,
  headingsOf,
  KEY_COLUMNS,
  readHeadings,
  suggestColumn,
  tablesWith,
} from "./headings.ts";
import { type CsvRecord, readCsv } from "./read-csv.ts";
import { UnreadableFile } from "./read-text.ts";

/** The file of each table. */
export const FILE_NAMES: Readonly<Record<RowTable, string>> = {
  Lines: "lines.csv",
  Routes: "routes.csv",
  Schedules: "schedules.csv",
  CallerLists: "lists.csv",
};

/** Faults and notes of a file that are shown; a file may have one in every line. */
const MOST_SHOWN = 50;

const SAY_IT = "Say it with --table lines (or routes, schedules, lists), or name the file lines.csv.";

/** What a file says, and everything that is wrong with it. */
export class TableFile {
  readonly table: RowTable;
  /** For messages. */
  readonly file: string;
  readonly faults = new FirstFew<CsvFault>(MOST_SHOWN);
  readonly notes = new FirstFew<CsvFault>(MOST_SHOWN);
  /** The columns that the file has. */
  readonly columns = new Set<string>();
  readonly #byKeys = new Map<string, FileRow>();
  /** Rows whose keys were typed in another spelling than the one they get. */
  readonly #byTypedKeys = new Map<string, FileRow>();

  constructor(table: RowTable, file: string) {
    this.table = table;
    this.file = file;
  }

  get rows(): Iterable<FileRow> {
    return this.#byKeys.values();
  }

  get size(): number {
    return this.#byKeys.size;
  }

  /** The row of the file that is meant for a stored one, whose keys may be spelled as nobody would type them. */
  rowFor(stored: Row): FileRow | undefined {
    const text = textOf(stored);
    const keys = { partitionKey: keyOf(text.partitionKey), rowKey: keyOf(text.rowKey) };
    return this.#byTypedKeys.get(joined(text)) ?? this.#byKeys.get(joined(keys));
  }

  /** @param typed the keys as they stand in the file */
  add(row: FileRow, typed: RowKeys): void {
    const keys = joined(row.keys);
    const other = this.#byKeys.get(keys);
    if (other !== undefined) {
      const { partitionKey, rowKey } = textOf(row.keys);
      this.fault(row.line, {
        expected: `the row ${partitionKey}/${rowKey} stands in line ${other.line} already: keep one of them`,
      });
      return;
    }
    this.#byKeys.set(keys, row);
    if (joined(typed) !== joined(textOf(row.keys))) this.#byTypedKeys.set(joined(typed), row);
  }

  fault(line: number, fault: Pick<CsvFault, "column" | "found" | "expected">): void {
    this.faults.add({ file: this.file, line, ...fault });
  }
}

/** Keys as an exported file has them. */
function textOf({ partitionKey, rowKey }: RowKeys): RowKeys {
  return { partitionKey: textOfKey(partitionKey), rowKey: textOfKey(rowKey) };
}

function joined({ partitionKey, rowKey }: RowKeys): string {
  return `${partitionKey}\n${rowKey}`;
}

/**
 * Reads a file of a table to its end, whatever is wrong on the way.
 *
 * @param wanted the table, where a person names it
 * @param remedy what to do when nothing tells the table, as a sentence
 * @throws UsageError when neither the person nor the file's name nor its headings tell the table
 */
export async function readTableFile(
  path: string,
  wanted: RowTable | undefined,
  region: Region | undefined,
  remedy = SAY_IT,
): Promise<TableFile> {
  const byName = wanted ?? tableNamed(basename(path));
  let tableFile = byName && new TableFile(byName, basename(path));
  let headings: readonly Heading[] | undefined;
  try {
    for await (const record of readCsv(path)) {
      tableFile ??= new TableFile(tableOf(record, path, remedy), basename(path));
      if (headings !== undefined) addRecord(tableFile, headings, record, region);
      else {
        headings = takeHeadings(tableFile, record);
        // Without keys every line would only be wrong again.
        if (!KEY_COLUMNS.every((key) => tableFile?.columns.has(key))) return tableFile;
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (tableFile === undefined) throw new UsageError(`${basename(path)} line ${error.line}: ${error.message}.`);
    tableFile.fault(error.line, { expected: error.message });
    return tableFile;
  }
  if (tableFile === undefined) throw new UsageError(`${basename(path)} is empty: its first line names the columns.`);
  if (headings === undefined) tableFile.fault(1, { expected: "the file is empty: its first line names the columns" });
  return tableFile;
}

/** The table whose file has this name, in any letter case; a table's own name will do. */
export function tableNamed(fileName: string): RowTable | undefined {
  const bare = fileName.toLowerCase();
  const tables = Object.keys(FILE_NAMES) as RowTable[];
  return tables.find((table) => FILE_NAMES[table] === bare || `${table.toLowerCase()}.csv` === bare);
}

function tableOf({ cells }: CsvRecord, path: string, remedy: string): RowTable {
  const [only, another] = tablesWith(cells);
  if (only !== undefined && another === undefined) return only;
  const why = only === undefined ? "no table has all of its headings" : "more than one table has its headings";
  throw new UsageError(
    `Which table is ${basename(path)} for? Neither its name tells nor its headings, since ${why}.\n${remedy}`,
  );
}

function takeHeadings(tableFile: TableFile, { line, cells }: CsvRecord): readonly Heading[] {
  const { table } = tableFile;
  const { headings, faults } = readHeadings(cells, headingsOf(table), KEY_COLUMNS, suggestColumn(table));
  for (const fault of faults) tableFile.fault(line, fault);
  for (const heading of headings) if (heading.kind === "column") tableFile.columns.add(heading.name);
  return headings;
}

function addRecord(
  tableFile: TableFile,
  headings: readonly Heading[],
  { line, cells }: CsvRecord,
  region: Region | undefined,
): void {
  const below = cellsBelow(headings, cells);
  if ("wrong" in below) {
    tableFile.fault(line, { expected: below.wrong });
    return;
  }
  const { typed, row, faults, notes } = readFileRow(tableFile.table, line, below, region);
  for (const fault of faults) tableFile.fault(line, fault);
  for (const note of notes) tableFile.notes.add({ file: tableFile.file, line, ...note });
  if (row !== undefined) tableFile.add(row, typed);
}
