import { WEEKDAYS, type Weekday } from "../../src/routing/dates.ts";
import { parseExceptionKey } from "../../src/routing/exception-key.ts";
import { type DayHours, parseHours } from "../../src/routing/hours.ts";
import { type HolidayLookup, type HolidaySet, type Schedule, scheduleState } from "../../src/routing/schedule.ts";
import type { ScheduleException } from "../../src/routing/schedule-exceptions.ts";

/** A schedule as an administrator types it: `every` fills the weekdays that are not named. */
export interface TypedSchedule extends Partial<Record<Weekday, string>> {
  readonly name?: string;
  readonly timeZone?: string;
  readonly every?: string;
  /** Key to hours. */
  readonly exceptions?: Readonly<Record<string, string>>;
  readonly holidays?: readonly string[];
}

export function aSchedule(typed: TypedSchedule): Schedule {
  const column = (weekday: Weekday) => hours(typed[weekday] ?? typed.every ?? "");
  const weekly: Record<Weekday, DayHours> = {
    monday: column("monday"),
    tuesday: column("tuesday"),
    wednesday: column("wednesday"),
    thursday: column("thursday"),
    friday: column("friday"),
    saturday: column("saturday"),
    sunday: column("sunday"),
  };
  const { exceptions } = aHolidaySet(typed.name ?? "support", typed.exceptions ?? {});
  return {
    name: typed.name ?? "support",
    timeZone: typed.timeZone ?? "Europe/London",
    weekly,
    exceptions,
    holidays: typed.holidays ?? [],
  };
}

export function aHolidaySet(name: string, rows: Readonly<Record<string, string>>): HolidaySet {
  return { name, exceptions: Object.entries(rows).map(([key, text]) => anException(key, text)) };
}

export function anException(key: string, text: string): ScheduleException {
  const days = parseExceptionKey(key);
  if ("wrong" in days) throw new Error(days.wrong);
  return { key, days, hours: hours(text) };
}

export function hours(text: string): DayHours {
  const parsed = parseHours(text);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  return parsed;
}

export function lookupOf(...sets: readonly HolidaySet[]): HolidayLookup {
  return (name) => sets.find((set) => set.name === name);
}

export const NO_HOLIDAYS: HolidayLookup = () => undefined;

export const WORKING_DAYS: TypedSchedule = Object.fromEntries(
  WEEKDAYS.slice(0, 5).map((weekday) => [weekday, "09:00-17:00"]),
);

/** The moment of an ISO 8601 text. */
export const at = (text: string): number => Date.parse(text);

export function isOpen(schedule: Schedule, moment: string, holidays: HolidayLookup = NO_HOLIDAYS): boolean {
  return scheduleState(schedule, holidays, at(moment)).open;
}

/** The row (and column) that settled it, as a trace might put it. */
export function settledBy(schedule: Schedule, moment: string, holidays: HolidayLookup = NO_HOLIDAYS): string {
  const { settledBy: plan } = scheduleState(schedule, holidays, at(moment));
  return plan.kind === "weekly" ? `${plan.schedule} ${plan.weekday}` : `${plan.schedule} ${plan.exception.key}`;
}
