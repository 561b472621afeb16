import { useRef, useState } from "preact/hooks";
import type { WriteAnswer } from "../../api/changing.ts";
import type { StateAnswer } from "../../api/looking.ts";
import { announce } from "../shared/announce.tsx";
import { post, saysOf } from "../shared/ask.ts";
import { Dialog } from "../shared/dialog.tsx";
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
    setFault(undefined);
    try {
      await post<WriteAnswer>("/api/undo", { undo: id });
      announce(`Undone: ${says}`);
      // The button goes, and with it what has the focus.
      list.current?.focus();
      onUndone();
    } catch (thrown) {
      setFault(`${says} was not undone. ${saysOf(thrown)}`);
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
