import { useEffect, useState } from "preact/hooks";

const listeners = new Set<(text: string) => void>();

/** Tells users of a screen reader what has just happened and cannot be seen by them: `Undone: Routes support/day`. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** Where `announce` speaks; stands once in the page. */
export function Announcer() {
  const [text, setText] = useState("");
  useEffect(() => {
    listeners.add(setText);
    return () => {
      listeners.delete(setText);
    };
  }, []);
  return (
    <div class="hidden" aria-live="polite" role="status">
      {text}
    </div>
  );
}
