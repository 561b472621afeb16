import { Fault } from "../errors.ts";
import type { Region } from "../routing/phone-number.ts";
import { writeRow } from "./row-edits.ts";
import { readRule } from "./rule-rows.ts";
import { readPartition, type Tables } from "./tables.ts";

/** How long an override that has lapsed stays, for people who look for what was. */
const KEPT_MS = 24 * 3_600_000;

/** An override that was removed. */
export interface SweptOverride {
  /** Its RowKey: a line, a site or all. */
  readonly scope: string;
  /** When it had lapsed. */
  readonly until: Date;
}

/**
 * Removes overrides that lapsed more than a day ago. One that somebody changes meanwhile stays, and so does one with a
 * mistake in its row, which only people can read.
 *
 * @param onSwept told of each as soon as it is gone
 * @throws Fault when the table does not answer
 */
export async function sweepOverrides(
  tables: Tables,
  region: Region | undefined,
  now: Date,
  signal: AbortSignal,
  onSwept: (override: SweptOverride) => void,
): Promise<void> {
  for (const row of await readPartition(tables.Routes, "override", signal)) {
    const untilMs = readRule(row, region).value?.untilMs;
    if (untilMs === undefined || untilMs + KEPT_MS > now.getTime()) continue;
    try {
      await writeRow(tables, { kind: "remove", table: "Routes", keys: row, before: row }, signal);
    } catch (error) {
      if (error instanceof Fault && error.code === "row-changed") continue;
      throw error;
    }
    onSwept({ scope: row.rowKey, until: new Date(untilMs) });
  }
}
