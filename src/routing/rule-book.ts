import type { RuleBook } from "./decide.ts";
import { normaliseGuid } from "./party.ts";
import { normaliseNumber, type Region } from "./phone-number.ts";
import type { Line, Rule } from "./rule.ts";
import type { HolidaySet, Schedule } from "./schedule.ts";

/** The rules of each partition that a call touches, in the order of `compareRules`; undefined where none could be read. */
export interface Partitions {
  readonly all: readonly Rule[] | undefined;
  readonly overrides: readonly Rule[] | undefined;
  readonly line: readonly Rule[] | undefined;
  readonly group: readonly Rule[] | undefined;
  readonly default: readonly Rule[] | undefined;
}

/**
 * Puts the partitions in the order in which they decide. Overrides that are not for this line are left out, and of the
 * others a narrower scope comes before a wider one whatever the priority: the line, its site, all.
 *
 * @param region whose national spellings of a line's number count as an override's scope
 */
export function bookOf(
  lineId: string,
  line: Line | undefined,
  partitions: Partitions,
  schedules: ReadonlyMap<string, Schedule | HolidaySet>,
  region?: Region,
): RuleBook {
  const overrides = partitions.overrides ?? [];
  const scopes = [isForLine, isForSite, isForAll].map((isFor) =>
    overrides.filter(({ name, scope = name }) => isFor(scope, lineId, line, region)),
  );
  return {
    ...(line === undefined ? {} : { line }),
    partitions: [
      partitions.all ?? [],
      ...scopes,
      partitions.line ?? [],
      partitions.group ?? [],
      partitions.default ?? [],
    ],
    schedules,
  };
}

function isForLine(scope: string, lineId: string, line: Line | undefined, region: Region | undefined): boolean {
  if (normaliseGuid(scope) === lineId || scope === lineId) return true;
  if (line?.number !== undefined && normaliseNumber(scope, region) === line.number) return true;
  return line?.name !== undefined && sameText(scope, line.name);
}

function isForSite(scope: string, _lineId: string, line: Line | undefined): boolean {
  const site = /^site\s*:\s*(.*)$/i.exec(scope.trim())?.[1];
  return site !== undefined && line?.site !== undefined && sameText(site, line.site);
}

function isForAll(scope: string): boolean {
  return sameText(scope, "all");
}

function sameText(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
