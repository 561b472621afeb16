import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  /** Whether something was typed that closing throws away: it is then asked once. */
  readonly hasTyped?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, hasTyped = false, onClose, children }: DialogProps) {
  const [isAsking, setAsking] = useState(false);
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const isShown = useRef(true);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isShown.current = false;
      // A dialog that is only taken out of the page does not give the focus back.
      dialog?.close();
    };
  }, []);
  const isToAsk = hasTyped && !isAsking;
  const leave = () => (isToAsk ? setAsking(true) : element.current?.close());
  return (
    <dialog
      class="dialog"
      ref={element}
      aria-labelledby={titleId}
      onClose={() => isShown.current && onClose()}
      onInput={() => setAsking(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        // A browser may close at the second Escape without asking; a key that is held answers no question.
        if (isToAsk || event.repeat) event.preventDefault();
        if (isToAsk) setAsking(true);
      }}
      onCancel={(event) => {
        if (!isToAsk) return;
        event.preventDefault();
        setAsking(true);
      }}
    >
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="quiet" onClick={leave}>
          Close
        </button>
      </div>
      {isAsking && (
        <div class="note dialog-question" role="alert">
          <p>What you have typed is not written. Escape once more drops it.</p>
          <button type="button" onClick={() => setAsking(false)}>
            Go on typing
          </button>
          <button type="button" onClick={() => element.current?.close()}>
            Drop it
          </button>
        </div>
      )}
      {children}
    </dialog>
  );
}

/**
 * For a form that comes back into an open dialog: gives the focus to its field marked `autofocus`, which the browser
 * does only while a dialog opens.
 */
export function useAutofocus<T extends HTMLElement>(): RefObject<T | null> {
  const form = useRef<T>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("[autofocus]")?.focus(), []);
  return form;
}
