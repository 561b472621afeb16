import { useId, useState } from "preact/hooks";

/** Where a file is dropped, or chosen with the keyboard. */
export function FileField({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const [file] = files ?? [];
    if (file !== undefined && !isBusy) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside takes the keys
    <div
      class={`drop panel ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <label for={id}>
        <strong>Drop a CSV file here, or choose one</strong>
        <span class="faint">
          As ringroute export writes it: Lines.csv, Routes.csv, Schedules.csv or CallerLists.csv; the columns tell the
          table.
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
    </div>
  );
}
