import { useEffect, useRef } from "preact/hooks";
import { type Cells, COLUMNS } from "../../../store/layouts.ts";
import type { OverrideRequest, OverrideReviewAnswer } from "../../api/changing.ts";
import { ProblemList } from "../problems/problem-list.tsx";
import { Comparison } from "./comparison.tsx";
import { ReviewActs } from "./review-acts.tsx";
import { type Reviewed, verbOf } from "./use-reviewed.ts";

interface OverrideReviewProps {
  readonly isOff: boolean;
  readonly review: OverrideReviewAnswer;
  readonly change: Reviewed<OverrideRequest, OverrideReviewAnswer>;
  /** Leaves all as it is. */
  readonly onBack: () => void;
}

/** Whose calls a switch moves and which rows it writes, and the button that does it. */
export function OverrideReview({ isOff, review, change: { isBusy, fault, write }, onBack }: OverrideReviewProps) {
  const { edits, says, problems, ticket } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  // The form has gone, and with it what had the focus.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="review">
      <h3 ref={heading} tabIndex={-1}>
        What it would do
      </h3>
      <ul class="override-says">
        {says.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {says.length === 0 && edits.length > 0 && <li>No line's calls go elsewhere than now.</li>}
      </ul>
      {edits.map((edit) => (
        <section key={edit.place}>
          <h3>
            {verbOf(edit)} {edit.place}
          </h3>
          <Comparison
            caption={`${edit.place} before and after`}
            columns={COLUMNS.Routes}
            versions={[
              ["Before", edit.before],
              ["After", edit.after],
            ]}
          />
        </section>
      ))}
      {problems.length > 0 && (
        <section>
          <h3>Worth a look; it can be written all the same</h3>
          <ProblemList problems={problems} isLinked={false} />
        </section>
      )}
      {ticket === undefined && (
        <p class="fault">{edits.length === 0 ? "There is no such override any more." : "Nothing would change."}</p>
      )}
      <ReviewActs
        write={ticket === undefined ? undefined : isOff ? "Switch it off" : "Write"}
        isDanger={isOff}
        back={isOff ? "Leave it as it is" : "Back"}
        isBusy={isBusy}
        fault={fault}
        onWrite={write}
        onBack={onBack}
      />
    </div>
  );
}

interface OverrideConflictProps {
  /** Which row it is, and what they did to it. */
  readonly says: string;
  readonly theirs: Cells | null;
  readonly onStartAgain: () => void;
  readonly onClose: () => void;
}

/** What somebody else made of a row between the review and the write. */
export function OverrideConflict({ says, theirs, onStartAgain, onClose }: OverrideConflictProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="review" role="alert">
      <h3 ref={heading} tabIndex={-1}>
        Somebody else has {theirs === null ? "removed" : "changed"} a row meanwhile
      </h3>
      <p class="override-conflict">{says}</p>
      {theirs !== null && (
        <Comparison caption="The row as they left it" columns={COLUMNS.Routes} versions={[["Theirs, now", theirs]]} />
      )}
      <div class="acts">
        <button type="button" class="primary" onClick={onStartAgain}>
          Start again
        </button>
        <button type="button" onClick={onClose}>
          Leave it as it is
        </button>
      </div>
    </div>
  );
}
