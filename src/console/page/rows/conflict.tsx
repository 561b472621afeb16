import { useEffect, useRef } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import { type Cells, COLUMNS } from "../../../store/layouts.ts";
import { Comparison } from "./comparison.tsx";

interface ConflictProps {
  readonly table: RowTable;
  /** As the page read it. */
  readonly before: Cells | null;
  readonly ours: Cells | null;
  readonly theirs: Cells | null;
  readonly onStartAgain: () => void;
  readonly onClose: () => void;
}

/** What somebody else made of a row since the page read it, beside what was about to be written. */
export function Conflict({ table, before, ours, theirs, onStartAgain, onClose }: ConflictProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="review" role="alert">
      <h3 ref={heading} tabIndex={-1}>
        Somebody else has {theirs === null ? "removed" : "changed"} this row meanwhile
      </h3>
      <p>Nothing was written.</p>
      <Comparison
        caption="The row as it was, as they left it, and as you wanted it"
        columns={COLUMNS[table]}
        versions={[
          ["As it was", before],
          ["Theirs, now", theirs],
          ["Yours", ours],
        ]}
      />
      <div class="acts">
        {theirs !== null && (
          <button type="button" class="primary" onClick={onStartAgain}>
            Start again from theirs
          </button>
        )}
        <button type="button" onClick={onClose}>
          Leave it as it is
        </button>
      </div>
    </div>
  );
}
