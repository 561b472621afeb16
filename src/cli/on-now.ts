import { MS_PER_DAY } from "../routing/dates.ts";
import { formatMoment, formatWall } from "../routing/format-moment.ts";
import type { Rule } from "../routing/rule.ts";
import { type HolidaySet, nextChange, type Schedule, scheduleState } from "../routing/schedule.ts";
import type { Book } from "../store/book.ts";
import { keyOf } from "../store/tables.ts";

/** Whether something counts at a moment. */
export interface OnNow {
  readonly on: boolean;
  /** Why not, or until when. */
  readonly why?: string;
}

/** How far to look for the next opening or closing. */
const HORIZON_DAYS = 400;

/** Finds a schedule as calls do: by the name as it is typed, else in lower case. */
export function scheduleNamed({ schedules }: Pick<Book, "schedules">, name: string): Schedule | HolidaySet | undefined {
  return schedules.get(keyOf(name)) ?? schedules.get(keyOf(name.toLowerCase()));
}

/** `open` or `closed`, by which exception, and until when by the schedule's own clock. */
export function scheduleNow(schedule: Schedule, book: Pick<Book, "schedules">, atMs: number): string {
  const find = (name: string) => scheduleNamed(book, name);
  const { open, settledBy } = scheduleState(schedule, find, atMs);
  const change = nextChange(schedule, find, atMs, HORIZON_DAYS);
  const exception = settledBy.kind === "exception" ? ` (${settledBy.exception.name ?? settledBy.exception.key})` : "";
  const until = change === undefined ? ", with no change in a year" : ` until ${soon(change.atMs, atMs, schedule)}`;
  return `${open ? "open" : "closed"}${exception}${until}`;
}

/** Whether a rule may decide calls at a moment, whoever calls. @param timeZone in which its `from` and `until` are told */
export function ruleNow(rule: Rule, book: Pick<Book, "schedules">, atMs: number, timeZone: string): OnNow {
  const { enabled, fromMs, untilMs, schedule: condition } = rule;
  if (!enabled) return { on: false, why: "disabled" };
  if (fromMs !== undefined && atMs < fromMs) return { on: false, why: `from ${formatMoment(fromMs, timeZone)}` };
  if (untilMs !== undefined && atMs >= untilMs)
    return { on: false, why: `was until ${formatMoment(untilMs, timeZone)}` };
  const until = untilMs === undefined ? [] : [`until ${formatMoment(untilMs, timeZone)}`];
  if (condition === undefined) return { on: true, ...(until[0] === undefined ? {} : { why: until[0] }) };
  const schedule = scheduleNamed(book, condition.schedule);
  if (schedule === undefined) return { on: false, why: `there is no schedule ${condition.schedule}` };
  if (!("timeZone" in schedule)) return { on: false, why: `${condition.schedule} has no hours that can be read` };
  const { open } = scheduleState(schedule, (name) => scheduleNamed(book, name), atMs);
  const state = `${condition.schedule} ${scheduleNow(schedule, book, atMs)}`;
  return { on: open !== condition.negated, why: [state, ...until].join(", ") };
}

/** A moment of the coming days by its weekday, a later one with its date. */
function soon(atMs: number, nowMs: number, { timeZone }: Schedule): string {
  const wall = formatWall(atMs, timeZone);
  return atMs - nowMs < 6 * MS_PER_DAY ? wall.replace(/ \d{4}-\d\d-\d\d /, " ") : wall;
}

/** The zone of the machine on which the command runs. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
