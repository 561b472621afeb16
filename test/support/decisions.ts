import { type CallerMatch, type CallerVerdict, matchCaller, parseCallerMatch } from "../../src/routing/caller-match.ts";
import { compareRules, decide, type RuleBook } from "../../src/routing/decide.ts";
import type { Decision } from "../../src/routing/decision.ts";
import { nameOfDecider } from "../../src/routing/explain.ts";
import { normaliseGuid, type Party, partyOf } from "../../src/routing/party.ts";
import type { Region } from "../../src/routing/phone-number.ts";
import type { CallFacts, Rule, Target } from "../../src/routing/rule.ts";
import { bookOf } from "../../src/routing/rule-book.ts";
import type { HolidaySet, Schedule } from "../../src/routing/schedule.ts";
import { formatTarget, parseTargets } from "../../src/routing/targets.ts";
import { formatFault, type Row, type RowFault } from "../../src/store/cells.ts";
import { readMembership } from "../../src/store/list-rows.ts";
import { readLine, readRule } from "../../src/store/rule-rows.ts";
import { readSchedule } from "../../src/store/schedule-rows.ts";

/** The line that is called unless a test says otherwise: a resource account. */
export const LINE = "84292c1d-8acc-582c-b421-be858516a6a1";
/** The tenant of the bot. */
export const OWN_TENANT = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
export const OTHER_TENANT = "19a2f9e6-3b0c-5d7a-8f0e-5c4c1b0f6d21";

/** People and things that rows send calls to. */
export const ALICE = "user:6d17c2f5-eac8-588b-835e-843f1323bef3";
export const BOB = "user:442bf7d8-aa2f-5999-b696-46483e5a6f02";
export const CAROL = "user:f1324637-966c-5b40-ae44-4adcea741266";
export const QUEUE = "resource:2f8a6c54-7b1e-5d3a-9c40-6e5d8b7a9f10";
export const MOBILE = "phone:+14255550199";

/** Cells by column, as a person types them. */
export type Cells = Readonly<Record<string, unknown>>;

/** Rows by PartitionKey, then RowKey. */
export type TypedTable = Readonly<Record<string, Readonly<Record<string, Cells>>>>;

/** The tables, as far as they matter to a test. Lines all stand in one partition, so their RowKey is enough. */
export interface TypedRows {
  readonly lines?: Readonly<Record<string, Cells>>;
  readonly routes?: TypedTable;
  readonly schedules?: TypedTable;
  readonly callerLists?: TypedTable;
}

export interface TypedCall {
  /** A line's id. */
  readonly called?: string;
  /** A number (or what a carrier sends instead of one), a user's object id, or a whole party. */
  readonly caller?: string | Party;
  /** Parties that had the call before, written like `caller`. */
  readonly cameFrom?: readonly (string | Party)[];
  readonly countryCode?: string;
  /** ISO 8601 with offset. */
  readonly at?: string;
  readonly callId?: string;
  /** That its chain has come back too often. */
  readonly goesRound?: boolean;
  /** The setting FALLBACK_TARGET. */
  readonly fallbackTarget?: string;
  /** The setting DEFAULT_REGION. */
  readonly region?: Region;
}

/** A decision, with what tests ask of it in short texts. */
export interface Decided {
  readonly decision: Decision;
  /** `default/night`, or the fallback that decided. */
  readonly by: string;
  /** `redirect user:ID, phone:NUMBER` or `reject busy`. */
  readonly does: string;
  /** `default/night: lapsed`, for every rule that was looked at and did not decide. */
  readonly passedOver: readonly string[];
  /** `default/night drops user:ID: came-from`. */
  readonly dropped: readonly string[];
  /** `rule redirect ...`, for what is tried when Graph refuses. */
  readonly fallbacks: readonly string[];
  /** Mistakes in the rows that the call touches, one line each. */
  readonly faults: readonly string[];
}

/** Decides a call by typed rows, read and put in order as the live code does. */
export function decideCall(rows: TypedRows, call: TypedCall = {}): Decided {
  const faults: string[] = [];
  const book = bookFor(rows, call, (fault) => faults.push(formatFault(fault)));
  const facts = factsOf(call);
  const decision = decide(facts, book, {
    atMs: atMs(call),
    ownTenantId: OWN_TENANT,
    lists: listsOf(rows, facts.caller, atMs(call)),
    fallbackTargets: targetsOf(call.fallbackTarget ?? ""),
    goesRound: call.goesRound ?? false,
  });
  return { ...summaryOf(decision), faults };
}

/** A decision in the words of `Decided`. */
export function summaryOf(decision: Decision): Omit<Decided, "faults"> {
  const { steps, dropped } = decision.trace;
  return {
    decision,
    by: nameOfDecider(decision.by),
    does: decision.kind === "reject" ? `reject ${decision.reason}` : `redirect ${listed(decision.targets)}`,
    passedOver: steps.flatMap(({ partition, rule, why }) => (why ? [`${partition}/${rule}: ${why.kind}`] : [])),
    dropped: dropped.map(({ rule, target, because }) => `${rule} drops ${formatTarget(target)}: ${because}`),
    fallbacks:
      decision.kind === "reject" ? [] : decision.fallbacks.map(({ of, targets }) => `${of} ${listed(targets)}`),
  };
}

/** The rules and schedules that a call touches. */
export function bookFor(rows: TypedRows, call: TypedCall, report: (fault: RowFault) => void = () => {}): RuleBook {
  const region = call.region ?? "US";
  const lineId = call.called ?? LINE;
  const used = <T>({ value, faults }: { readonly value?: T; readonly faults: readonly RowFault[] }): T[] => {
    faults.forEach(report);
    return value === undefined ? [] : [value];
  };
  const rules = (partition: string | undefined): Rule[] =>
    rowsIn(rows.routes, partition)
      .flatMap((row) => used(readRule(row, region)))
      .sort(compareRules);
  const [line] = rowsIn({ line: rows.lines ?? {} }, "line")
    .filter(({ rowKey }) => rowKey === lineId)
    .flatMap((row) => used(readLine(row, region)));
  const partitions = {
    all: rules("all"),
    overrides: rules("override"),
    line: rules(lineId),
    group: rules(line?.group),
    default: rules("default"),
  };
  const schedules = new Map<string, Schedule | HolidaySet>();
  for (const name of Object.keys(rows.schedules ?? {})) {
    for (const schedule of used(readSchedule(name, rowsIn(rows.schedules, name)))) {
      schedules.set(name.toLowerCase(), schedule);
    }
  }
  return bookOf(lineId, line, partitions, schedules, region);
}

/** The call itself, as a notification of it would be read. */
export function factsOf(call: TypedCall): CallFacts {
  const region = call.region ?? "US";
  return {
    callId: call.callId ?? "3da31a99-189d-56c9-b76d-32a400587971",
    called: partyOf("applicationInstance", call.called ?? LINE),
    caller: partyTyped(call.caller ?? "+14255550142", region),
    ...(call.countryCode === undefined ? {} : { callerCountry: call.countryCode }),
    cameFrom: (call.cameFrom ?? []).map((party) => partyTyped(party, region)),
  };
}

/** Whether a caller column takes a call's caller, and how specifically. */
export function callerVerdict(column: string, call: TypedCall, lists: readonly string[] = []): CallerVerdict {
  const context = { ownTenantId: OWN_TENANT, lists: new Set(lists) };
  return matchCaller(callerColumn(column), factsOf(call), context);
}

/** A caller column that must be right. */
export function callerColumn(text: string): CallerMatch {
  const match = parseCallerMatch(text, "US");
  if ("wrong" in match) throw new TypeError(match.wrong);
  return match;
}

/** Targets that must be right. */
export function targetsOf(text: string): readonly Target[] {
  const targets = parseTargets(text, "US");
  if ("wrong" in targets) throw new TypeError(targets.wrong);
  return targets;
}

function partyTyped(party: string | Party, region: Region): Party {
  if (typeof party !== "string") return party;
  return partyOf(normaliseGuid(party) === undefined ? "phone" : "user", party, region);
}

function atMs({ at }: TypedCall): number {
  return Date.parse(at ?? "2026-06-03T12:00:00-04:00");
}

function listsOf({ callerLists }: TypedRows, caller: Party, now: number): Set<string> {
  const memberships = rowsIn(callerLists, caller.id).flatMap((row) => readMembership(row).value ?? []);
  return new Set(memberships.flatMap(({ list, untilMs }) => (untilMs === undefined || now < untilMs ? [list] : [])));
}

function rowsIn(table: TypedTable | undefined, partitionKey: string | undefined): Row[] {
  const rows = partitionKey === undefined ? {} : (table?.[partitionKey] ?? {});
  return Object.entries(rows).map(([rowKey, cells]) => ({ ...cells, partitionKey: partitionKey ?? "", rowKey }));
}

function listed(targets: readonly Target[]): string {
  return targets.map(formatTarget).join(", ");
}
