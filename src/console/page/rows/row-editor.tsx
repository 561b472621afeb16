import { useState } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import { type Cells, placeOf, type RowKeys, saysTheSame } from "../../../store/layouts.ts";
import type { ReviewAnswer, ReviewRequest, RowView } from "../../api/changing.ts";
import { Dialog } from "../shared/dialog.tsx";
import { Conflict } from "./conflict.tsx";
import { Review } from "./review.tsx";
import { RowForm } from "./row-form.tsx";
import { useReviewed, type Written } from "./use-reviewed.ts";

export interface RowEditorProps {
  readonly table: RowTable;
  /** As the page read it; absent for a new one. */
  readonly row?: RowView | undefined;
  /** The column whose field gets the focus. */
  readonly column?: string | undefined;
  readonly onWritten: (written: Written) => void;
  readonly onClose: () => void;
  /** Reads the row anew, as somebody else has left it. */
  readonly onStartAgain: () => void;
}

/** A dialog in which a row is changed, reviewed and written. */
export function RowEditor({ table, row, column, onWritten, onClose, onStartAgain }: RowEditorProps) {
  const firstKeys: RowKeys = row?.shown ?? { partitionKey: table === "Lines" ? "line" : "", rowKey: "" };
  const firstCells: Cells = row?.cells ?? {};
  const [keys, setKeys] = useState(firstKeys);
  const [cells, setCells] = useState(firstCells);
  const change = useReviewed<ReviewRequest, ReviewAnswer>("/api/review", onWritten);
  const { step } = change;
  const etag = row === undefined ? {} : { etag: row.etag };
  const title = row === undefined ? `New row of ${table}` : placeOf({ table, ...row.named });
  const hasTyped =
    keys.partitionKey !== firstKeys.partitionKey || keys.rowKey !== firstKeys.rowKey || !saysTheSame(cells, firstCells);
  return (
    <Dialog title={title} hasTyped={hasTyped} onClose={onClose}>
      {step.kind === "asking" && (
        <RowForm
          table={table}
          keys={keys}
          isNew={row === undefined}
          cells={cells}
          column={column}
          faults={step.faults}
          problems={row?.problems ?? []}
          isBusy={change.isBusy}
          fault={change.fault}
          onKeys={setKeys}
          onCells={setCells}
          onReview={() => change.review({ table, keys, cells: filledIn(cells), ...etag })}
          onRemove={() => change.review({ table, keys, cells: null, ...etag })}
        />
      )}
      {step.kind === "reviewed" && <Review table={table} review={step.review} change={change} />}
      {step.kind === "conflict" && (
        <Conflict
          table={table}
          before={row?.cells ?? null}
          ours={step.asked.cells}
          theirs={step.theirs}
          onStartAgain={onStartAgain}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

/** A field that is left empty is no cell. */
function filledIn(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, text]) => text.trim() !== ""));
}
