import { useEffect, useRef, useState } from "preact/hooks";
import { takeBack } from "../shared/take-back.ts";
import type { Written } from "./use-reviewed.ts";

/**
 * What was written last, with the way back, which takes two acts as a write does.
 *
 * @param onUndone told when the rows are as they were
 */
export function WrittenNotice({ written, onUndone }: { written: Written; onUndone: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const text = useRef<HTMLElement>(null);
  useEffect(() => {
    // Not on a button: a key that wrote may come twice, or be held.
    const focus = () => text.current?.focus();
    // As long as the dialog that led here is open, nothing else can have the focus.
    const dialog = document.querySelector("dialog[open]");
    if (dialog === null) focus();
    else dialog.addEventListener("close", focus, { once: true });
  }, []);
  const ask = (isToAsk: boolean) => {
    setAsking(isToAsk);
    text.current?.focus();
  };
  const undo = async () => {
    setBusy(true);
    const trouble = await takeBack(written);
    setFault(trouble);
    if (trouble === undefined) {
      // The button goes, and with it what has the focus.
      text.current?.closest("main")?.focus({ preventScroll: true });
      onUndone();
    }
    setBusy(false);
  };
  return (
    <>
      <p class="written">
        <span ref={text} tabIndex={-1}>
          {isAsking ? `Undo "${written.says}"?` : `${written.says}. Calls follow within seconds.`}
        </span>
        {isAsking ? (
          <>
            <button key="undo" type="button" disabled={isBusy} onKeyDown={ignoreHeld} onClick={undo}>
              Undo it
            </button>
            {/* Last, where Undo was: a double click there changes nothing. */}
            <button key="keep" type="button" disabled={isBusy} onKeyDown={ignoreHeld} onClick={() => ask(false)}>
              Leave it as it is
            </button>
          </>
        ) : (
          <button key="ask" type="button" onKeyDown={ignoreHeld} onClick={() => ask(true)}>
            Undo<span class="hidden"> {written.says}</span>
          </button>
        )}
      </p>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}

/** A key that is held presses a button but once. */
function ignoreHeld(event: KeyboardEvent) {
  if (event.repeat) event.preventDefault();
}
