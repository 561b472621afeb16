import { REJECT_REASONS, RING_MODES } from "../../../routing/rule.ts";
import type { RowTable } from "../../../store/cells.ts";
import type { RowView } from "../../api/changing.ts";

/** What the two keys of a row are, table by table, as people are asked for them. */
export const KEY_LABELS: Readonly<Record<RowTable, readonly [partition: string, row: string]>> = {
  Lines: ["Partition: line", "Line: the bot's app id, or the resource account's id"],
  Routes: ["Partition: a line's id, a group, all, default or override", "Name of the rule"],
  Schedules: ["Name of the schedule", "hours, or a date: 2026-12-25, 12-24..12-26, 12-25"],
  CallerLists: ["Caller: a number or an object id", "Name of the list"],
};

/** Columns whose cells are one of a few words; every other cell is typed. */
export const CHOICES: Readonly<Partial<Record<RowTable, Readonly<Record<string, readonly string[]>>>>> = {
  Routes: {
    enabled: ["true", "false"],
    action: ["redirect", "reject"],
    ring: RING_MODES,
    reason: REJECT_REASONS,
  },
};

/** A column of the list. */
export interface ListColumn {
  readonly heading: string;
  readonly text: (row: RowView) => string;
  /** What rows hold in place of a name that people know. */
  readonly stored?: (row: RowView) => string;
}

const cell =
  (column: string) =>
  ({ cells }: RowView): string =>
    cells[column] ?? "";
const partition = {
  text: ({ named }: RowView): string => named.partitionKey,
  stored: ({ shown }: RowView): string => shown.partitionKey,
};
const name = {
  text: ({ named }: RowView): string => named.rowKey,
  stored: ({ shown }: RowView): string => shown.rowKey,
};

/** What the list shows of a row; the whole of it stands in its form. */
export const LIST_COLUMNS: Readonly<Record<RowTable, readonly ListColumn[]>> = {
  Lines: [
    // Its name has a column of its own.
    { heading: "Line", text: name.stored },
    { heading: "Name", text: cell("name") },
    { heading: "Number", text: cell("number") },
    { heading: "Group", text: cell("group") },
    { heading: "Site", text: cell("site") },
  ],
  Routes: [
    { heading: "Partition", ...partition },
    { heading: "Rule", ...name },
    { heading: "Caller", text: ({ cells }) => cells.caller ?? "*" },
    { heading: "Schedule", text: cell("schedule") },
    { heading: "Rings", text: ringsOf },
  ],
  Schedules: [
    { heading: "Schedule", ...partition },
    { heading: "Row", ...name },
    { heading: "Name", text: cell("name") },
    { heading: "Hours", text: hoursOf },
  ],
  CallerLists: [
    { heading: "Caller", ...partition },
    { heading: "List", ...name },
    { heading: "Until", text: cell("until") },
    { heading: "Note", text: cell("note") },
  ],
};

/** Whom a rule rings, as its cells say it. */
export function ringsOf({ cells: { action = "", reason = "", targets = "" } }: Pick<RowView, "cells">): string {
  return action.toLowerCase() === "reject" ? `reject ${reason}`.trim() : targets;
}

/** A day's hours, or the days of a week with theirs. */
function hoursOf({ cells: { hours, timeZone, note: _, name: __, holidays, ...days } }: RowView): string {
  if (hours !== undefined) return hours;
  const week = Object.entries(days).map(([day, text]) => `${day.slice(0, 3)} ${text}`);
  return [...(timeZone === undefined ? [] : [timeZone]), ...week].join(", ");
}
