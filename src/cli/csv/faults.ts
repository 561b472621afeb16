/** What is wrong with a file, or worth knowing of it, and where. */
export interface CsvFault {
  readonly file: string;
  /** Counted from 1, the headings included. */
  readonly line: number;
  readonly column?: string;
  /** The cell's text, shortened. */
  readonly found?: string;
  /** What would be right. */
  readonly expected: string;
}

/** Longest text of a cell that a message shows. */
const MOST_SHOWN = 80;

/** One line: `lines.csv line 7, column number: found "4.41E+11"; digits lost in a spreadsheet: ...`. */
export function formatCsvFault({ file, line, column, found, expected }: CsvFault): string {
  const at = column === undefined ? "" : `, column ${column}`;
  return `${file} line ${line}${at}: ${found === undefined ? "" : `found "${shorten(found)}"; `}${expected}`;
}

export function shorten(text: string): string {
  const oneLine = text.replace(/\s+/g, " ");
  return oneLine.length <= MOST_SHOWN ? oneLine : `${oneLine.slice(0, MOST_SHOWN - 1)}…`;
}

/** The first few of something, and how many there are: a file may have a mistake in every line. */
export class FirstFew<T> {
  readonly items: T[] = [];
  count = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(item: T): void {
    this.count++;
    if (this.items.length < this.#most) this.items.push(item);
  }

  /** How many were not kept. */
  get more(): number {
    return this.count - this.items.length;
  }
}
