import { createReadStream } from "node:fs";
import { appendFile, type FileHandle, open, rename, rm, writeFile } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import type { Row, RowTable } from "../../store/cells.ts";
import { COLUMNS, cellsOf } from "../../store/layouts.ts";
import { textOfKey } from "../../store/tables.ts";
import { headingsOf } from "./headings.ts";
import { makeInert } from "./inert.ts";

/** Rows that are made into text at once. */
const ROWS_A_CHUNK = 1000;
const BYTE_ORDER_MARK = "\ufeff";

/** A stored row as a line of its table's file, each cell inert. */
export function recordOf(table: RowTable, row: Row): readonly string[] {
  const cells = cellsOf(table, row);
  const keys = [textOfKey(row.partitionKey), textOfKey(row.rowKey)];
  return [...keys, ...COLUMNS[table].map((column) => cells[column] ?? "")].map(makeInert);
}

/**
 * Lines of a CSV file: RFC 4180 but for LF at the ends of lines, which every reader takes, Excel among them, and which
 * git shows without `^M` and without a .gitattributes.
 */
export function csvText(records: readonly (readonly string[])[]): string {
  // A lone CR ends a line for some readers.
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: "\n", quoted_match: /[\r\n]/ },
  );
}

/** A file that is being written beside the one that it will replace. */
export class CsvDraft {
  readonly path: string;
  readonly #draftPath: string;
  readonly #file: FileHandle;
  #hasOnlyAscii = true;

  static async open(path: string): Promise<CsvDraft> {
    const draftPath = `${path}.${process.pid}.draft`;
    return new CsvDraft(path, draftPath, await open(draftPath, "w"));
  }

  private constructor(path: string, draftPath: string, file: FileHandle) {
    this.path = path;
    this.#draftPath = draftPath;
    this.#file = file;
  }

  /** @returns how many rows there were */
  async write(table: RowTable, rows: AsyncIterable<Row> | Iterable<Row>): Promise<number> {
    let count = 0;
    let records: (readonly string[])[] = [headingsOf(table)];
    for await (const row of rows) {
      records.push(recordOf(table, row));
      count++;
      if (records.length < ROWS_A_CHUNK) continue;
      await this.#append(records);
      records = [];
    }
    await this.#append(records);
    return count;
  }

  async #append(records: readonly (readonly string[])[]): Promise<void> {
    const text = csvText(records);
    this.#hasOnlyAscii &&= /^\p{ASCII}*$/u.test(text);
    await this.#file.appendFile(text);
  }

  /** Ends the writing. With other letters than ASCII's it takes a mark, or Excel reads `Zürich` as `ZÃ¼rich`. */
  async finish(): Promise<void> {
    await this.#file.close();
    if (this.#hasOnlyAscii) return;
    const unmarked = `${this.#draftPath}.unmarked`;
    await rename(this.#draftPath, unmarked);
    try {
      await writeFile(this.#draftPath, BYTE_ORDER_MARK);
      await appendFile(this.#draftPath, createReadStream(unmarked));
    } finally {
      await rm(unmarked);
    }
  }

  /** Puts the finished file in its place. */
  async publish(): Promise<void> {
    await rename(this.#draftPath, this.path);
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.#draftPath, { force: true });
  }
}
