import { dayOf, type LocalDay } from "../routing/dates.ts";
import { formatTarget } from "../routing/targets.ts";
import { HOURS_ROW } from "../store/schedule-rows.ts";
import { textOfKey } from "../store/tables.ts";
import type { Directory } from "./directory.ts";
import { atLine, type Finding } from "./finding.ts";
import { isLine } from "./never-applies.ts";
import { lastDayOf } from "./schedule-proof.ts";

/** Cells and rows that can be read and can never do anything. */
export function findIdleCells(directory: Directory): readonly Finding[] {
  return [...ownFallbacks(directory), ...ownHolidays(directory), ...pastDays(directory)];
}

function ownFallbacks({ rows }: Directory): readonly Finding[] {
  return [...rows.values()].flatMap((line): Finding[] => {
    const own = line.fallback.filter((target) => isLine(target, line));
    if (own.length === 0) return [];
    return [
      {
        severity: "warning",
        kind: "idle-cell",
        ...atLine(line.id),
        column: "fallback",
        found: own.map(formatTarget).join(", "),
        says: "This is the line itself, which its own calls never ring.",
        remedy: "Write somebody else.",
      },
    ];
  });
}

function ownHolidays({ book }: Directory): readonly Finding[] {
  return [...book.schedules].flatMap(([partitionKey, schedule]): Finding[] => {
    const name = textOfKey(partitionKey);
    const holidays = "holidays" in schedule ? schedule.holidays : [];
    if (!holidays.some((each) => each.toLowerCase() === name.toLowerCase())) return [];
    return [
      {
        severity: "warning",
        kind: "idle-cell",
        table: "Schedules",
        partitionKey,
        rowKey: HOURS_ROW,
        column: "holidays",
        found: holidays.join(", "),
        says: `"${name}" names itself, and its own dated rows count already.`,
        remedy: `Take ${name} out of holidays.`,
      },
    ];
  });
}

/** Days that are over for longer than this are no longer of use to anybody who plans. */
const LONG_PAST_DAYS = 366;

/** One finding a schedule: calendars of many years may stand in it. */
function pastDays({ book, context }: Directory): readonly Finding[] {
  const today = dayInUtc(context.atMs);
  return [...book.schedules].flatMap(([partitionKey, { exceptions }]): Finding[] => {
    const past = exceptions.filter(({ days }) => lastDayOf(days) < today - LONG_PAST_DAYS);
    const [first] = past;
    if (first === undefined) return [];
    return [
      {
        severity: "note",
        kind: "expired",
        table: "Schedules",
        partitionKey,
        rowKey: first.key,
        // The count is no part of the sentence: it changes, and the finding stays the same.
        found: `${past.length} of ${exceptions.length} dated rows`,
        says: "These days have been over for more than a year.",
        remedy: "Remove these rows, or write days of every year, such as 12-25.",
      },
    ];
  });
}

function dayInUtc(atMs: number): LocalDay {
  const now = new Date(atMs);
  return dayOf(now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate());
}
