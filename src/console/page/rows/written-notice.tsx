import { useEffect, useRef, useState } from "preact/hooks";
import type { WriteAnswer } from "../../api.ts";
import { announce } from "../shared/announce.tsx";
import { post, saysOf } from "../shared/ask.ts";
import type { Written } from "./use-change.ts";

/** What was written last, with the way back. @param onUndone told when the rows are as they were */
export function WrittenNotice({ written, onUndone }: { written: Written; onUndone: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const focus = () => button.current?.focus();
    // As long as the dialog that led here is open, nothing else can have the focus.
    const dialog = document.querySelector("dialog[open]");
    if (dialog === null) focus();
    else dialog.addEventListener("close", focus, { once: true });
  }, []);
  const undo = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await post<WriteAnswer>("/api/undo", { undo: written.undo });
      announce(`Undone: ${written.says}`);
      // The button goes, and with it what has the focus.
      button.current?.closest("main")?.focus({ preventScroll: true });
      onUndone();
    } catch (thrown) {
      setFault(saysOf(thrown));
    }
    setBusy(false);
  };
  return (
    <>
      <p class="written">
        <span>{written.says}. Calls follow within seconds.</span>
        <button type="button" ref={button} disabled={isBusy} onClick={undo}>
          Undo<span class="hidden"> {written.says}</span>
        </button>
      </p>
      {fault && (
        <p class="fault" role="alert">
          It was not undone. {fault}
        </p>
      )}
    </>
  );
}
