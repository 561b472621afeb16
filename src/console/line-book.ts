import { findIn, isSchedule } from "../book/schedules.ts";
import type { Directory } from "../check/directory.ts";
import { contextOf, factsOf } from "../cli/decider.ts";
import type { CommandSettings } from "../cli/settings.ts";
import { zoneOfRules } from "../cli/zone.ts";
import { decide, type RuleBook } from "../routing/decide.ts";
import type { Decision } from "../routing/decision.ts";
import type { Party } from "../routing/party.ts";
import type { Line, Rule } from "../routing/rule.ts";
import { bookOf } from "../routing/rule-book.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";

/** The rows that a call to a line touches, taken from rows that are all at hand: what `TableRuleSource` finds in tables. */
export function lineBook(line: Line, directory: Directory): RuleBook {
  const groupKey = directory.groupKey(line);
  const partitions = {
    all: directory.rulesOf("all"),
    overrides: directory.rulesOf("override"),
    line: directory.rulesOf(line.id),
    group: groupKey === undefined ? undefined : directory.book.rules.get(groupKey),
    default: directory.rulesOf("default"),
  };
  const row = directory.rows.get(line.id);
  const schedules = schedulesOf(Object.values(partitions), directory);
  return bookOf(line.id, row, partitions, schedules, directory.context.region);
}

/** The schedules that rules name, and those whose dated rows these share, by name in lower case. */
function schedulesOf(
  partitions: readonly (readonly Rule[] | undefined)[],
  directory: Directory,
): ReadonlyMap<string, Schedule | HolidaySet> {
  const found = new Map<string, Schedule | HolidaySet>();
  const add = (name: string): Schedule | HolidaySet | undefined => {
    const schedule = found.has(name.toLowerCase()) ? undefined : directory.schedule(name);
    if (schedule !== undefined) found.set(name.toLowerCase(), schedule);
    return schedule;
  };
  const holidays = partitions.flatMap((rules = []) =>
    rules.flatMap((rule): readonly string[] => {
      if (!rule.enabled || rule.schedule === undefined) return [];
      const schedule = add(rule.schedule.schedule);
      return isSchedule(schedule) ? schedule.holidays : [];
    }),
  );
  for (const name of holidays) add(name);
  return found;
}

/** By whose wall a line lives. */
export function zoneOfBook({ partitions, schedules }: RuleBook): string {
  return zoneOfRules(partitions.flat(), findIn({ schedules })).timeZone;
}

const ON_NO_LIST: ReadonlySet<string> = new Set();

/** The decision of a call at a moment, by a caller who is on no list. */
export function decideUnlisted(
  line: Line,
  caller: Party,
  book: RuleBook,
  settings: Pick<CommandSettings, "ownTenantId" | "fallbackTargets">,
  atMs: number,
): Decision {
  return decide(factsOf({ line, caller }), book, contextOf(settings, atMs, ON_NO_LIST));
}
