import { type LocalDay, MS_PER_MINUTE, weekdayIndexOf } from "../routing/dates.ts";
import type { RuleBook } from "../routing/decide.ts";
import type { Decision } from "../routing/decision.ts";
import { nameOfDecider } from "../routing/explain.ts";
import { momentsOf, wallTimeAt } from "../routing/time-zone.ts";
import { Edges } from "./edges.ts";

export const STEP_MINUTES = 15;
const STEPS_A_DAY = 1440 / STEP_MINUTES;

/** A quarter of an hour on the wall, by the moments at which it begins: none when the clocks jump over it, two when they go back. */
export interface WeekStep {
  readonly msOfDay: number;
  /** Each moment in epoch milliseconds with the index of its way in `Week.ways`. */
  readonly moments: readonly { readonly atMs: number; readonly way: number }[];
}

export interface WeekDay {
  readonly day: LocalDay;
  readonly steps: readonly WeekStep[];
}

/** Who rings when, over seven days on the wall of a zone. */
export interface Week {
  readonly timeZone: string;
  readonly days: readonly WeekDay[];
  /** The first decision of each kind, in the order in which the week meets them. */
  readonly ways: readonly Decision[];
}

/** The Monday of the week of a moment. */
export function mondayOf(timeZone: string, atMs: number): LocalDay {
  const { day } = wallTimeAt(timeZone, atMs);
  return day - weekdayIndexOf(day);
}

/** The moments at which the steps of a week begin, in epoch milliseconds: those for which `weekOf` asks a decision. */
export function momentsOfWeek(timeZone: string, firstDay: LocalDay): readonly number[] {
  return daysOf(firstDay).flatMap((day) => stepsOf().flatMap((msOfDay) => beginningsOf(timeZone, day, msOfDay)));
}

/** How calls of a line and a caller are decided, whenever they come. */
export interface CallOutlook {
  /** The rows that the calls touch. */
  readonly book: RuleBook;
  /** When the caller leaves a list, in epoch milliseconds. */
  readonly listEdges: readonly number[];
  /** @param atMs epoch milliseconds */
  decisionAt(atMs: number): Promise<Decision>;
}

/** A week of a line for a caller. @param rest called before each quarter, for who has something else to do meanwhile */
export async function decideWeek(
  timeZone: string,
  firstDay: LocalDay,
  outlook: CallOutlook,
  rest?: () => Promise<void>,
): Promise<Week> {
  const decisions = await decisionsAt(momentsOfWeek(timeZone, firstDay), outlook, rest);
  return weekOf(timeZone, firstDay, (atMs) => {
    const decision = decisions.get(atMs);
    if (decision === undefined) throw new RangeError(`no decision at ${atMs}`);
    return decision;
  });
}

/**
 * The decision of each moment in epoch milliseconds. Calls are decided at the first and behind each edge, at which
 * something may change: in between, every moment is like the one before it.
 */
export async function decisionsAt(
  moments: readonly number[],
  outlook: CallOutlook,
  rest: () => Promise<void> = async () => {},
): Promise<ReadonlyMap<number, Decision>> {
  // An hour that comes twice is laid out quarter by quarter.
  const inOrder = moments.toSorted((one, other) => one - other);
  const [first = 0, last = 0] = [inOrder[0], inOrder.at(-1)];
  const edges = [...new Edges(first, last + 1).of(outlook.book, outlook.listEdges)].reverse();
  const decisions = new Map<number, Decision>();
  let decision: Decision | undefined;
  for (const atMs of inOrder) {
    await rest();
    for (let edge = edges.at(-1); edge !== undefined && edge <= atMs; edge = edges.at(-1)) {
      edges.pop();
      decision = undefined;
    }
    decision ??= await outlook.decisionAt(atMs);
    decisions.set(atMs, decision);
  }
  return decisions;
}

/**
 * Lays out a week. Decisions count as one way when the same row or setting decides and the same targets may ring.
 *
 * @param decisionAt the decision of a call at a moment in epoch milliseconds
 */
export function weekOf(timeZone: string, firstDay: LocalDay, decisionAt: (atMs: number) => Decision): Week {
  const ways: Decision[] = [];
  const indexes = new Map<string, number>();
  const wayOf = (decision: Decision) => {
    const identity = identityOf(decision);
    const known = indexes.get(identity);
    if (known !== undefined) return known;
    indexes.set(identity, ways.length);
    return ways.push(decision) - 1;
  };
  const days = daysOf(firstDay).map((day) => ({
    day,
    steps: stepsOf().map((msOfDay) => ({
      msOfDay,
      moments: beginningsOf(timeZone, day, msOfDay).map((atMs) => ({ atMs, way: wayOf(decisionAt(atMs)) })),
    })),
  }));
  return { timeZone, days, ways };
}

function daysOf(firstDay: LocalDay): LocalDay[] {
  return Array.from({ length: 7 }, (_, index) => firstDay + index);
}

function stepsOf(): number[] {
  return Array.from({ length: STEPS_A_DAY }, (_, step) => step * STEP_MINUTES * MS_PER_MINUTE);
}

function beginningsOf(timeZone: string, day: LocalDay, msOfDay: number): number[] {
  const found = momentsOf(timeZone, { day, msOfDay });
  if (found.kind === "once") return [found.atMs];
  return found.kind === "twice" ? [found.firstMs, found.secondMs] : [];
}

/** The same text for decisions that are one way: the same row or setting decides, and the same targets may ring. */
export function identityOf(decision: Decision): string {
  const does = decision.kind === "reject" ? decision.reason : decision.targets.map(({ kind, id }) => [kind, id]);
  return JSON.stringify([nameOfDecider(decision.by), decision.by.kind, decision.kind, does]);
}
