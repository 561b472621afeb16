import { normaliseGuid } from "../routing/party.ts";
import type { Rule, Target } from "../routing/rule.ts";
import { formatTarget } from "../routing/targets.ts";
import { takesNobody } from "./caller-cover.ts";
import type { Directory } from "./directory.ts";
import { atRule, type Finding, formatCaller, formatSchedule } from "./finding.ts";

/**
 * Why a rule can never decide a call from now on, by its own row and the schedule that it names; undefined when it may.
 * What is said of it is proved: see `proveHours` and `takesNobody`.
 */
export function whyNeverApplies(rule: Rule, directory: Directory): Finding | undefined {
  const { atMs } = directory.context;
  const { enabled, untilMs, caller } = rule;
  if (!enabled) {
    return never(rule, "note", "enabled", "false", "The rule is switched off.", "Set enabled to true, or remove it.");
  }
  if (untilMs !== undefined && untilMs <= atMs) {
    const found = new Date(untilMs).toISOString();
    const remedy = "Remove the row, or write a later moment.";
    return { ...never(rule, "note", "until", found, "The rule's time is over.", remedy), kind: "expired" };
  }
  const bySchedule = neverBySchedule(rule, directory);
  if (bySchedule !== undefined) return bySchedule;
  if (takesNobody(caller)) {
    const says = "The rule excludes every caller that it takes.";
    return never(rule, "error", "caller", formatCaller(caller), says, "Take out what stands behind !.");
  }
  return ringsNobody(rule, directory);
}

function never(
  rule: Rule,
  severity: Finding["severity"],
  column: string,
  found: string,
  says: string,
  remedy: string,
): Finding {
  return { severity, kind: "never-applies", ...atRule(rule), column, found, says, remedy };
}

function neverBySchedule(rule: Rule, directory: Directory): Finding | undefined {
  const { schedule: condition } = rule;
  if (condition === undefined) return undefined;
  const { schedule: name, negated } = condition;
  const found = formatSchedule(condition);
  if (directory.schedulesLike(name).length === 0) {
    const says = `There is no schedule "${name}", so the rule never applies.`;
    const remedy = "Write the name of a schedule that there is, or add its rows.";
    return { ...never(rule, "error", "schedule", found, says, remedy), kind: "unknown-schedule" };
  }
  const schedule = directory.schedule(name);
  if (schedule !== undefined && !("timeZone" in schedule) && directory.schedulesLike(name).length === 1) {
    const says = `"${name}" has dated rows but no weekly hours that can be read, so it is neither open nor closed and the rule never applies.`;
    const remedy = `Add a row "hours" with a time zone to "${name}", or name it in the column holidays of another schedule.`;
    return { ...never(rule, "error", "schedule", found, says, remedy), kind: "unknown-schedule" };
  }
  const proof = directory.prove(name);
  if (proof !== (negated ? "always-open" : "never-open")) return undefined;
  const says = negated ? `"${name}" is always open: it never closes.` : `"${name}" is never open.`;
  return never(rule, "error", "schedule", found, says, `Correct the hours of "${name}", or name another schedule.`);
}

function ringsNobody(rule: Rule, directory: Directory): Finding | undefined {
  const { action } = rule;
  if (action.kind === "reject") return undefined;
  const found = action.targets.map(formatTarget).join(", ");
  const ringable = targetsThatMayRing(rule);
  if (ringable.length === 0) {
    const says = `With ring ${action.ring} a target of weight x0 is never chosen, and all have it.`;
    return never(rule, "error", "targets", found, says, "Give at least one target a weight of x1 or more.");
  }
  const line = lineOfOwnRules(rule, directory);
  if (line === undefined || !ringable.every((target) => isLine(target, line))) return undefined;
  const says = "The line would ring itself, which is left out, so that nobody is left.";
  return never(rule, "error", "targets", found, says, "Write somebody else.");
}

/** The targets of a rule of which one must be reachable for the rule to apply. Nobody for a reject, which needs none. */
export function targetsThatMayRing({ action }: Rule): readonly Target[] {
  if (action.kind === "reject") return [];
  return action.ring === "all" ? action.targets : action.targets.filter(({ weight }) => weight > 0);
}

/** Whether a target is the line itself: a call to the line leaves it out. */
export function isLine({ kind, id }: Target, line: { readonly id: string; readonly number?: string }): boolean {
  return id === line.id || (kind === "phone" && id === line.number);
}

/** The only line that asks for a rule, where its partition is a line's own. */
function lineOfOwnRules({ partition }: Rule, directory: Directory) {
  if (normaliseGuid(partition) !== partition) return undefined;
  return directory.rows.get(partition) ?? { id: partition };
}
