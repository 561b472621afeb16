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

/**
 * Counts the members of each list, row by row as they come.
 *
 * @param atMs epoch milliseconds that tell which rows have lapsed
 * @param faultsOf what else may be wrong with a row, its keys say
 */
export async function summariseLists(
  rows: AsyncIterable<Row> | Iterable<Row>,
  atMs: number,
  faultsOf: (row: Row) => readonly RowFault[] = () => [],
): Promise<ListSummary> {
  const sizes = new Map<string, { members: number; lapsed: number }>();
  const faults: RowFault[] = [];
  for await (const row of rows) {
    const read = readMembership(row);
    faults.push(...read.faults, ...faultsOf(row));
    if (read.value === undefined) continue;
    const { list, untilMs } = read.value;
    const size = sizes.get(list) ?? { members: 0, lapsed: 0 };
    size.members++;
    if (untilMs !== undefined && untilMs <= atMs) size.lapsed++;
    sizes.set(list, size);
  }
  return { sizes, faults };
}

function byPartition(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ partitionKey }) => partitionKey);
}
