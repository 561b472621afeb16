import type { ComponentChildren } from "preact";
import "./table.css";

export interface Column<T> {
  readonly heading: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Numbers stand right, so that their digits align. */
  readonly isNumber?: boolean;
}

export interface TableProps<T> {
  /** Says what the table holds; shown above it unless `isCaptionHidden`. */
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, index: number) => string;
  /** Stands in place of the rows when there are none. */
  readonly empty?: string;
}

/** A table whose first column names the row. On a narrow screen each row is a card, its cells labelled by their headings. */
export function Table<T>({ caption, isCaptionHidden = false, columns, rows, keyOf, empty }: TableProps<T>) {
  const [first, ...others] = columns;
  return (
    <table class="table">
      <caption class={isCaptionHidden ? "hidden" : ""}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ heading, isNumber }) => (
            <th key={heading} scope="col" class={isNumber ? "number" : ""}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={keyOf(row, index)}>
            {first && <th scope="row">{first.cell(row)}</th>}
            {others.map(({ heading, cell, isNumber }) => (
              <td key={heading} data-heading={heading} class={isNumber ? "number" : ""}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
        {rows.length === 0 && empty !== undefined && (
          <tr>
            <td colSpan={columns.length}>{empty}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
