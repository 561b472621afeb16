import { useState } from "preact/hooks";
import { type RowTable, TABLES } from "../../../store/cells.ts";
import { goTo, linkTo, useRoute } from "../shared/route.ts";
import { useConsoleState } from "../shared/state.ts";
import { StillChecking } from "../shared/still-checking.tsx";
import { Overrides } from "./overrides.tsx";
import { RowEditor } from "./row-editor.tsx";
import { RowList } from "./row-list.tsx";
import type { Written } from "./use-reviewed.ts";
import { useRow } from "./use-row.ts";
import { useRows } from "./use-rows.ts";
import { WrittenNotice } from "./written-notice.tsx";
import "./rows.css";

/** Rows of every table, to be found, changed, added and removed; and the overrides, as a switch. */
export function RowsView() {
  const { params } = useRoute();
  const table = TABLES.find((each) => each === params.table) ?? "Routes";
  const find = params.find ?? "";
  const version = useConsoleState()?.version;
  const rows = useRows(table, find, version);
  const [written, setWritten] = useState<Written>();
  /** Counts writes of this view: what is shown is then asked for at once. */
  const [turn, setTurn] = useState(0);

  const close = () => goTo("rows", { table, find }, "replace");
  const onChanged = () => {
    rows.again();
    setTurn((count) => count + 1);
  };
  const onWritten = (now: Written) => {
    setWritten(now);
    close();
    onChanged();
  };
  return (
    <div class="view rows-view">
      <header>
        <h1>Change</h1>
        <StillChecking />
      </header>
      {written && (
        <WrittenNotice
          key={written.undo}
          written={written}
          onUndone={() => {
            setWritten(undefined);
            onChanged();
          }}
        />
      )}
      <Overrides version={`${version} ${turn}`} onWritten={onWritten} />
      <div class="controls">
        <Tables present={table} />
        <div class="field find-row">
          <label for="find-row">Find a row</label>
          <input
            id="find-row"
            type="search"
            placeholder={table === "CallerLists" ? "Caller or list" : "Any text of its keys and cells"}
            value={find}
            onInput={({ currentTarget }) => goTo("rows", { table, find: currentTarget.value }, "replace")}
          />
        </div>
        <a class="button" href={linkTo("rows", { table, find, add: "row" })}>
          New row…
        </a>
      </div>
      {rows.fault && <p class="fault">{rows.fault}</p>}
      <RowList table={table} find={find} rows={rows} reveal={params} />
      {params.add !== undefined && (
        <RowEditor key={table} table={table} onWritten={onWritten} onClose={close} onStartAgain={close} />
      )}
      {params.partition !== undefined && params.row !== undefined && (
        <OneRow
          key={`${table} ${params.partition}/${params.row}`}
          table={table}
          partition={params.partition}
          row={params.row}
          column={params.column}
          onWritten={onWritten}
          onClose={close}
        />
      )}
    </div>
  );
}

function Tables({ present }: { present: RowTable }) {
  return (
    <nav class="tables" aria-label="Tables">
      {TABLES.map((table) => (
        <a
          key={table}
          class="button"
          href={linkTo("rows", { table })}
          aria-current={table === present ? "true" : undefined}
        >
          {table}
        </a>
      ))}
    </nav>
  );
}

interface OneRowProps {
  readonly table: RowTable;
  readonly partition: string;
  readonly row: string;
  readonly column: string | undefined;
  readonly onWritten: (written: Written) => void;
  readonly onClose: () => void;
}

/** The row that the address names, in its form. */
function OneRow({ table, partition, row, column, onWritten, onClose }: OneRowProps) {
  const keys = { partitionKey: partition, rowKey: row };
  /** Counts how often the row was read anew. */
  const [turn, setTurn] = useState(0);
  const found = useRow(table, keys, turn);
  if (found.fault !== undefined) return <p class="fault">{found.fault}</p>;
  if (found.row === undefined) return null;
  if (found.row === null) {
    return (
      <p class="note" role="status">
        There is no row {partition}/{row} in {table}; it may have been removed.
      </p>
    );
  }
  return (
    <RowEditor
      key={turn}
      table={table}
      row={found.row}
      column={column}
      onWritten={onWritten}
      onClose={onClose}
      onStartAgain={() => setTurn(turn + 1)}
    />
  );
}
