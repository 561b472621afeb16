import type { RuleBook } from "../routing/decide.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";

/** How a decision finds schedules among the rows of its line. */
export function findIn({ schedules }: Pick<RuleBook, "schedules">) {
  return (name: string): Schedule | HolidaySet | undefined => schedules.get(name.toLowerCase());
}

/** Whether dated rows stand beside weekly hours, so that there is an open and a closed. */
export function isSchedule(named: Schedule | HolidaySet | undefined): named is Schedule {
  return named !== undefined && "timeZone" in named;
}
