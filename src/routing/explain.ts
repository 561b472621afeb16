import { unreachable } from "../errors.ts";
import { formatTerm } from "./caller-match.ts";
import type { RuleBook } from "./decide.ts";
import type { DecidedBy, Decision, DroppedTarget, TraceStep, WhyNot } from "./decision.ts";
import { formatMoment } from "./format-moment.ts";
import { formatHours } from "./hours.ts";
import type { Rule, ScheduleCondition } from "./rule.ts";
import { type DayPlan, nextChange, type ScheduleState } from "./schedule.ts";
import { formatTarget } from "./targets.ts";

/** Where a decision was made: with it, more can be said of each rule. */
export interface Surroundings {
  readonly book: RuleBook;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** By whose wall a rule's `from` and `until` are told. */
  readonly timeZone: string;
}

/** How far to look for a schedule that opens or closes again. */
const DAYS_AHEAD = 366;

/** The trace in sentences, one a line: every rule looked at and why it did not decide, then the decision. */
export function explain(decision: Decision): string[] {
  return [
    ...(decision.trace.goesRound ? ["The call keeps coming back, so rules are not asked."] : []),
    ...decision.trace.steps.flatMap((step) =>
      step.why === undefined ? [] : [`${step.partition}/${step.rule} ${explainStep(step)}.`],
    ),
    ...decision.trace.dropped.map(explainDropped),
    explainDecision(decision),
  ];
}

/** Who or what decided, as the log and the call list name it: `default/after-hours`. */
export function nameOfDecider(by: DecidedBy): string {
  switch (by.kind) {
    case "rule":
      return `${by.partition}/${by.name}`;
    case "line-fallback":
      return "the line's fallback";
    case "app-fallback":
      return "FALLBACK_TARGET";
    case "nothing":
      return "nothing";
    default:
      return unreachable(by);
  }
}

/** Why a rule did not decide, or that it applies: the sentence without the rule's name and without an end. */
export function explainStep({ partition, rule, why }: TraceStep, around?: Surroundings): string {
  if (why === undefined) return "applies";
  const row = around?.book.partitions.flat().find((each) => each.partition === partition && each.name === rule);
  return `does not apply: ${explainWhy(why, around, row)}`;
}

/** What was decided, and by what. */
function explainDecision(decision: Decision): string {
  const decider = nameOfDecider(decision.by);
  const noRule = decision.trace.goesRound ? "There" : "No rule applies and there";
  const because = decision.by.kind === "nothing" ? `${noRule} is no fallback` : `${decider} decides`;
  if (decision.kind === "reject") return `${because}: reject ${decision.reason}.`;
  const ring = { all: "", random: "one at random of ", "round-robin": "the next of " }[decision.ring];
  return `${because}: redirect to ${ring}${decision.targets.map(formatTarget).join(", ")}.`;
}

export function explainDropped({ rule, target, because }: DroppedTarget): string {
  const reason = because === "own-line" ? "it is the called line itself" : "the call already came from it";
  return `${rule} leaves out ${formatTarget(target)}: ${reason}.`;
}

function explainWhy(why: WhyNot, around: Surroundings | undefined, row: Rule | undefined): string {
  switch (why.kind) {
    case "disabled":
      return "it is not enabled";
    case "not-yet":
      return `it counts from ${momentIn(around, why.fromMs)}`;
    case "lapsed":
      return `it counted until ${momentIn(around, why.untilMs)}`;
    case "schedule":
      return `schedule ${why.condition.schedule} is ${explainState(why.state)}${changesNext(why.condition, around)}`;
    case "unknown-schedule":
      return `schedule "${why.condition.schedule}" does not exist, or has no hours that can be read`;
    case "caller":
      if (why.excludedBy !== undefined) return `it excludes ${formatTerm(why.excludedBy)}`;
      return `it is for other callers${row === undefined ? "" : ` (${row.caller.include.map(formatTerm).join(", ")})`}`;
    case "less-specific":
      return `${why.than} has the same priority and names the caller more closely`;
    case "nobody-left":
      return "it leaves nobody to ring";
    default:
      return unreachable(why);
  }
}

function momentIn(around: Surroundings | undefined, atMs: number): string {
  return around === undefined ? new Date(atMs).toISOString() : formatMoment(atMs, around.timeZone);
}

/** `closed by us-holidays/12-25 "Christmas"`, `closed (sunday closed)`, `open (monday 09:00-17:00)`. */
export function explainState({ open, settledBy }: ScheduleState): string {
  return `${open ? "open" : "closed"} ${explainPlan(settledBy)}`;
}

function explainPlan(plan: DayPlan): string {
  const hours = formatHours(plan.hours);
  if (plan.kind === "weekly") return `(${plan.weekday} ${hours})`;
  const { key, name } = plan.exception;
  const called = name === undefined ? "" : ` "${name}"`;
  return `by ${plan.schedule}/${key}${called}${plan.hours.length === 0 ? "" : ` (${hours})`}`;
}

function changesNext({ schedule: name, negated }: ScheduleCondition, around: Surroundings | undefined): string {
  const find = (each: string) => around?.book.schedules.get(each.toLowerCase());
  const schedule = find(name);
  if (around === undefined || schedule === undefined || !("timeZone" in schedule)) return "";
  const change = nextChange(schedule, find, around.atMs, DAYS_AHEAD);
  const verb = negated ? "closes" : "opens";
  if (change === undefined) return `, and never ${verb} within a year`;
  return `, and ${verb} next on ${formatMoment(change.atMs, schedule.timeZone)}`;
}
