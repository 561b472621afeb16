import { pipeline, Readable } from "node:stream";
import { parse } from "csv-parse";
import { NEWLINE, readText, UnreadableFile } from "./read-text.ts";

/** A line of a file, or several when a quoted cell holds line breaks. */
export interface CsvRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Longest record, in characters: four times what a row of the tables can hold. Only a forgotten quote makes one. */
const MOST_CHARACTERS = 2 ** 21;
const DELIMITERS = [",", ";", "\t"];

/**
 * The records of a CSV file, the headings first: RFC 4180, and what spreadsheets and people make of it: commas,
 * semicolons or tabs (the headings tell), any line ends, a last line without one, a quote within an unquoted cell,
 * `sep=;` on the first line. Empty lines and lines of mere delimiters are passed over.
 *
 * @throws UnreadableFile when a quote is never closed, or the text cannot be decoded
 */
export async function* readCsv(path: string): AsyncGenerator<CsvRecord> {
  const text = readText(path);
  let head = "";
  // The line of the headings, or enough of it.
  while (!/\S[^\r\n]*[\r\n]+(?!$)/.test(head) && head.length < 2 ** 16) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
  }
  const separator = /^sep=(.)(\r\n|\n|\r|$)/i.exec(head);
  const start = separator === null ? head : head.slice(separator[0].length);
  const delimiter = separator?.[1] ?? delimiterOf(start);
  async function* whole() {
    yield start;
    yield* text;
  }
  for await (const { line, cells } of parseRecords(whole(), delimiter)) {
    if (cells.some((cell) => cell.trim() !== "")) yield { line: separator === null ? line : line + 1, cells };
  }
}

/** The delimiter that the headings hold most of. */
export function delimiterOf(head: string): string {
  const [headings = ""] = head.trimStart().split(/[\r\n]/, 1);
  const bare = headings.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((each) => bare.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

async function* parseRecords(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  /** Where the records begin that are parsed and not yet given. */
  const starts: number[] = [];
  // The parser counts a CRLF within a quoted cell as two lines.
  let countedTwice = 0;
  let last = { endLine: 0, emptyLines: 0 };
  let unreadable: UnreadableFile | undefined;
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MOST_CHARACTERS,
    on_record: (cells: string[], { lines, empty_lines }) => {
      const breaks = cells.flatMap((cell) => cell.match(NEWLINE) ?? []);
      countedTwice += breaks.filter((each) => each === "\r\n").length;
      last = { endLine: lines - countedTwice, emptyLines: empty_lines };
      starts.push(last.endLine - breaks.length);
      return cells;
    },
    skip_records_with_error: true,
    on_skip: (error) => {
      const empty = error !== undefined && "empty_lines" in error ? Number(error.empty_lines) - last.emptyLines : 0;
      unreadable ??= new UnreadableFile(last.endLine + 1 + empty, NEVER_CLOSED);
      return undefined;
    },
  });
  // Whatever ends the text ends the parser, and comes out of it below.
  pipeline(Readable.from(text), parser, () => {});
  for await (const cells of parser) {
    const line = starts.shift() ?? 0;
    // What follows a quote that is not closed is no line of its own.
    if (unreadable !== undefined && line >= unreadable.line) break;
    yield { line, cells };
  }
  if (unreadable !== undefined) throw unreadable;
}

const NEVER_CLOSED =
  "a quote that opens in this line is never closed: close it, and write a quote within a quoted cell twice";
