import { useEffect, useRef } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import { COLUMNS, saysTheSame } from "../../../store/layouts.ts";
import type { ReviewAnswer, ReviewRequest } from "../../api/changing.ts";
import { ProblemList } from "../problems/problem-list.tsx";
import { Comparison } from "./comparison.tsx";
import { ReviewActs } from "./review-acts.tsx";
import { type Reviewed, verbOf } from "./use-reviewed.ts";

interface ReviewProps {
  readonly table: RowTable;
  readonly review: ReviewAnswer;
  readonly change: Reviewed<ReviewRequest, ReviewAnswer>;
}

/** What a change would do, and the button that does it. */
export function Review({ table, review, change: { isBusy, fault, write, edit } }: ReviewProps) {
  const { before, after, problems, ticket, place } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  // The form has gone, and with it what had the focus.
  useEffect(() => heading.current?.focus(), []);
  const isSame = before !== null && after !== null && saysTheSame(before, after);
  return (
    <div class="review">
      <h3 ref={heading} tabIndex={-1}>
        {verbOf(review)} {place}
      </h3>
      <Comparison
        caption="Before and after"
        columns={COLUMNS[table]}
        versions={[
          ["Before", before],
          ["After", after],
        ]}
      />
      {problems.length > 0 && (
        <section>
          <h3>New problems that this brings</h3>
          <ProblemList problems={problems} isLinked={false} />
        </section>
      )}
      {ticket === undefined && (
        <p class="fault">
          {isSame ? "Nothing would change." : "It cannot be written as long as it brings such problems."}
        </p>
      )}
      <ReviewActs
        write={ticket === undefined ? undefined : after === null ? "Remove it" : "Write"}
        isDanger={after === null}
        back="Back"
        isBusy={isBusy}
        fault={fault}
        onWrite={write}
        onBack={edit}
      />
    </div>
  );
}
