import { FATES, type Fate, isFailed } from "../../../cli/calls/calls-fate.ts";
import type { CallView } from "../../api/calls.ts";

/** What became of a call; one that the page does not know counts as unknown. */
export function fateOf({ outcome }: CallView): Fate {
  return FATES.find((each) => each === outcome) ?? "unknown";
}

/** The class that gives an outcome its colour. */
export function classOf(fate: Fate): string {
  return `fate-${fate.replaceAll(" ", "-")}${isFailed(fate) ? " fate-failing" : ""}`;
}

/** The outcomes that occur, in the order of the command. */
export function fatesIn(calls: readonly CallView[]): readonly Fate[] {
  const occurring = new Set(calls.map(fateOf));
  return FATES.filter((each) => occurring.has(each));
}
