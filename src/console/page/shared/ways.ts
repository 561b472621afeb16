import { unreachable } from "../../../errors.ts";
import type { Way } from "../../api/looking.ts";

/** How a way is drawn, so that it is told from others with and without colour. The letters are those of `schedules show`. */
export interface Mark {
  /** Capital letters ring, small ones reject, signs are fallbacks, `!` is nobody at all; two where one does not do. */
  readonly letter: string;
  /** Classes of the style sheet: a colour, and a pattern for what does not ring by a rule. */
  readonly tone: string;
}

/** After the last of them go on two together: `AA`, `AB`, …; `!` and `?` are taken. */
const RINGING = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FALLING = "+=#%&@~^";
const REJECTING = "xyzwvutsrqponmlkjihgfedcba";
/** For what is no way of the answer. */
const OTHERS: Mark = { letter: "?", tone: "tone-ring-0" };
/** As many hues as the style sheet has. */
const HUES = 7;
/** Answers whose ways keep their marks, over all lines. */
const MOST_ANSWERS = 24;

/** Which answer the ways are of. */
export interface WaysOf {
  readonly line: string;
  /** What was asked: a newer answer to it comes in place of the last one. */
  readonly path: string;
}

/** The marks that ways of a line have, by their ids. */
type Given = Map<string, Mark>;
const givenByLine = new Map<string, Given>();
/** The last answers by their paths, the latest last. */
const answers = new Map<string, WaysOf & { readonly ids: ReadonlySet<string> }>();

/**
 * A mark for each way, in their order.
 *
 * @param of whose ways keep their marks from week to week, as long as one of the last answers has them; absent for a way
 *   on its own
 */
export function marksOf(ways: readonly Way[], of?: WaysOf): readonly Mark[] {
  const given = of === undefined ? new Map<string, Mark>() : givenTo(of, ways);
  return ways.map((way) => {
    const mark = given.get(way.id) ?? nextMark(way, given);
    given.set(way.id, mark);
    return mark;
  });
}

/** The marks of a line without those of ways that are in no answer any more. */
function givenTo({ line, path }: WaysOf, ways: readonly Way[]): Given {
  answers.delete(path);
  answers.set(path, { line, path, ids: new Set(ways.map(({ id }) => id)) });
  const [oldest] = answers.keys();
  if (answers.size > MOST_ANSWERS && oldest !== undefined) answers.delete(oldest);
  const held = [...answers.values()];
  for (const [of, marks] of givenByLine) {
    const itsOwn = held.filter((answer) => answer.line === of);
    for (const id of marks.keys()) if (!itsOwn.some(({ ids }) => ids.has(id))) marks.delete(id);
    if (marks.size === 0) givenByLine.delete(of);
  }
  const given: Given = givenByLine.get(line) ?? new Map();
  givenByLine.set(line, given);
  return given;
}

function nextMark({ kind, row }: Way, given: Given): Mark {
  const taken = new Set([...given.values()].map(({ letter }) => letter));
  const freeOf = (alphabet: string, index = 0): number =>
    taken.has(lettersAt(alphabet, index)) ? freeOf(alphabet, index + 1) : index;
  const lettered = (alphabet: string, toneAt: (index: number) => string): Mark => {
    const index = freeOf(alphabet);
    return { letter: lettersAt(alphabet, index), tone: toneAt(index) };
  };
  switch (kind) {
    case "redirect":
      return lettered(RINGING, (index) => `tone-ring-${index % HUES}`);
    case "fallback":
      return lettered(FALLING, () => "tone-fallback");
    case "reject":
      return row === undefined ? { letter: "!", tone: "tone-nothing" } : lettered(REJECTING, () => "tone-reject");
    default:
      return unreachable(kind);
  }
}

/** As columns of a spreadsheet are counted: `A` to `Z`, then `AA`. */
function lettersAt(alphabet: string, index: number): string {
  const last = alphabet.charAt(index % alphabet.length);
  return index < alphabet.length ? last : lettersAt(alphabet, Math.floor(index / alphabet.length) - 1) + last;
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

/** What decides, where the line is plain: `Support/day` is `day` beside Support's own week. @param label of the line */
export function withoutLine(by: string, label: string | undefined): string {
  return label !== undefined && by.startsWith(`${label}/`) ? by.slice(label.length + 1) : by;
}
