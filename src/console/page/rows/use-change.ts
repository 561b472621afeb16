import { useState } from "preact/hooks";
import type { Cells } from "../../../store/layouts.ts";
import type { ReviewAnswer, ReviewRequest, WriteAnswer } from "../../api.ts";
import { announce } from "../shared/announce.tsx";
import { AskFault, post, saysOf } from "../shared/ask.ts";

/** How far a change of one row has come. */
export type ChangeStep =
  | { readonly kind: "editing"; readonly faults: ReviewAnswer["faults"] }
  | { readonly kind: "reviewed"; readonly review: ReviewAnswer }
  /** Somebody else has changed the row since the page read it; `theirs` is null when they removed it. */
  | { readonly kind: "conflict"; readonly ours: Cells | null; readonly theirs: Cells | null };

/** A write that has been done and can be undone. */
export interface Written {
  readonly says: string;
  readonly undo: string;
}

export interface Change {
  readonly step: ChangeStep;
  readonly isBusy: boolean;
  /** Why the last request was not done. */
  readonly fault?: string;
  /** Asks what the change would do. Writes nothing. */
  readonly review: (request: ReviewRequest) => Promise<void>;
  /** The second act: writes what was reviewed. */
  readonly write: () => Promise<void>;
  /** Back to the form. */
  readonly edit: () => void;
}

const EDITING: ChangeStep = { kind: "editing", faults: [] };

/** Leads a change of a row through its review to the write. @param onWritten told when it is done */
export function useChange(onWritten: (written: Written) => void): Change {
  const [step, setStep] = useState<ChangeStep>(EDITING);
  const [request, setRequest] = useState<ReviewRequest>();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  const attempt = async (ours: Cells | null, work: () => Promise<void>) => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof AskFault && thrown.status === 409 && thrown.theirs !== undefined)
        setStep({ kind: "conflict", ours, theirs: thrown.theirs });
      else setFault(saysOf(thrown));
    }
    setBusy(false);
  };

  return {
    step,
    isBusy,
    ...(fault === undefined ? {} : { fault }),
    review: async (asked) => {
      setRequest(asked);
      await attempt(asked.cells, async () => {
        const review = await post<ReviewAnswer>("/api/review", asked);
        setStep(review.faults.length > 0 ? { kind: "editing", faults: review.faults } : { kind: "reviewed", review });
      });
    },
    write: async () => {
      if (step.kind !== "reviewed" || step.review.ticket === undefined || request === undefined) return;
      const { ticket, place, before, after } = step.review;
      await attempt(after, async () => {
        const { undo } = await post<WriteAnswer>("/api/write", { ticket });
        const what = after === null ? "removed" : before === null ? "added" : "changed";
        const says = `${place} ${what}`;
        announce(says);
        onWritten({ says, undo });
      });
    },
    edit: () => {
      setFault(undefined);
      setStep(EDITING);
    },
  };
}
