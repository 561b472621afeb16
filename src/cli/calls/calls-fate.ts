import type { Reading } from "../../errors.ts";
import { OUTCOMES } from "../../notifications/outcome.ts";
import type { LoggedCall } from "../../store/call-list.ts";

/** What became of a call, in a word or two: how it ended, or why it never rang. */
export const FATES = [...OUTCOMES, "rejected", "refused", "under way"] as const;
export type Fate = (typeof FATES)[number];

/** Milliseconds after which a call that was only taken is one whose instance died: every deadline is over by then. */
const ABANDONED_MS = 60_000;

/** @param nowMs epoch milliseconds */
export function fateOf({ at, cells: { status, outcome } }: LoggedCall, nowMs: number): Fate {
  switch (status) {
    case "rejected":
    case "refused":
    case "failed":
      return status;
    case "gone":
      return "caller gone";
    case "claimed":
      return outcome === undefined && nowMs - at.getTime() > ABANDONED_MS ? "failed" : endOf(outcome);
    default:
      return endOf(outcome);
  }
}

function endOf(outcome: string | undefined): Fate {
  return outcome === undefined ? "under way" : (OUTCOMES.find((each) => each === outcome) ?? "unknown");
}

/** Whether nobody was rung, or nobody could be: what somebody should look into. */
export function isFailed(fate: Fate): boolean {
  return fate === "failed" || fate === "refused" || fate === "unreachable";
}

/** Whether somebody's fallback rang: no rule applied, or Graph refused the targets. */
export function usedFallback({ cells: { fallback, rule } }: LoggedCall): boolean {
  return fallback !== undefined || rule === "the line's fallback" || rule === "FALLBACK_TARGET";
}

export const fate: Reading<Fate> = (text) => {
  const bare = (each: string) => each.toLowerCase().replace(/[\s_\p{Pd}]/gu, "");
  return FATES.find((each) => bare(each) === bare(text)) ?? { wrong: `write ${FATES.join(", ")}` };
};
