import { REJECT_REASONS, RING_MODES } from "../../../routing/rule.ts";
import type { RowTable } from "../../../store/cells.ts";
import type { RowView } from "../../api.ts";

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
}

const cell =
  (column: string) =>
  ({ cells }: RowView): string =>
    cells[column] ?? "";
const partition = ({ shown }: RowView): string => shown.partitionKey;
const name = ({ shown }: RowView): string => shown.rowKey;

/** What the list shows of a row; the whole of it stands in its form. */
export const LIST_COLUMNS: Readonly<Record<RowTable, readonly ListColumn[]>> = {
  Lines: [
    { heading: "Line", text: name },
    { heading: "Name", text: cell("name") },
    { heading: "Number", text: cell("number") },
    { heading: "Group", text: cell("group") },
    { heading: "Site", text: cell("site") },
  ],
  Routes: [
    { heading: "Partition", text: partition },
    { heading: "Rule", text: name },
    { heading: "Caller", text: ({ cells }) => cells.caller ?? "*" },
    { heading: "Schedule", text: cell("schedule") },
    { heading: "Rings", text: ringsOf },
  ],
  Schedules: [
    { heading: "Schedule", text: partition },
    { heading: "Row", text: name },
    { heading: "Name", text: cell("name") },
    { heading: "Hours", text: hoursOf },
  ],
  CallerLists: [
    { heading: "Caller", text: partition },
    { heading: "List", text: name },
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
