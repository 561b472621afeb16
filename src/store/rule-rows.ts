import { isWrong, type Reading } from "../errors.ts";
import { ANYONE, formatTerm, parseCallerMatch } from "../routing/caller-match.ts";
import { normaliseGuid } from "../routing/party.ts";
import { normaliseNumber, type Region } from "../routing/phone-number.ts";
import {
  type Action,
  type Line,
  type NonEmpty,
  REJECT_REASONS,
  RING_MODES,
  ROUTING_POLICIES,
  type Rule,
  type ScheduleCondition,
  type Target,
  TIMEOUT_SECONDS,
} from "../routing/rule.ts";
import { parseTargets, tooMany } from "../routing/targets.ts";
import { listOf, moment, oneOf, type Row, type RowFault, RowReader, wholeNumber, yesOrNo } from "./cells.ts";
import { textOfKey } from "./tables.ts";

export const ROUTE_COLUMNS = [
  "priority",
  "enabled",
  "caller",
  "schedule",
  "from",
  "until",
  "action",
  "targets",
  "ring",
  "timeout",
  "policies",
  "fallback",
  "reason",
  "note",
] as const;

export const LINE_COLUMNS = ["number", "name", "group", "site", "fallback", "note"] as const;

/** A row's value, unless a fault skips it, and whatever is wrong with it. */
export interface ReadRow<T> {
  readonly value?: T;
  readonly faults: readonly RowFault[];
}

const DEFAULT_PRIORITY = 100;
const OVERRIDES = "override";

/** A row of Routes, overrides included, as a rule. */
export function readRule(row: Row, region: Region | undefined): ReadRow<Rule> {
  const read = new RowReader("Routes", row, ROUTE_COLUMNS);
  const schedule = read.optional("schedule", scheduleCondition);
  const fromMs = read.optional("from", moment);
  const untilMs = read.optional("until", moment);
  const action = readAction(read, region);
  const rule = {
    partition: row.partitionKey,
    name: row.rowKey,
    ...(row.partitionKey === OVERRIDES ? { scope: textOfKey(row.rowKey) } : {}),
    priority: read.optional("priority", wholeNumber(-999_999, 999_999)) ?? DEFAULT_PRIORITY,
    enabled: read.optional("enabled", yesOrNo) ?? true,
    caller: read.optional("caller", (text) => parseCallerMatch(text, region)) ?? ANYONE,
    ...(schedule === undefined ? {} : { schedule }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    read.report("until", read.text("until"), "write a moment after from");
  }
  return { faults: read.faults, ...(read.usable && action !== undefined ? { value: { ...rule, action } } : {}) };
}

/**
 * Rows that take the very calls that another of their partition takes at the same priority, so that the other, whose name
 * comes first, always decides.
 *
 * @param rules of one partition, in the order of `compareRules`
 */
export function repeatedRules(rules: readonly Rule[]): RowFault[] {
  const firsts = new Map<string, string>();
  return rules.flatMap((rule) => {
    const { enabled, priority, caller, schedule, fromMs, untilMs, partition: partitionKey, name: rowKey } = rule;
    // Overrides are told apart by their names, which are their scopes.
    if (!enabled || partitionKey === OVERRIDES) return [];
    const sides = [caller.include, caller.exclude].map((terms) => terms.map(formatTerm).sort());
    const when = [schedule?.schedule.toLowerCase(), schedule?.negated, fromMs, untilMs];
    const conditions = JSON.stringify([priority, sides, when]);
    const first = firsts.get(conditions);
    firsts.set(conditions, first ?? rowKey);
    if (first === undefined) return [];
    const wrong = `"${first}" takes the same calls at the same priority and comes first by name: remove one of them`;
    return [{ table: "Routes", partitionKey, rowKey, column: "RowKey", found: rowKey, wrong, skipsRow: false }];
  });
}

function readAction(read: RowReader, region: Region | undefined): Action | undefined {
  const kind = read.optional("action", oneOf(["redirect", "reject"] as const)) ?? "redirect";
  const reason = read.optional("reason", oneOf(REJECT_REASONS)) ?? "busy";
  if (kind === "reject") return { kind, reason };
  const ring = read.optional("ring", oneOf(RING_MODES)) ?? "all";
  const targets = read.optional("targets", targetList(region, ring === "all"));
  if (read.text("targets") === "") {
    read.report(
      "targets",
      "",
      "write who should ring, for instance user:ID or phone:+14255550100, or set action to reject",
    );
  }
  const timeoutSeconds = read.optional("timeout", wholeNumber(TIMEOUT_SECONDS.least, TIMEOUT_SECONDS.most));
  const policies = read.optional("policies", listOf(oneOf(ROUTING_POLICIES))) ?? [];
  const fallback = read.optional("fallback", targetList(region, true)) ?? [];
  if (targets === undefined) return undefined;
  return { kind, targets, ring, policies, fallback, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

function targetList(region: Region | undefined, together: boolean): Reading<NonEmpty<Target>> {
  return (text) => {
    const targets = parseTargets(text, region);
    if (isWrong(targets)) return targets;
    const [first, ...others] = targets;
    if (first === undefined) return { wrong: "write at least one target" };
    const many = together ? tooMany(targets) : undefined;
    return many === undefined ? [first, ...others] : { wrong: many };
  };
}

const scheduleCondition: Reading<ScheduleCondition> = (text) => {
  const negated = text.startsWith("!");
  const schedule = negated ? text.slice(1).trim() : text;
  return schedule === ""
    ? { wrong: "write a schedule's name, with ! before it for while it is closed" }
    : { schedule, negated };
};

function phoneNumber(region: Region | undefined): Reading<string> {
  return (text) => normaliseNumber(text, region) ?? { wrong: "write it as +14255550100" };
}

/** A row of Lines. A fault in one cell leaves out that cell only: the line still rings by its rules. */
export function readLine(row: Row, region: Region | undefined): ReadRow<Line> {
  const read = new RowReader("Lines", row, LINE_COLUMNS);
  const number = read.optional("number", phoneNumber(region));
  const fallback = read.optional("fallback", targetList(region, true)) ?? [];
  const texts = (["name", "group", "site"] as const).flatMap((column) => {
    const text = read.text(column);
    return text === "" ? [] : [[column, text] as const];
  });
  return {
    value: {
      id: normaliseGuid(row.rowKey) ?? row.rowKey,
      fallback,
      ...(number === undefined ? {} : { number }),
      ...Object.fromEntries(texts),
    },
    faults: read.faults.map((fault) => ({ ...fault, skipsRow: false })),
  };
}
