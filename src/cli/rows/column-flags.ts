import type { Command } from "commander";
import { REJECT_REASONS, RING_MODES, ROUTING_POLICIES, TIMEOUT_SECONDS } from "../../routing/rule.ts";
import type { RowTable } from "../../store/cells.ts";
import { type Cells, COLUMNS } from "../../store/layouts.ts";
import { UsageError } from "../exit.ts";

const TARGETS = "user:ID, phone:NUMBER, app:ID or resource:ID, comma-separated";
const MOMENT = "date, time and offset: 2026-12-24T09:00-05:00";
const HOURS = "09:00-12:30, 13:30-17:00; open, or closed";
const { least, most } = TIMEOUT_SECONDS;

/** What a cell may hold, by column: the same in all tables, unless a table says otherwise below. */
const MEANINGS: Readonly<Record<string, string>> = {
  priority: "whole number; lower is asked first (100 when empty)",
  enabled: "true or false (true when empty)",
  caller: "+14255550100, +1425*, an id, list:NAME, phone, teams or others, comma-separated; ! excludes (* when empty)",
  schedule: "name of a schedule: while it is open; !NAME: while it is closed (always when empty)",
  from: `counts from then on; ${MOMENT}`,
  until: `counts until then; ${MOMENT}`,
  action: "redirect or reject (redirect when empty)",
  targets: `who rings: ${TARGETS}; each may have a "Name" and a weight x3`,
  ring: `${orOf(RING_MODES)} (all when empty)`,
  timeout: `seconds that the targets ring: ${least} to ${most}`,
  policies: `Graph's routing policies, comma-separated: ${orOf(ROUTING_POLICIES)}`,
  fallback: `who rings when Graph refuses the targets: ${TARGETS}`,
  reason: `of a reject: ${orOf(REJECT_REASONS)} (busy when empty)`,
  note: "for people",
  number: "the line's phone number: +14255550100",
  name: "what people call it",
  group: "group whose rules the line shares",
  site: "place, for overrides of site:NAME",
  timeZone: "zone of the hours: America/New_York, or its Windows name",
  holidays: "other schedules whose dated rows count too, comma-separated",
  hours: `hours of the days of an exception: ${HOURS} (closed when empty)`,
};

function orOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

/** What the cells of one table mean where others have the same column. */
const MEANINGS_OF_TABLE: Readonly<Partial<Record<RowTable, Readonly<Record<string, string>>>>> = {
  Lines: { fallback: `who rings when nobody else answers: ${TARGETS}` },
  Schedules: { name: "name of the exception's days, such as Christmas" },
  CallerLists: { until: `on the list until then; ${MOMENT}` },
};

/** Adds a flag for each column of a table: `timeZone` is `--time-zone`. */
export function addColumnFlags(command: Command, table: RowTable): Command {
  for (const column of COLUMNS[table]) {
    // What is left are the days of the week.
    const meaning = MEANINGS_OF_TABLE[table]?.[column] ?? MEANINGS[column] ?? `hours of every ${column}: ${HOURS}`;
    command.option(`${flagOf(column)} <text>`, meaning);
  }
  return command.addHelpText("after", '\nA column without a flag stays as it is; "" empties it.');
}

/** What the flags say of the columns. A column without a flag stays as it is. */
export function typedCells(flags: Readonly<Record<string, unknown>>, columns: readonly string[]): Cells {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const text = flags[column];
      return typeof text === "string" ? [[column, text.trim()]] : [];
    }),
  );
}

/** @throws UsageError when no flag names a column */
export function someCells(cells: Cells, columns: readonly string[]): Cells {
  if (Object.keys(cells).length > 0) return cells;
  throw new UsageError(`Say what to set, with one or more of ${columns.map(flagOf).join(", ")}.`);
}

export function flagOf(column: string): string {
  return `--${column.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
