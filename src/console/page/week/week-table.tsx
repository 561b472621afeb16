import type { WeekAnswer } from "../../api/looking.ts";
import { Table } from "../shared/table.tsx";
import { formatDate } from "../shared/time.ts";
import { Swatch } from "../shared/way-mark.tsx";
import { type Mark, markAt } from "../shared/ways.ts";
import { blocksOf, clockOf } from "./blocks.ts";

/** The same week in words: a row for each time at which something else happens. */
export function WeekTable({ week: { days, ways }, marks }: { week: WeekAnswer; marks: readonly Mark[] }) {
  const rows = days.flatMap(({ day, steps, exceptions, clockChange }) =>
    blocksOf(steps).map((block) => ({ day, block, notes: [...exceptions, ...(clockChange ? [clockChange] : [])] })),
  );
  return (
    <details class="as-table">
      <summary>The week as a table</summary>
      <Table
        caption="Who rings when"
        isCaptionHidden
        rows={rows}
        keyOf={({ day, block }) => `${day} ${block.first}`}
        columns={[
          { heading: "Day", cell: ({ day }) => formatDate(day) },
          { heading: "Time", cell: ({ block }) => `${clockOf(block.first)} to ${clockOf(block.end)}` },
          {
            heading: "Who rings",
            cell: ({ block }) =>
              block.ways.length === 0
                ? "The clocks jump over it"
                : block.ways.map((way, time) => (
                    <span key={way} class="with-mark">
                      {time === 1 && "The second time "}
                      <Swatch mark={markAt(marks, way)} /> {ways[way]?.who}
                    </span>
                  )),
          },
          {
            heading: "Decided by",
            cell: ({ block }) => [...new Set(block.ways.map((way) => ways[way]?.by))].join("; "),
          },
          { heading: "Notes", cell: ({ notes }) => notes.join("; ") },
        ]}
      />
    </details>
  );
}
