import { useRef, useState } from "preact/hooks";
import type { StateAnswer } from "../../api/looking.ts";
import { Dialog } from "../shared/dialog.tsx";
import { takeBack } from "../shared/take-back.ts";
import { formatClock, READERS_ZONE } from "../shared/time.ts";

interface UndoDialogProps {
  readonly undoable: StateAnswer["undoable"];
  readonly onUndone: () => void;
  readonly onClose: () => void;
}

/** What has been written since the console was started, each to be put back as it was. */
export function UndoDialog({ undoable, onUndone, onClose }: UndoDialogProps) {
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const undo = async ({ id, says }: StateAnswer["undoable"][number]) => {
    setBusy(id);
    const trouble = await takeBack({ undo: id, says });
    setFault(trouble);
    if (trouble === undefined) {
      // The button goes, and with it what has the focus.
      list.current?.focus();
      onUndone();
    }
    setBusy(undefined);
  };
  return (
    <Dialog title="Changes of this session" onClose={onClose}>
      <p class="faint">They can be undone until the console is ended. Times in {READERS_ZONE}.</p>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <ul class="undo-list" ref={list} tabIndex={-1}>
        {undoable.map((change) => (
          <li key={change.id}>
            <span class="faint">{formatClock(change.atMs)}</span>
            <span>{change.says}</span>
            <button type="button" disabled={busy !== undefined} onClick={() => undo(change)}>
              Undo<span class="hidden"> {change.says}</span>
            </button>
          </li>
        ))}
        {undoable.length === 0 && <li>Nothing is left to undo.</li>}
      </ul>
    </Dialog>
  );
}
