import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import "./dialog.css";

/** A modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const { title, onClose, children } = props;
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
  return (
    <dialog class="dialog" ref={element} aria-labelledby={titleId} onClose={() => isShown.current && onClose()}>
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="quiet" onClick={() => element.current?.close()}>
          Close
        </button>
      </div>
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
