import { useState } from "preact/hooks";
import type { Cells } from "../../../store/layouts.ts";
import type { OverrideOffRequest, OverrideRequest, OverrideReviewAnswer, WriteAnswer } from "../../api.ts";
import { announce } from "../shared/announce.tsx";
import { AskFault, post, saysOf } from "../shared/ask.ts";
import type { Written } from "./use-change.ts";

/** How far a switch has come. */
export type OverrideStep =
  | { readonly kind: "asking"; readonly faults: OverrideReviewAnswer["faults"] }
  | { readonly kind: "reviewed"; readonly review: OverrideReviewAnswer }
  /** Somebody else has changed a row since; `theirs` is null when they removed it. */
  | { readonly kind: "conflict"; readonly says: string; readonly theirs: Cells | null };

export interface OverrideChange {
  readonly step: OverrideStep;
  readonly isBusy: boolean;
  /** Why the last request was not done. */
  readonly fault?: string;
  /** Ask what the switch would do. Write nothing. */
  readonly reviewOn: (request: OverrideRequest) => Promise<void>;
  readonly reviewOff: (request: OverrideOffRequest) => Promise<void>;
  /** The second act: writes what was reviewed. */
  readonly write: () => Promise<void>;
  /** Back to the form. */
  readonly edit: () => void;
}

const ASKING: OverrideStep = { kind: "asking", faults: [] };

/** Leads the switching of an override, which may take several rows, through its review to the write. */
export function useOverrideChange(onWritten: (written: Written) => void): OverrideChange {
  const [step, setStep] = useState<OverrideStep>(ASKING);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof AskFault && thrown.status === 409 && thrown.theirs !== undefined)
        setStep({ kind: "conflict", says: thrown.message, theirs: thrown.theirs });
      else setFault(saysOf(thrown));
    }
    setBusy(false);
  };
  const review = (path: string, request: OverrideRequest | OverrideOffRequest) =>
    attempt(async () => {
      const answer = await post<OverrideReviewAnswer>(path, request);
      const { faults } = answer;
      setStep(faults.length > 0 ? { kind: "asking", faults } : { kind: "reviewed", review: answer });
    });

  return {
    step,
    isBusy,
    ...(fault === undefined ? {} : { fault }),
    reviewOn: (request) => review("/api/override/review", request),
    reviewOff: (request) => review("/api/override/off/review", request),
    write: async () => {
      if (step.kind !== "reviewed" || step.review.ticket === undefined) return;
      const { ticket, edits } = step.review;
      await attempt(async () => {
        const { undo } = await post<WriteAnswer>("/api/write", { ticket });
        const says = edits.map((edit) => `${edit.place} ${doneTo(edit)}`).join(", ");
        announce(says);
        onWritten({ says, undo });
      });
    },
    edit: () => {
      setFault(undefined);
      setStep(ASKING);
    },
  };
}

function doneTo({ before, after }: OverrideReviewAnswer["edits"][number]): string {
  if (after === null) return "removed";
  return before === null ? "added" : "changed";
}
