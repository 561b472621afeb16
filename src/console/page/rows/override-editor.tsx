import { useEffect, useState } from "preact/hooks";
import type { OverrideRequest, OverrideReviewAnswer, RowView } from "../../api/changing.ts";
import { Dialog } from "../shared/dialog.tsx";
import { useLines } from "../shared/lines.ts";
import { NEW_OVERRIDE, requestOf } from "./override.ts";
import { OverrideForm } from "./override-form.tsx";
import { OverrideConflict, OverrideReview } from "./override-review.tsx";
import { useReviewed, type Written } from "./use-reviewed.ts";

interface OverrideEditorProps {
  /** The one to switch off; absent to switch one on. */
  readonly off: RowView | undefined;
  readonly onWritten: (written: Written) => void;
  readonly onClose: () => void;
}

/** Switches an override on or off: whose calls move is shown first, and written by a second act. */
export function OverrideEditor({ off, onWritten, onClose }: OverrideEditorProps) {
  const lines = useLines().value?.lines ?? [];
  const [override, setOverride] = useState(NEW_OVERRIDE);
  const isOff = off !== undefined;
  const path = isOff ? "/api/override/off/review" : "/api/override/review";
  const change = useReviewed<OverrideRequest, OverrideReviewAnswer>(path, onWritten);
  const { step, fault, isBusy } = change;
  // What to switch off has been said by the button that led here.
  const askOff = () => off && change.review({ scope: off.shown.rowKey });
  useEffect(() => void askOff(), []);
  return (
    <Dialog
      title={isOff ? "Switch an override off" : "Switch an override on"}
      hasTyped={!isOff && override !== NEW_OVERRIDE}
      onClose={onClose}
    >
      {step.kind === "asking" && !isOff && (
        <OverrideForm
          override={override}
          lines={lines}
          faults={step.faults}
          fault={fault}
          isBusy={isBusy}
          onChange={setOverride}
          onReview={(scope) => change.review(requestOf(override, scope))}
        />
      )}
      {step.kind === "asking" &&
        isOff &&
        (fault === undefined ? (
          <p role="status">Asking whose calls it moves…</p>
        ) : (
          <>
            <p class="fault" role="alert">
              {fault}
            </p>
            <div class="acts">
              <button type="button" disabled={isBusy} onClick={askOff}>
                Try again
              </button>
            </div>
          </>
        ))}
      {step.kind === "reviewed" && (
        <OverrideReview isOff={isOff} review={step.review} change={change} onBack={isOff ? onClose : change.edit} />
      )}
      {step.kind === "conflict" && (
        <OverrideConflict
          says={step.says}
          theirs={step.theirs}
          onStartAgain={() => {
            change.edit();
            askOff();
          }}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
