import { isSystemColumn, RowReader, type RowTable, TABLES, textOf } from "../../store/cells.ts";
import { COLUMNS } from "../../store/layouts.ts";

export const KEY_COLUMNS = ["PartitionKey", "RowKey"] as const;

/** The headings of a table's file, in the order in which they are exported. */
export function headingsOf(table: RowTable): readonly string[] {
  return [...KEY_COLUMNS, ...COLUMNS[table]];
}

/** What stands below a heading: a column, something that is passed over, or nothing, since there is no heading. */
export type Heading =
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "ignored" }
  | { readonly kind: "blank" };

export interface HeadingFault {
  readonly found?: string;
  readonly expected: string;
}

/**
 * Reads the line of headings: free of letter case, spaces and order. Columns of the table service and of its tools
 * (`Timestamp`, `priority@type`) are passed over.
 */
export function readHeadings(
  cells: readonly string[],
  columns: readonly string[],
  required: readonly string[],
  suggest: (heading: string) => string,
): { readonly headings: readonly Heading[]; readonly faults: readonly HeadingFault[] } {
  const faults: HeadingFault[] = [];
  const seen = new Set<string>();
  const headings = cells.map((cell): Heading => {
    const text = textOf(cell);
    if (text === "") return { kind: "blank" };
    const name = columnOf(text, columns);
    if (name === undefined) {
      if (!isSystemColumn(text)) faults.push({ found: text, expected: suggest(text) });
      return { kind: "ignored" };
    }
    if (seen.has(name)) faults.push({ found: text, expected: `there are two columns ${name}: keep one of them` });
    seen.add(name);
    return { kind: "column", name };
  });
  const missing = required.filter((name) => !seen.has(name));
  if (missing.length > 0) {
    faults.push({ expected: `there is no column ${missing.join(", ")}: the headings are ${columns.join(", ")}` });
  }
  return { headings, faults };
}

/** Cells by the column's own spelling, from a line below headings; or how the line does not fit them. */
export function cellsBelow(
  headings: readonly Heading[],
  cells: readonly string[],
): ReadonlyMap<string, string> | { readonly wrong: string } {
  const extra = cells.findIndex((cell, at) => cell.trim() !== "" && (headings[at] ?? NO_HEADING).kind === "blank");
  const named = headings.findLastIndex(({ kind }) => kind !== "blank") + 1;
  if (cells.length < named || extra >= 0) {
    return {
      wrong: `the line has ${cells.length} cells and there are ${named} headings: is a delimiter or a quote missing?`,
    };
  }
  return new Map(
    headings.flatMap((heading, at) => (heading.kind === "column" ? [[heading.name, cells[at] ?? ""] as const] : [])),
  );
}

const NO_HEADING: Heading = { kind: "blank" };

/** The tables whose columns all of the headings are. */
export function tablesWith(cells: readonly string[]): readonly RowTable[] {
  const names = cells.map(textOf).filter((text) => text !== "");
  return TABLES.filter((table) => {
    const columns = headingsOf(table);
    return names.every((name) => columnOf(name, columns) !== undefined || isSystemColumn(name));
  });
}

/** Advice on a heading that the table does not have. */
export function suggestColumn(table: RowTable): (heading: string) => string {
  return (heading) => {
    const keys = { partitionKey: "", rowKey: "" };
    const [fault] = new RowReader(table, { [heading]: "", ...keys }, headingsOf(table)).faults;
    return `there is no such column: ${fault?.wrong.replace(/^.*ignored: /, "") ?? ""}`;
  };
}

function columnOf(heading: string, columns: readonly string[]): string | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[\s_-]/g, "");
  return columns.find((column) => bare(column) === bare(heading));
}
