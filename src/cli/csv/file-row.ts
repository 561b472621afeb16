import type { Region } from "../../routing/phone-number.ts";
import { type RowTable, textOf } from "../../store/cells.ts";
import { type Cells, type RowKeys, rowOf } from "../../store/layouts.ts";
import { readKeys } from "../../store/typed-keys.ts";
import { faultsAlone } from "../rows/review-edit.ts";
import { damageOf, isMojibake, lostPlus } from "./damage.ts";
import type { CsvFault } from "./faults.ts";
import { readInert } from "./inert.ts";

/** A row of a file, good enough to be stored. */
export interface FileRow {
  readonly line: number;
  readonly keys: RowKeys;
  readonly cells: Cells;
}

/** What is wrong or noted in a line. */
export type LineFault = Pick<CsvFault, "column" | "found" | "expected">;

export interface ReadLine {
  readonly typed: RowKeys;
  /** Absent when something is wrong. */
  readonly row?: FileRow;
  readonly faults: readonly LineFault[];
  readonly notes: readonly LineFault[];
}

/** Columns that hold one number, where a spreadsheet takes the `+` away. */
const NUMBER_COLUMNS: Readonly<Record<RowTable, readonly string[]>> = {
  Lines: ["number", "RowKey"],
  Routes: ["PartitionKey"],
  Schedules: [],
  CallerLists: ["PartitionKey"],
};

/** One for all rows without cells, which most rows of long lists are. */
const NO_CELLS: Cells = {};

/**
 * Reads a line of a table's file with the readers that calls use. Here every fault counts, also one that would only cost
 * a cell: whoever imports is there to mend it.
 *
 * @param below the line's cells by column
 */
export function readFileRow(
  table: RowTable,
  line: number,
  below: ReadonlyMap<string, string>,
  region: Region | undefined,
): ReadLine {
  const texts = new Map([...below].map(([column, cell]) => [column, readInert(cell)]));
  const faults: LineFault[] = [];
  const notes: LineFault[] = [];
  for (const [column, text] of texts) {
    const damage = damageOf(table, column, textOf(text));
    if (damage !== undefined) faults.push({ column, found: text, expected: damage });
    if (isMojibake(text)) notes.push({ column, found: text, expected: "letters look spoilt by a wrong encoding" });
  }
  for (const column of NUMBER_COLUMNS[table]) {
    const found = texts.get(column) ?? "";
    const lost = lostPlus(textOf(found), region);
    if (lost?.kind === "uncertain")
      faults.push({
        column,
        found,
        expected: "write it with + and country code: without them it may be another number",
      });
    if (lost?.kind !== "certain") continue;
    // Keys get their one spelling below.
    if (column === "number") texts.set(column, lost.number);
    notes.push({ column, found, expected: `the + was lost, read as ${lost.number}` });
  }
  const typed = { partitionKey: texts.get("PartitionKey") ?? "", rowKey: texts.get("RowKey") ?? "" };
  const keys = readKeys(table, typed, region);
  const cells = cellsFrom(texts);
  const read = faultsAlone(table, rowOf("partitionKey" in keys ? keys : typed, cells), region);
  const named = new Set(faults.map(({ column }) => column));
  for (const { column, found, wrong } of "partitionKey" in keys ? read : [...keys, ...read]) {
    if (named.has(column)) continue;
    named.add(column);
    faults.push({ column, found, expected: wrong });
  }
  if (faults.length > 0 || !("partitionKey" in keys)) return { typed, faults, notes };
  return { typed, row: { line, keys, cells }, faults, notes };
}

function cellsFrom(texts: ReadonlyMap<string, string>): Cells {
  const filled = [...texts].flatMap(([column, text]) => {
    const cell = column === "PartitionKey" || column === "RowKey" ? "" : textOf(text);
    return cell === "" ? [] : [[column, cell] as const];
  });
  return filled.length === 0 ? NO_CELLS : Object.fromEntries(filled);
}
