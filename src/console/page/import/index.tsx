import { useState } from "preact/hooks";
import type { ImportAnswer, WriteAnswer } from "../../api/changing.ts";
import type { Written } from "../rows/use-reviewed.ts";
import { WrittenNotice } from "../rows/written-notice.tsx";
import { announce } from "../shared/announce.tsx";
import { pathOf, post, postFile, saysOf } from "../shared/ask.ts";
import { FileField } from "./file-field.tsx";
import { Plan } from "./plan.tsx";
import "./import.css";

/** How far an import has come. */
type Stage =
  | { readonly kind: "idle" }
  | { readonly kind: "reading"; readonly name: string }
  | { readonly kind: "planned"; readonly name: string; readonly answer: ImportAnswer }
  | { readonly kind: "writing"; readonly name: string; readonly answer: ImportAnswer }
  | { readonly kind: "written"; readonly written: Written };

/** A CSV file into a table: first what it would change, then, by a second act, the change. */
export function ImportView() {
  const [stage, setStage] = useState<Stage>({ kind: "idle" });
  const [fault, setFault] = useState<string>();

  const read = async (file: File) => {
    const { name } = file;
    setFault(undefined);
    setStage({ kind: "reading", name });
    try {
      const answer = await postFile<ImportAnswer>(pathOf("/api/import", { name }), file);
      setStage({ kind: "planned", name, answer });
      announce(answer.faults.length > 0 ? `${name} has mistakes` : `The plan of ${name} is ready`);
    } catch (thrown) {
      setStage({ kind: "idle" });
      setFault(`${name} was not read. ${saysOf(thrown)}`);
    }
  };
  const apply = async (name: string, answer: ImportAnswer) => {
    if (answer.ticket === undefined) return;
    setFault(undefined);
    setStage({ kind: "writing", name, answer });
    try {
      const written = await post<WriteAnswer>("/api/import/apply", { ticket: answer.ticket });
      announce(written.says);
      setStage({ kind: "written", written });
    } catch (thrown) {
      // A ticket serves once: the file has to be read again.
      setStage({ kind: "idle" });
      setFault(saysOf(thrown));
    }
  };

  return (
    <div class="view">
      <header>
        <h1>Import</h1>
        <p class="faint">Rows that the file does not name stay. One wrong line, and nothing is written.</p>
      </header>
      <FileField isBusy={stage.kind === "reading" || stage.kind === "writing"} onFile={read} />
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {stage.kind === "reading" && <Progress says={`Reading ${stage.name}…`} />}
      {stage.kind === "writing" && (
        <Progress says={`Writing ${stage.answer.added + stage.answer.changed} rows to ${stage.answer.table}…`} />
      )}
      {stage.kind === "planned" && (
        <Plan
          name={stage.name}
          answer={stage.answer}
          onApply={() => apply(stage.name, stage.answer)}
          onCancel={() => setStage({ kind: "idle" })}
        />
      )}
      {stage.kind === "written" && (
        <WrittenNotice written={stage.written} onUndone={() => setStage({ kind: "idle" })} />
      )}
    </div>
  );
}

function Progress({ says }: { says: string }) {
  return (
    <p role="status" class="progress">
      {says} <progress aria-label={says} />
    </p>
  );
}
