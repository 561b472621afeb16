import { useEffect, useId, useState } from "preact/hooks";

/** Where a file is dropped, or chosen with the keyboard. */
export function FileField({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [tooMany, setTooMany] = useState(0);
  const take = (files: FileList | null | undefined) => {
    const [file, ...others] = files ?? [];
    if (file === undefined || isBusy) return;
    setTooMany(others.length === 0 ? 0 : others.length + 1);
    if (others.length === 0) onFile(file);
  };
  // On the whole window: the browser would leave the page for a file that is dropped beside the place meant for it.
  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const onFiles = (type: "dragover" | "drop", act: (files: FileList) => void) =>
      addEventListener(
        type,
        (event) => {
          if (!event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          act(event.dataTransfer.files);
        },
        { signal },
      );
    onFiles("dragover", () => setOver(true));
    onFiles("drop", (files) => {
      setOver(false);
      take(files);
    });
    // Into nothing: out of the window.
    addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && setOver(false), { signal });
    return () => listeners.abort();
  });
  return (
    <div class={`drop panel ${isOver ? "over" : ""}`}>
      <label for={id}>
        <strong>Drop a CSV file here, or choose one</strong>
        <span class="faint">
          As ringroute export writes it: lines.csv, routes.csv, schedules.csv or lists.csv; the columns tell the table.
        </span>
      </label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv"
        disabled={isBusy}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          // The same file, mended, may be chosen again.
          currentTarget.value = "";
        }}
      />
      {tooMany > 0 && (
        <p class="fault" role="alert">
          One file at a time is taken; {tooMany} were dropped, and none was read.
        </p>
      )}
    </div>
  );
}
