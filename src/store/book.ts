import { compareRules } from "../routing/decide.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Line, Rule } from "../routing/rule.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";
import type { Row, RowFault } from "./cells.ts";
import { readMembership } from "./list-rows.ts";
import type { RowsByTable } from "./row-source.ts";
import { readLine, readRule, repeatedRules } from "./rule-rows.ts";
import { readSchedule } from "./schedule-rows.ts";

/** How many callers a list has, and on how many of its rows the date has passed. */
export interface ListSize {
  readonly members: number;
  readonly lapsed: number;
}

/** All rows at once, read as a call would read them: what the rows say together, and every fault of a single one. */
export interface Book {
  /** By RowKey as it is stored. */
  readonly lines: ReadonlyMap<string, Line>;
  /** By PartitionKey as it is stored, in the order of `compareRules`. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  /** By PartitionKey as it is stored. */
  readonly schedules: ReadonlyMap<string, Schedule | HolidaySet>;
  /** By name in lower case; absent when CallerLists was not read, which may be long. */
  readonly lists?: ReadonlyMap<string, ListSize>;
  readonly faults: readonly RowFault[];
}

/**
 * Reads whole tables with the readers that calls use.
 *
 * @param lists what `summariseLists` made of CallerLists, which may be too long to hold
 */
export function readBook(
  rows: Pick<RowsByTable, "Lines" | "Routes" | "Schedules">,
  lists: ListSummary | undefined,
  region: Region | undefined,
): Book {
  const faults: RowFault[] = [];
  const noted = <T extends { readonly faults: readonly RowFault[] }>(read: T): T => {
    faults.push(...read.faults);
    return read;
  };
  const lines = new Map<string, Line>();
  for (const row of rows.Lines) {
    const { value } = noted(readLine(row, region));
    if (value !== undefined) lines.set(row.rowKey, value);
  }
  const rules = new Map<string, readonly Rule[]>();
  for (const [partition, own] of byPartition(rows.Routes)) {
    const read = own.flatMap((row) => noted(readRule(row, region)).value ?? []).sort(compareRules);
    noted({ faults: repeatedRules(read) });
    rules.set(partition, read);
  }
  const schedules = new Map<string, Schedule | HolidaySet>();
  for (const [name, own] of byPartition(rows.Schedules)) {
    const { value } = noted(readSchedule(name, own));
    if (value !== undefined) schedules.set(name, value);
  }
  if (lists === undefined) return { lines, rules, schedules, faults };
  return { lines, rules, schedules, lists: lists.sizes, faults: [...faults, ...lists.faults] };
}

/** CallerLists in a nutshell: it may hold millions of rows. */
export interface ListSummary {
  readonly sizes: ReadonlyMap<string, ListSize>;
  readonly faults: readonly RowFault[];
}

/** Counts the members of each list, row by row as they come. */
export class ListTally implements ListSummary {
  readonly sizes = new Map<string, ListSize>();
  readonly faults: RowFault[] = [];
  readonly #atMs: number;

  /** @param atMs epoch milliseconds that tell which rows have lapsed */
  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  /** @param more what else is wrong with the row, by its keys say */
  add(row: Row, more: readonly RowFault[] = []): void {
    const { value, faults } = readMembership(row);
    this.faults.push(...faults, ...more);
    if (value === undefined) return;
    const { members, lapsed } = this.sizes.get(value.list) ?? { members: 0, lapsed: 0 };
    const hasLapsed = value.untilMs !== undefined && value.untilMs <= this.#atMs;
    this.sizes.set(value.list, { members: members + 1, lapsed: lapsed + (hasLapsed ? 1 : 0) });
  }
}

/**
 * Counts the members of each list.
 *
 * @param atMs epoch milliseconds that tell which rows have lapsed
 * @param faultsOf what else may be wrong with a row
 */
export async function summariseLists(
  rows: AsyncIterable<Row> | Iterable<Row>,
  atMs: number,
  faultsOf: (row: Row) => readonly RowFault[] = () => [],
): Promise<ListSummary> {
  const tally = new ListTally(atMs);
  for await (const row of rows) tally.add(row, faultsOf(row));
  return tally;
}

function byPartition(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ partitionKey }) => partitionKey);
}
