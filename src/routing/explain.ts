import { unreachable } from "../errors.ts";
import { formatTerm } from "./caller-match.ts";
import type { DecidedBy, Decision, DroppedTarget, TraceStep, WhyNot } from "./decision.ts";
import { formatTarget } from "./targets.ts";

/** The trace in sentences, one a line: every rule looked at and why it did not decide, then the decision. */
export function explain(decision: Decision): string[] {
  return [
    ...(decision.trace.goesRound ? ["The call keeps coming back, so rules are not asked."] : []),
    ...decision.trace.steps.flatMap((step) => (step.why === undefined ? [] : [explainStep(step, step.why)])),
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

function explainDecision(decision: Decision): string {
  const decider = nameOfDecider(decision.by);
  const noRule = decision.trace.goesRound ? "There" : "No rule applies and there";
  const because = decision.by.kind === "nothing" ? `${noRule} is no fallback` : `${decider} decides`;
  if (decision.kind === "reject") return `${because}: reject ${decision.reason}.`;
  const ring = { all: "", random: "one at random of ", "round-robin": "the next of " }[decision.ring];
  return `${because}: redirect to ${ring}${decision.targets.map(formatTarget).join(", ")}.`;
}

function explainStep({ partition, rule }: TraceStep, why: WhyNot): string {
  return `${partition}/${rule} does not apply: ${explainWhy(why)}.`;
}

function explainWhy(why: WhyNot): string {
  switch (why.kind) {
    case "disabled":
      return "it is not enabled";
    case "not-yet":
      return `it counts from ${new Date(why.fromMs).toISOString()}`;
    case "lapsed":
      return `it counted until ${new Date(why.untilMs).toISOString()}`;
    case "schedule":
      return `schedule ${why.condition.schedule} is ${why.condition.negated ? "open" : "closed"}`;
    case "unknown-schedule":
      return `schedule "${why.condition.schedule}" does not exist, or has no hours that can be read`;
    case "caller":
      return why.excludedBy === undefined ? "it is for other callers" : `it excludes ${formatTerm(why.excludedBy)}`;
    case "less-specific":
      return `${why.than} has the same priority and names the caller more closely`;
    case "nobody-left":
      return "it leaves nobody to ring";
    default:
      return unreachable(why);
  }
}

function explainDropped({ rule, target, because }: DroppedTarget): string {
  const reason = because === "own-line" ? "it is the called line itself" : "the call already came from it";
  return `${rule} leaves out ${formatTarget(target)}: ${reason}.`;
}
