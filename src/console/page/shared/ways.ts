import { unreachable } from "../../../errors.ts";
import type { Way } from "../../api.ts";

/** How a way is drawn, so that it is told from others with and without colour. The letters are those of `schedules show`. */
export interface Mark {
  /** Capital letters ring, small ones reject, signs are fallbacks, `!` is nobody at all. */
  readonly letter: string;
  /** Classes of the style sheet: a colour, and a pattern for what does not ring by a rule. */
  readonly tone: string;
}

const RINGING = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FALLING = "+=";
const REJECTING = "xyzwvutsrqponmlkjihgfedcba";
/** For a way beyond the letters; a line with so many is past being drawn. */
const OTHERS: Mark = { letter: "?", tone: "tone-ring-0" };
/** As many hues as the style sheet has. */
const HUES = 7;

/** The marks that ways of a line have had so far, by their ids. */
type Given = Map<string, Mark>;
const givenByLine = new Map<string, Given>();

/**
 * A mark for each way, in their order.
 *
 * @param line whose ways keep their marks from week to week; absent for a way on its own
 */
export function marksOf(ways: readonly Way[], line?: string): readonly Mark[] {
  const given: Given = (line === undefined ? undefined : givenByLine.get(line)) ?? new Map();
  if (line !== undefined) givenByLine.set(line, given);
  const countOf = (tones: string) => [...given.values()].filter(({ tone }) => tone.startsWith(tones)).length;
  return ways.map((way) => {
    const mark = given.get(way.id) ?? nextMark(way, countOf);
    given.set(way.id, mark);
    return mark;
  });
}

function nextMark({ kind, row }: Way, countOf: (tones: string) => number): Mark {
  const lettered = (letters: string, tones: string, tone = tones): Mark => ({
    letter: letters[countOf(tones)] ?? OTHERS.letter,
    tone,
  });
  switch (kind) {
    case "redirect":
      return lettered(RINGING, "tone-ring", `tone-ring-${countOf("tone-ring") % HUES}`);
    case "fallback":
      return lettered(FALLING, "tone-fallback");
    case "reject":
      return row === undefined ? { letter: "!", tone: "tone-nothing" } : lettered(REJECTING, "tone-reject");
    default:
      return unreachable(kind);
  }
}

/** The mark at an index of ways. */
export function markAt(marks: readonly Mark[], index: number): Mark {
  return marks[index] ?? OTHERS;
}

/** What becomes of a call, in a word more than `who` where there is no colour to see. */
export function outcomeOf({ kind, who }: Way): string {
  switch (kind) {
    case "redirect":
      return `rings ${who}`;
    case "fallback":
      return `falls back to ${who}`;
    case "reject":
      return who;
    default:
      return unreachable(kind);
  }
}
