import { useState } from "preact/hooks";
import type { StateAnswer } from "../../api/looking.ts";
import { formatMoment, formatSpan } from "../shared/time.ts";
import { useNow } from "../shared/use-surroundings.ts";
import { UndoDialog } from "./undo.tsx";

/** Which tables these are, how old what is shown is, and what can be undone. */
export function Standing({ state, onUndone }: { state: StateAnswer | undefined; onUndone: () => void }) {
  const nowMs = useNow(1000);
  const [isOpen, setOpen] = useState(false);
  if (state === undefined) return <div class="standing">Asking for the tables…</div>;
  const { where, readAtMs, undoable } = state;
  return (
    <div class="standing">
      <p class="where" title={where}>
        Tables: {where}
      </p>
      <p title={formatMoment(readAtMs)}>Read {formatSpan(nowMs - readAtMs)} ago</p>
      {undoable.length > 0 && (
        <button type="button" class="quiet" onClick={() => setOpen(true)}>
          Undo… ({undoable.length})
        </button>
      )}
      {isOpen && <UndoDialog undoable={undoable} onUndone={onUndone} onClose={() => setOpen(false)} />}
    </div>
  );
}
