import type { Command } from "commander";
import { comingExceptions, enteredUntil } from "../../book/upcoming.ts";
import { formatDay, type LocalDay } from "../../routing/dates.ts";
import { explainState } from "../../routing/explain.ts";
import { formatIso, formatMoment, formatWall, shortWeekday } from "../../routing/format-moment.ts";
import { formatHours } from "../../routing/hours.ts";
import { type HolidaySet, nextChange, type Schedule, scheduleState, unknownHolidays } from "../../routing/schedule.ts";
import { nextClockChange, wallTimeAt } from "../../routing/time-zone.ts";
import { type Book, readBook } from "../../store/book.ts";
import { formatFault, type Row } from "../../store/cells.ts";
import { readAllRows } from "../../store/row-edits.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode, MistakeError } from "../exit.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { scheduleNamed } from "../on-now.ts";
import type { Session } from "../session.ts";
import { weekHours } from "./week-hours.ts";

/** How far to look for openings, exceptions and jumps of the clock. */
const DAYS_AHEAD = 2 * 366;
const MOST_EXCEPTIONS = 10;
const MOST_CLOCK_CHANGES = 2;
const HOUR_MS = 3_600_000;

export function addSchedulesShow(schedules: Command, run: Run): void {
  leaf(schedules, "show <schedule>", "The week of a schedule as a picture, and its next exceptions", [
    "ringroute schedules show office-hours",
  ]).action((name: string, flags: CommonFlags) => run(flags, (session) => show(session, name, flags)));
}

async function show(session: Session, name: string, flags: CommonFlags): Promise<ExitCode> {
  const { out, tables, host, startedAt } = session;
  const rows: Row[] = [];
  for await (const row of readAllRows(tables.Schedules, host.interrupted)) rows.push(row);
  const book = readBook({ Lines: [], Routes: [], Schedules: rows }, undefined, undefined);
  const schedule = scheduleTyped(book, name);
  if (schedule === undefined) throw new MistakeError(`There is no schedule "${name}".${nearNames(name, book)}`);
  const find = (each: string) => scheduleNamed(book, each);
  const own = book.faults.filter(({ partitionKey }) => partitionKey === schedule.name);
  if (own.length > 0) out.tell("Mistakes in its rows:", ...own.map((fault) => `  ${formatFault(fault)}`));
  const view = { schedule, find, atMs: startedAt.getTime() };
  if (flags.json) out.printJson(jsonOf(view));
  else if ("timeZone" in schedule) out.print(...scheduleText({ ...view, schedule }, session));
  else out.print(...setText(view, book));
  if (!flags.json) printExceptions(view, session);
  return EXIT.good;
}

/** By the very key first, which no rule may be able to name. */
function scheduleTyped(book: Book, name: string): Schedule | HolidaySet | undefined {
  const exact = book.schedules.get(name);
  if (exact !== undefined) return exact;
  return scheduleNamed(book, name);
}

/** A schedule or a set of holidays at a moment. */
interface View<S = Schedule | HolidaySet> {
  readonly schedule: S;
  readonly find: (name: string) => Schedule | HolidaySet | undefined;
  readonly atMs: number;
}

function scheduleText({ schedule, find, atMs }: View<Schedule>, { out }: Session): string[] {
  const { name, timeZone, holidays } = schedule;
  const state = scheduleState(schedule, find, atMs);
  const next = nextChange(schedule, find, atMs, DAYS_AHEAD);
  const verb = state.open ? "Closes" : "Opens";
  const unknown = unknownHolidays(schedule, find);
  return [
    out.paint("bold", `${textOfKey(name)}, by the clock in ${timeZone}`),
    `Now ${formatWall(atMs, timeZone)}: ${explainState(state)}.`,
    next === undefined
      ? `Never ${verb.toLowerCase()} within two years.`
      : `${verb} next on ${formatMoment(next.atMs, timeZone)}.`,
    ...(holidays.length === 0 ? [] : [`Holidays from ${holidays.join(", ")}.`]),
    ...(unknown.length === 0 ? [] : [`There is no schedule ${unknown.join(", ")}, from which it takes holidays.`]),
    "",
    ...weekHours(schedule.weekly, out),
    "",
    ...clockChanges(timeZone, atMs).map(({ atMs: changeMs, byMs }) => {
      const hours = Math.abs(byMs) / HOUR_MS;
      return `The clocks go ${byMs > 0 ? "forward" : "back"} ${hours} h, to ${formatMoment(changeMs, timeZone)}.`;
    }),
  ];
}

function setText({ schedule }: View, { schedules }: Book): string[] {
  const borrowers = [...schedules.values()].filter(
    (each) => "holidays" in each && each.holidays.some((name) => name.toLowerCase() === schedule.name.toLowerCase()),
  );
  const lent =
    borrowers.length === 0
      ? "no schedule takes its holidays from it"
      : `its dated rows count in ${borrowers.map(({ name }) => textOfKey(name)).join(", ")}`;
  return [`${textOfKey(schedule.name)} has no weekly hours and no zone of its own; ${lent}.`];
}

function printExceptions({ schedule, find, atMs }: View, { out }: Session): void {
  const coming = comingOf({ schedule, find, atMs });
  if (coming.length > 0) {
    out.print("");
    const rows = coming.map(({ first, last, exception, schedule: owner }) => [
      daysText(first, last),
      formatHours(exception.hours),
      exception.name ?? "",
      `${owner === schedule.name ? "own" : textOfKey(owner)}: ${exception.key}`,
    ]);
    out.printTable(["Next exceptions", "Hours", "Name", "From"], rows);
  }
  const { lastDay, recurring } = enteredUntil(schedule, find);
  const upTo = lastDay === undefined ? "by date" : `after ${formatDay(lastDay)}`;
  out.print(`No holidays are entered ${upTo}${recurring ? "; those of every year or month go on" : ""}.`);
}

function comingOf({ schedule, find, atMs }: View) {
  // A set of holidays has no clock of its own.
  const { day } = wallTimeAt("timeZone" in schedule ? schedule.timeZone : "Etc/UTC", atMs);
  return comingExceptions(schedule, find, day, DAYS_AHEAD, MOST_EXCEPTIONS);
}

function daysText(first: LocalDay, last: LocalDay): string {
  const text = (day: LocalDay) => `${shortWeekday(day)} ${formatDay(day)}`;
  return first === last ? text(first) : `${text(first)} to ${text(last)}`;
}

function clockChanges(timeZone: string, fromMs: number) {
  const changes = [];
  for (let atMs = fromMs; changes.length < MOST_CLOCK_CHANGES; ) {
    const change = nextClockChange(timeZone, atMs, DAYS_AHEAD);
    if (change === undefined) break;
    changes.push(change);
    atMs = change.atMs;
  }
  return changes;
}

function nearNames(name: string, { schedules }: Book): string {
  const names = [...schedules.keys()].map(textOfKey);
  if (names.length === 0) return " There are no rows in Schedules yet.";
  const typed = name.toLowerCase();
  const alike = names.filter(
    (each) =>
      each.toLowerCase().includes(typed) ||
      typed.includes(each.toLowerCase()) ||
      each.toLowerCase().startsWith(typed.slice(0, 3)),
  );
  return alike.length > 0
    ? ` Did you mean ${alike.slice(0, 5).join(", ")}?`
    : ` There are ${names.slice(0, 5).join(", ")}.`;
}

function jsonOf({ schedule, find, atMs }: View) {
  const exceptions = comingOf({ schedule, find, atMs }).map(({ first, last, exception, schedule: owner }) => ({
    first: formatDay(first),
    last: formatDay(last),
    hours: formatHours(exception.hours),
    name: exception.name ?? null,
    schedule: owner,
    key: exception.key,
  }));
  const { lastDay } = enteredUntil(schedule, find);
  const common = {
    name: schedule.name,
    nextExceptions: exceptions,
    lastEnteredDay: lastDay === undefined ? null : formatDay(lastDay),
  };
  if (!("timeZone" in schedule)) return common;
  const { timeZone, weekly, holidays } = schedule;
  const next = nextChange(schedule, find, atMs, DAYS_AHEAD);
  return {
    ...common,
    timeZone,
    weekly: Object.fromEntries(Object.entries(weekly).map(([weekday, hours]) => [weekday, formatHours(hours)])),
    holidays,
    unknownHolidays: unknownHolidays(schedule, find),
    open: scheduleState(schedule, find, atMs).open,
    changesNext: next === undefined ? null : formatIso(next.atMs, timeZone),
    clockChanges: clockChanges(timeZone, atMs).map((change) => formatIso(change.atMs, timeZone)),
  };
}
