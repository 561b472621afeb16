import { Fault } from "../errors.ts";
import type { Region } from "../routing/phone-number.ts";
import { type Book, type ListSummary, readBook, summariseLists } from "../store/book.ts";
import type { Row, RowFault } from "../store/cells.ts";
import { readAllRows } from "../store/row-edits.ts";
import type { RowsByTable } from "../store/row-source.ts";
import type { Tables } from "../store/tables.ts";
import { LINE_PARTITION } from "../store/typed-keys.ts";
import { faultsOfKeys } from "./keys.ts";

/** Callers with wrong keys that are told of in one reading: a list of millions may have been typed wrong as a whole. */
const MOST_KEY_FAULTS = 100;

export interface BookReading {
  readonly region?: Region | undefined;
  /** Epoch milliseconds: tells which rows of lists have lapsed. */
  readonly atMs: number;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Ends the reading of CallerLists, which may be long; the book then comes without them. */
  readonly listsSignal?: AbortSignal;
  /** Told how many rows of CallerLists have been read, page by page. */
  readonly onListRows?: (count: number) => void;
  /** Shown each row of CallerLists. */
  readonly onListRow?: (row: Row) => void;
}

/**
 * Reads all tables but Calls for a check: the rows as calls read them, and beside the faults of their cells those of keys
 * that cannot be told from a book.
 *
 * @throws Fault when the tables cannot be read
 */
export async function readBookToCheck(tables: Tables, reading: BookReading): Promise<Book> {
  const { region, signal } = reading;
  const [lines, Routes, Schedules, lists] = await Promise.all([
    all(readAllRows(tables.Lines, signal)),
    all(readAllRows(tables.Routes, signal)),
    all(readAllRows(tables.Schedules, signal)),
    readLists(tables, reading),
  ]);
  return bookToCheck({ Lines: lines, Routes, Schedules }, lists, region);
}

/** The rows as calls read them, with the faults of keys beside those of cells. @param lists absent where nobody knows them */
export function bookToCheck(
  rows: Pick<RowsByTable, "Lines" | "Routes" | "Schedules">,
  lists: ListSummary | undefined,
  region: Region | undefined,
): Book {
  const Lines = rows.Lines.filter(({ partitionKey }) => partitionKey === LINE_PARTITION);
  const book = readBook({ ...rows, Lines }, lists, region);
  return { ...book, faults: [...book.faults, ...rows.Lines.flatMap((row) => faultsOfKeys("Lines", row, region))] };
}

async function all(rows: AsyncIterable<Row>): Promise<readonly Row[]> {
  const read: Row[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

/** What CallerLists holds, counted as it is read, with the faults of its keys. @returns undefined when that took too long */
export async function readLists(tables: Tables, reading: BookReading): Promise<ListSummary | undefined> {
  const { region, atMs, signal, listsSignal = signal } = reading;
  let keyFaults = 0;
  const faultsOf = (row: Row): readonly RowFault[] => {
    const faults = keyFaults < MOST_KEY_FAULTS ? faultsOfKeys("CallerLists", row, region) : [];
    keyFaults += faults.length;
    return faults;
  };
  try {
    const rows = readAllRows(tables.CallerLists, AbortSignal.any([signal, listsSignal]));
    return await summariseLists(counted(rows, reading), atMs, faultsOf);
  } catch (error) {
    if (error instanceof Fault && error.code === "late" && !signal.aborted) return undefined;
    throw error;
  }
}

async function* counted(rows: AsyncIterable<Row>, { onListRows, onListRow }: BookReading): AsyncGenerator<Row> {
  let count = 0;
  for await (const row of rows) {
    if (++count % 1000 === 0) onListRows?.(count);
    onListRow?.(row);
    yield row;
  }
}
