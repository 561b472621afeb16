import { isWrong } from "../errors.ts";
import type { Rule } from "../routing/rule.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";
import { parseTimeZone } from "../routing/time-zone.ts";
import { SHARED_PARTITIONS } from "../store/typed-keys.ts";
import { UsageError } from "./exit.ts";
import type { Session } from "./session.ts";

/** Finds a schedule by a name that a row gives it. */
export type FindSchedule = (name: string) => Schedule | HolidaySet | undefined;

const NO_ZONE = "Etc/UTC";

/**
 * The zone whose clock a person means who names a time for a line: that of the flag, else of the schedules that the
 * line's rules name, else UTC. Says on stderr why it is UTC.
 *
 * @param typed what --zone holds
 * @param rules those that the line's calls ask: its own and its group's outrank the shared ones
 * @throws UsageError when --zone holds no zone
 */
export function chooseZone(
  typed: string | undefined,
  rules: readonly Rule[],
  find: FindSchedule,
  { out }: Pick<Session, "out">,
): string {
  if (typed !== undefined) {
    const zone = parseTimeZone(typed);
    if (isWrong(zone)) throw new UsageError(`--zone: ${zone.wrong}.`);
    return zone;
  }
  const { timeZone, why } = zoneOfRules(rules, find);
  if (why !== undefined) out.tell(`Times are UTC, since ${why}; --zone takes another, such as America/New_York.`);
  return timeZone;
}

/** The zone of the schedules that a line's rules name, else UTC and why. */
export function zoneOfRules(
  rules: readonly Rule[],
  find: FindSchedule,
): { readonly timeZone: string; readonly why?: string } {
  const isShared = ({ partition }: Rule) => SHARED_PARTITIONS.some((name) => name === partition);
  const own = zonesOf(
    rules.filter((rule) => !isShared(rule)),
    find,
  );
  const zones = own.length > 0 ? own : zonesOf(rules, find);
  const [only, another] = zones;
  if (only !== undefined && another === undefined) return { timeZone: only };
  const why =
    only === undefined ? "no schedule is named" : `schedules of several zones are named (${zones.join(", ")})`;
  return { timeZone: NO_ZONE, why };
}

function zonesOf(rules: readonly Rule[], find: FindSchedule): string[] {
  const zones = rules.flatMap((rule) => {
    const schedule = rule.schedule && find(rule.schedule.schedule);
    return schedule !== undefined && "timeZone" in schedule ? [schedule.timeZone] : [];
  });
  return [...new Set(zones)];
}
