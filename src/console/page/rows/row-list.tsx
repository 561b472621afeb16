import type { RowTable } from "../../../store/cells.ts";
import type { RowView } from "../../api/changing.ts";
import { goTo, type Params } from "../shared/route.ts";
import { formatTelling } from "../shared/time.ts";
import { NARROW, useMedia } from "../shared/use-surroundings.ts";
import { Cell, VirtualList } from "../shared/virtual-list.tsx";
import { LIST_COLUMNS } from "./table-columns.ts";
import type { Place, Rows } from "./use-rows.ts";

const ROW_HEIGHT = { wide: 36, narrow: 140 } as const;

interface RowListProps {
  readonly table: RowTable;
  readonly find: string;
  readonly rows: Rows;
  /** `partition` and `row` of the one to scroll to. */
  readonly reveal: Params;
}

/** The rows of a table; Enter or a click opens one. */
export function RowList({ table, find, rows, reveal }: RowListProps) {
  const isNarrow = useMedia(NARROW);
  const places = rows.places ?? [];
  const count = places.length === 1 ? "1 row" : `${places.length} rows`;
  return (
    <>
      <p class="faint" role="status">
        {rows.places && (find === "" ? count : `${count} with "${find}"`)}
        {rows.note && ` ${rows.note}`}
      </p>
      <VirtualList<Place>
        label={`Rows of ${table}`}
        headings={[...LIST_COLUMNS[table].map(({ heading }) => heading), "Standing"]}
        name={`row-columns row-columns-${table}`}
        items={places}
        keyOf={keyOf}
        rowHeight={isNarrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide}
        row={(place) => (typeof place === "number" ? <Waiting /> : <RowCells table={table} row={place} />)}
        onOpen={(place) => {
          if (typeof place === "number") return;
          const { partitionKey, rowKey } = place.keys;
          goTo("rows", { table, find, partition: partitionKey, row: rowKey });
        }}
        onDrawn={rows.onDrawn}
        {...(reveal.row === undefined ? {} : { reveal: `${reveal.partition}\n${reveal.row}` })}
        empty={emptyBecause(rows, find)}
      />
    </>
  );
}

function keyOf(place: Place): string {
  return typeof place === "number" ? String(place) : `${place.keys.partitionKey}\n${place.keys.rowKey}`;
}

function RowCells({ table, row }: { table: RowTable; row: RowView }) {
  return (
    <>
      {LIST_COLUMNS[table].map(({ heading, text, stored = text }) => {
        const [said, held] = [text(row), stored(row)];
        return (
          <Cell key={heading} heading={heading}>
            <span title={said === held ? said : `${said}: ${held}`}>{said}</span>
          </Cell>
        );
      })}
      <Cell heading="Standing">
        <span title={row.problems.map(({ says }) => says).join("\n")}>
          {row.problems.length > 0 && <ProblemFlag row={row} />}{" "}
          <span class="faint">{row.state && formatTelling(row.state)}</span>
        </span>
      </Cell>
    </>
  );
}

function ProblemFlag({ row: { problems } }: { row: RowView }) {
  const worst = problems.some(({ severity }) => severity === "error") ? "error" : "warning";
  return <span class={`flag ${worst}`}>{problems.length === 1 ? "1 problem" : `${problems.length} problems`}</span>;
}

function Waiting() {
  return <Cell name="faint">…</Cell>;
}

function emptyBecause({ places, fault }: Rows, find: string): string {
  if (places === undefined) return fault === undefined ? "Asking for the rows…" : "";
  return find === "" ? "There are no rows yet." : `No row has "${find}".`;
}
