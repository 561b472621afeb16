import type { ResultInfo } from "./call-event.ts";

/** How a call ended, as far as Graph tells. */
export const OUTCOMES = [
  "answered",
  "no answer",
  "busy",
  "declined",
  "unreachable",
  "caller gone",
  "failed",
  "unknown",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * Pairs of `code/subcode` with a known meaning, from Graph's page on deleting a call and from Azure Communication
 * Services' table of call ends, which has the same calling backend behind it. An `*` stands for any subcode.
 *
 * A normal end (200) of which neither says that somebody had answered stays unknown: no documented pair tells whether a
 * redirected call was answered, and a missing `answeredBy` proves nothing.
 */
const PAIRS: Readonly<Record<string, Outcome>> = {
  "200/4097": "answered",
  "200/4521": "answered",
  "200/18503": "answered",
  "200/540000": "answered",
  "200/560000": "answered",
  "0/540000": "answered",
  "0/560000": "answered",
  "487/10003": "answered",
  "487/10004": "no answer",
  "480/560480": "no answer",
  "487/10024": "declined",
  "603/*": "declined",
  "486/*": "busy",
  "600/*": "busy",
  "487/*": "caller gone",
  "497/*": "caller gone",
  "480/*": "unreachable",
  "408/*": "unreachable",
  "400/8541": "unreachable",
};

/** Classes a call's end. `answered` says that the notification names somebody who answered. */
export function outcomeOf({ code, subcode }: ResultInfo, answered: boolean): Outcome {
  if (answered) return "answered";
  if (code === undefined) return "unknown";
  return PAIRS[`${code}/${subcode}`] ?? PAIRS[`${code}/*`] ?? byHundred(code);
}

function byHundred(code: number): Outcome {
  if (code >= 400 && code < 600) return "failed";
  return code >= 600 && code < 700 ? "declined" : "unknown";
}
