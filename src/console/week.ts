import { momentsOfWeek, weekOf } from "../book/week.ts";
import { isWrong } from "../errors.ts";
import { formatDay, type LocalDay, parseDay } from "../routing/dates.ts";
import type { Decision } from "../routing/decision.ts";
import type { WeekAnswer } from "./api.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { Edges } from "./edges.ts";
import { type Outlook, outlookFor } from "./outlook.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, required } from "./request.ts";
import { wayOf } from "./ways.ts";

/**
 * Seven days of a line for a caller, a quarter of an hour at a time. Calls are decided at the first moment and behind each
 * one at which something may change: in between, every quarter is like the one before it.
 */
export async function answerWeek(desk: Desk, request: ApiRequest): Promise<WeekAnswer> {
  const firstDay = dayIn(request);
  const outlook = await outlookFor(desk, request);
  const { timeZone, snapshot } = outlook;
  const decisions = await decisionsAt(momentsOfWeek(timeZone, firstDay), outlook, new Breather(request.signal));
  const week = weekOf(timeZone, firstDay, (atMs) => {
    const decision = decisions.get(atMs);
    if (decision === undefined) throw new RangeError(`no decision at ${atMs}`);
    return decision;
  });
  return {
    timeZone,
    ways: week.ways.map((decision) => wayOf(decision, snapshot.names)),
    days: week.days.map(({ day, steps }) => {
      const clockChange = outlook.clockChangeOn(day);
      return {
        day: formatDay(day),
        exceptions: outlook.exceptionsOn(day),
        ...(clockChange === undefined ? {} : { clockChange }),
        steps: steps.map(({ moments }) => moments),
      };
    }),
  };
}

/** The decision of each moment in epoch milliseconds. */
export async function decisionsAt(
  moments: readonly number[],
  outlook: Pick<Outlook, "book" | "listEdges" | "decisionAt">,
  breather: Breather,
): Promise<ReadonlyMap<number, Decision>> {
  // An hour that comes twice is laid out quarter by quarter.
  const inOrder = moments.toSorted((one, other) => one - other);
  const [first = 0, last = 0] = [inOrder[0], inOrder.at(-1)];
  const edges = [...new Edges(first, last + 1).of(outlook.book, outlook.listEdges)].reverse();
  const decisions = new Map<number, Decision>();
  let decision: Decision | undefined;
  for (const atMs of inOrder) {
    await breather.rest();
    for (let edge = edges.at(-1); edge !== undefined && edge <= atMs; edge = edges.at(-1)) {
      edges.pop();
      decision = undefined;
    }
    decision ??= await outlook.decisionAt(atMs);
    decisions.set(atMs, decision);
  }
  return decisions;
}

function dayIn(request: ApiRequest): LocalDay {
  const day = parseDay(required(request, "day"));
  if (isWrong(day)) throw new Refused(400, `day: ${day.wrong}.`);
  return day;
}
