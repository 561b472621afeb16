import { useState } from "preact/hooks";
import type { RowView } from "../../api.ts";
import { Dialog } from "../shared/dialog.tsx";
import { useLines } from "../shared/lines.ts";
import { Conflict } from "./conflict.tsx";
import { cellsOfOverride, NEW_OVERRIDE } from "./override.ts";
import { OverrideForm } from "./override-form.tsx";
import { Review } from "./review.tsx";
import { useChange, type Written } from "./use-change.ts";

interface OverrideEditorProps {
  /** Those that there are. */
  readonly rows: readonly RowView[];
  /** The one to switch off; absent to switch one on. */
  readonly off: RowView | undefined;
  readonly onWritten: (written: Written) => void;
  readonly onClose: () => void;
}

/** Switches an override on or off: what changes is shown first, and written by a second act. */
export function OverrideEditor({ rows, off, onWritten, onClose }: OverrideEditorProps) {
  const lines = useLines().value?.lines ?? [];
  const [override, setOverride] = useState(NEW_OVERRIDE);
  const change = useChange(onWritten);
  const { step } = change;
  const keysOf = (rowKey: string) => ({ table: "Routes", keys: { partitionKey: "override", rowKey } }) as const;
  const before = off ?? rows.find(({ shown }) => shown.rowKey === override.scope);
  const etag = before === undefined ? {} : { etag: before.etag };
  return (
    <Dialog title={off === undefined ? "Switch an override on" : "Switch an override off"} onClose={onClose}>
      {step.kind === "editing" && off === undefined && (
        <OverrideForm
          override={override}
          lines={lines}
          faults={step.faults}
          fault={change.fault}
          isBusy={change.isBusy}
          onChange={setOverride}
          onReview={() =>
            change.review({ ...keysOf(override.scope), cells: cellsOfOverride(override, Date.now()), ...etag })
          }
        />
      )}
      {step.kind === "editing" && off !== undefined && (
        <>
          <p>Calls then go by the rules again, or by a wider override.</p>
          {change.fault && (
            <p class="fault" role="alert">
              {change.fault}
            </p>
          )}
          <div class="acts">
            <button
              type="button"
              class="primary"
              disabled={change.isBusy}
              onClick={() => change.review({ ...keysOf(off.shown.rowKey), cells: null, ...etag })}
            >
              Review…
            </button>
          </div>
        </>
      )}
      {step.kind === "reviewed" && <Review table="Routes" review={step.review} change={change} />}
      {step.kind === "conflict" && (
        <Conflict
          table="Routes"
          before={before?.cells ?? null}
          ours={step.ours}
          theirs={step.theirs}
          onStartAgain={change.edit}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
