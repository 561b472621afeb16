import type { Rule, ScheduleCondition } from "../routing/rule.ts";
import { nextChange, scheduleState } from "../routing/schedule.ts";
import type { Directory } from "./directory.ts";

/** How far ahead schedules are compared. Weeks repeat; holidays differ, and are not what most rules share. */
const DAYS_AHEAD = 35;

/** A time span in epoch milliseconds, without its end. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The times of rules, by their windows and by what their schedules do in the coming weeks. */
export class Times {
  readonly #directory: Directory;
  readonly #open = new Map<string, readonly Span[] | undefined>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Whether both rules count at some moment. */
  meet(one: Rule, other: Rule): boolean {
    if (!areMeeting(windowOf(one), windowOf(other))) return false;
    return this.#compare(one.schedule, other.schedule, meetSomewhere);
  }

  /** Whether the first counts only while the second does. */
  isWithin(one: Rule, other: Rule): boolean {
    if (!isInside(windowOf(one), windowOf(other))) return false;
    if (other.schedule === undefined) return true;
    if (one.schedule === undefined) return false;
    return this.#compare(one.schedule, other.schedule, (ours, theirs) =>
      ours.every((span) => theirs.some((each) => isInside(span, each))),
    );
  }

  /** Schedules that cannot be found have no times to compare. */
  #compare(
    one: ScheduleCondition | undefined,
    other: ScheduleCondition | undefined,
    compare: (ours: readonly Span[], theirs: readonly Span[]) => boolean,
  ): boolean {
    if (one === undefined || other === undefined) return true;
    const [ours, theirs] = [this.#openTimes(one), this.#openTimes(other)];
    return ours !== undefined && theirs !== undefined && compare(ours, theirs);
  }

  #openTimes({ schedule: name, negated }: ScheduleCondition): readonly Span[] | undefined {
    const key = `${negated ? "-" : "+"}${name.toLowerCase()}`;
    if (!this.#open.has(key)) this.#open.set(key, this.#findOpenTimes(name, !negated));
    return this.#open.get(key);
  }

  #findOpenTimes(name: string, open: boolean): readonly Span[] | undefined {
    const schedule = this.#directory.schedule(name);
    if (schedule === undefined || !("timeZone" in schedule)) return undefined;
    const find = (each: string) => this.#directory.schedule(each);
    const startMs = this.#directory.context.atMs;
    const endMs = startMs + DAYS_AHEAD * 24 * 3_600_000;
    const spans: Span[] = [];
    let fromMs = startMs;
    let isOpen = scheduleState(schedule, find, startMs).open;
    while (fromMs < endMs) {
      const change = nextChange(schedule, find, fromMs, DAYS_AHEAD);
      const untilMs = Math.min(change?.atMs ?? endMs, endMs);
      if (isOpen === open) spans.push({ fromMs, untilMs });
      fromMs = untilMs;
      isOpen = !isOpen;
    }
    return spans;
  }
}

function windowOf({ fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY }: Rule): Span {
  return { fromMs, untilMs };
}

function areMeeting(one: Span, other: Span): boolean {
  return one.fromMs < other.untilMs && other.fromMs < one.untilMs;
}

/** @param ours by time, as `theirs`; none of either overlap */
function meetSomewhere(ours: readonly Span[], theirs: readonly Span[]): boolean {
  let next = 0;
  for (const span of ours) {
    while ((theirs[next]?.untilMs ?? Number.POSITIVE_INFINITY) <= span.fromMs) next++;
    const other = theirs[next];
    if (other !== undefined && areMeeting(span, other)) return true;
  }
  return false;
}

function isInside(one: Span, other: Span): boolean {
  return one.fromMs >= other.fromMs && one.untilMs <= other.untilMs;
}
