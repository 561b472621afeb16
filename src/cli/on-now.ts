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

/** Words with moments among them, for who tells moments in a way of its own. */
export type Telling = readonly (string | ToldMoment)[];
export interface ToldMoment {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** By whose wall it is told; absent: the reader's. */
  readonly timeZone?: string;
}

/** The same as `OnNow`, with its moments as such. */
export interface Standing {
  readonly on: boolean;
  /** Why not, or until when; empty where there is nothing to say. */
  readonly why: Telling;
}

/** How far to look for the next opening or closing. */
const HORIZON_DAYS = 400;

/** Finds a schedule as calls do: by the name as it is typed, else in lower case. */
export function scheduleNamed({ schedules }: Pick<Book, "schedules">, name: string): Schedule | HolidaySet | undefined {
  return schedules.get(keyOf(name)) ?? schedules.get(keyOf(name.toLowerCase()));
}

/** `open` or `closed`, by which exception, and until when by the schedule's own clock. */
export function scheduleNow(schedule: Schedule, book: Pick<Book, "schedules">, atMs: number): string {
  return tell(scheduleStanding(schedule, book, atMs), (moment) => soon(moment.atMs, atMs, schedule.timeZone));
}

/** The same, with its moment as such. */
export function scheduleStanding(schedule: Schedule, book: Pick<Book, "schedules">, atMs: number): Telling {
  const find = (name: string) => scheduleNamed(book, name);
  const { open, settledBy } = scheduleState(schedule, find, atMs);
  const change = nextChange(schedule, find, atMs, HORIZON_DAYS);
  const exception = settledBy.kind === "exception" ? ` (${settledBy.exception.name ?? settledBy.exception.key})` : "";
  const state = `${open ? "open" : "closed"}${exception}`;
  if (change === undefined) return [`${state}, with no change in a year`];
  return [`${state} until `, { atMs: change.atMs, timeZone: schedule.timeZone }];
}

/** Whether a rule may decide calls at a moment, whoever calls. @param timeZone in which its `from` and `until` are told */
export function ruleNow(rule: Rule, book: Pick<Book, "schedules">, atMs: number, timeZone: string): OnNow {
  const { on, why } = ruleStanding(rule, book, atMs);
  if (why.length === 0) return { on };
  const told = tell(why, (moment) =>
    moment.timeZone === undefined ? formatMoment(moment.atMs, timeZone) : soon(moment.atMs, atMs, moment.timeZone),
  );
  return { on, why: told };
}

/** The same, with its moments as such. */
export function ruleStanding(rule: Rule, book: Pick<Book, "schedules">, atMs: number): Standing {
  const { enabled, fromMs, untilMs, schedule: condition } = rule;
  if (!enabled) return { on: false, why: ["disabled"] };
  if (fromMs !== undefined && atMs < fromMs) return { on: false, why: ["from ", { atMs: fromMs }] };
  if (untilMs !== undefined && atMs >= untilMs) return { on: false, why: ["was until ", { atMs: untilMs }] };
  const until: Telling = untilMs === undefined ? [] : ["until ", { atMs: untilMs }];
  if (condition === undefined) return { on: true, why: until };
  const schedule = scheduleNamed(book, condition.schedule);
  if (schedule === undefined) return { on: false, why: [`there is no schedule ${condition.schedule}`] };
  if (!("timeZone" in schedule)) return { on: false, why: [`${condition.schedule} has no hours that can be read`] };
  const { open } = scheduleState(schedule, (name) => scheduleNamed(book, name), atMs);
  const state = [`${condition.schedule} `, ...scheduleStanding(schedule, book, atMs)];
  return { on: open !== condition.negated, why: until.length === 0 ? state : [...state, ", ", ...until] };
}

function tell(telling: Telling, momentText: (moment: ToldMoment) => string): string {
  return telling.map((part) => (typeof part === "string" ? part : momentText(part))).join("");
}

/** A moment of the coming days by its weekday, a later one with its date. */
function soon(atMs: number, nowMs: number, timeZone: string): string {
  const wall = formatWall(atMs, timeZone);
  return atMs - nowMs < 6 * MS_PER_DAY ? wall.replace(/ \d{4}-\d\d-\d\d /, " ") : wall;
}

/** The zone of the machine on which the command runs. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
