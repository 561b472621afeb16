import { useState } from "preact/hooks";
import type { WriteAnswer } from "../../api.ts";
import { announce } from "../shared/announce.tsx";
import { post, saysOf } from "../shared/ask.ts";
import type { Written } from "./use-change.ts";

/** What was written last, with the way back. @param onUndone told when the rows are as they were */
export function WrittenNotice({ written, onUndone }: { written: Written; onUndone: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const undo = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await post<WriteAnswer>("/api/undo", { undo: written.undo });
      announce(`Undone: ${written.says}`);
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
        <button type="button" disabled={isBusy} onClick={undo}>
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
