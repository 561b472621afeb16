import { useState } from "preact/hooks";
import type { Cells } from "../../../store/layouts.ts";
import type { WriteAnswer } from "../../api/changing.ts";
import { announce } from "../shared/announce.tsx";
import { AskFault, post, saysOf } from "../shared/ask.ts";

/** What every review has, whatever it is of. */
interface AnyReview {
  /** Absent when it may not be written. */
  readonly ticket?: string;
  /** What is wrong with what was asked for; the form shows it. */
  readonly faults: readonly unknown[];
}

/** How far a change has come. */
export type Step<Request, Review extends AnyReview> =
  | { readonly kind: "asking"; readonly faults: Review["faults"] | readonly [] }
  | { readonly kind: "reviewed"; readonly asked: Request; readonly review: Review }
  /** Somebody else has changed a row since the page read it, as `says` tells; `theirs` is null when they removed it. */
  | { readonly kind: "conflict"; readonly asked: Request; readonly says: string; readonly theirs: Cells | null };

/** A write that has been done and can be undone. */
export type Written = Pick<WriteAnswer, "says" | "undo">;

export interface Reviewed<Request, Review extends AnyReview> {
  readonly step: Step<Request, Review>;
  readonly isBusy: boolean;
  /** Why the last request was not done. */
  readonly fault?: string;
  /** Asks what the change would do. Writes nothing. */
  readonly review: (request: Request) => Promise<void>;
  /** The second act: writes what was reviewed. */
  readonly write: () => Promise<void>;
  /** Back to the form. */
  readonly edit: () => void;
}

/**
 * Leads a change, of one row or of several, through its review to the write.
 *
 * @param path what is asked for the review: `/api/review`
 * @param onWritten told when it is done
 */
export function useReviewed<Request, Review extends AnyReview>(
  path: string,
  onWritten: (written: Written) => void,
): Reviewed<Request, Review> {
  const [step, setStep] = useState<Step<Request, Review>>({ kind: "asking", faults: [] });
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  const attempt = async (asked: Request, work: () => Promise<void>) => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof AskFault && thrown.status === 409 && thrown.theirs !== undefined)
        setStep({ kind: "conflict", asked, says: thrown.message, theirs: thrown.theirs });
      else setFault(saysOf(thrown));
    }
    setBusy(false);
  };

  return {
    step,
    isBusy,
    ...(fault === undefined ? {} : { fault }),
    review: (asked) =>
      attempt(asked, async () => {
        const review = await post<Review>(path, asked);
        const { faults } = review;
        setStep(faults.length > 0 ? { kind: "asking", faults } : { kind: "reviewed", asked, review });
      }),
    write: async () => {
      if (step.kind !== "reviewed") return;
      const { ticket } = step.review;
      if (ticket === undefined) return;
      await attempt(step.asked, async () => {
        const written = await post<WriteAnswer>("/api/write", { ticket });
        announce(written.says);
        onWritten(written);
      });
    },
    edit: () => {
      setFault(undefined);
      setStep({ kind: "asking", faults: [] });
    },
  };
}

/** What a review calls an edit: `Remove`. */
export function verbOf({ before, after }: { readonly before: Cells | null; readonly after: Cells | null }): string {
  if (after === null) return "Remove";
  return before === null ? "Add" : "Change";
}
