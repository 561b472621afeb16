import { type Cells, saysTheSameIn } from "../../../store/layouts.ts";
import { type Column, Table } from "../shared/table.tsx";

interface ComparisonProps {
  readonly caption: string;
  /** What the versions are called, and their cells; null is no row. */
  readonly versions: readonly (readonly [heading: string, cells: Cells | null])[];
  /** In the order in which people are shown them. */
  readonly columns: readonly string[];
}

/** Versions of a row beside each other, column by column; where they differ is marked. */
export function Comparison({ caption, versions, columns }: ComparisonProps) {
  const used = columns.filter((column) => versions.some(([, cells]) => cells?.[column] !== undefined));
  const [first = {}, ...others] = versions.map(([, cells]) => cells ?? {});
  const differs = (column: string) => others.some((other) => !saysTheSameIn(column, first, other));
  const shown: Column<string>[] = versions.map(([heading, cells]) => ({
    heading,
    cell: (column) => {
      const text = cells?.[column];
      if (text === undefined) return <span class="faint">{cells === null ? "no row" : "empty"}</span>;
      return differs(column) ? <mark>{text}</mark> : text;
    },
  }));
  return (
    <div class="comparison">
      <Table
        caption={caption}
        isCaptionHidden
        rows={used}
        keyOf={(column) => column}
        columns={[
          {
            heading: "Column",
            cell: (column) => (
              <>
                {column}
                {differs(column) && <span class="hidden"> (differs)</span>}
              </>
            ),
          },
          ...shown,
        ]}
        empty="No cell is filled in."
      />
    </div>
  );
}
