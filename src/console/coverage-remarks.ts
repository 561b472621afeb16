import { findIn } from "../book/schedules.ts";
import { enteredUntil } from "../book/upcoming.ts";
import { formatDay, type LocalDay, WEEKDAYS, weekdayOf } from "../routing/dates.ts";
import type { Decision } from "../routing/decision.ts";
import { formatWall } from "../routing/format-moment.ts";
import { hoursOn, type Schedule } from "../routing/schedule.ts";
import type { CoverageAnswer } from "./api/looking.ts";
import type { Span } from "./coverage.ts";
import type { Outlook } from "./outlook.ts";
import type { Findings } from "./snapshot.ts";

/** So many gaps are told one by one; of more, the first and the count. */
const MOST_GAPS = 3;

/** So many rules that never decide, likewise. */
const MOST_SHADOWED = 3;

/** So many schedules of which the same is to be said are named. */
const MOST_NAMED = 3;

/** What is worth a look in a quarter, as sentences. @param findings what the check found in the rows */
export function remarksOn(
  outlook: Outlook,
  findings: Findings,
  days: readonly LocalDay[],
  views: CoverageAnswer["days"],
  ways: readonly Decision[],
  spans: readonly Span[],
): string[] {
  return [
    ...gapsIn(spans, ways, outlook.timeZone),
    ...shadowedIn(outlook, findings),
    ...togetherOf(outlook.schedules, (schedule) => closedWeekdays(schedule, days, outlook), DO_NOT_OPEN),
    ...togetherOf(outlook.schedules, (schedule) => endOfHolidays(schedule, days, outlook), HAVE_NO_HOLIDAYS),
    ...views.flatMap(({ day, changes, clockChange }) => [
      ...changes.map((change) => `${change} on ${day}.`),
      ...(clockChange === undefined ? [] : [`The clocks change on ${day}: ${clockChange}.`]),
    ]),
  ];
}

/** Times in which no rule applies, so that a fallback answers or nobody. */
function gapsIn(spans: readonly Span[], ways: readonly Decision[], timeZone: string): string[] {
  const gaps = spans.filter(({ way }) => ways[way]?.by.kind !== "rule");
  const told = gaps.slice(0, gaps.length > MOST_GAPS ? 1 : MOST_GAPS).map(({ fromMs, untilMs, way }) => {
    const who = ways[way]?.by.kind === "nothing" ? "Nobody answers" : "Only a fallback answers";
    return `${who} from ${formatWall(fromMs, timeZone)} until ${formatWall(untilMs, timeZone)}.`;
  });
  const more = gaps.length - told.length;
  return more > 0
    ? [...told, `There are ${more} more such gaps until ${formatWall(spans.at(-1)?.untilMs ?? 0, timeZone)}.`]
    : told;
}

/** Rules that others take all calls from, as the check has proved. */
function shadowedIn({ book, snapshot: { names } }: Outlook, findings: Findings): string[] {
  const partitions = new Set(book.partitions.flat().map(({ partition }) => partition));
  const shadowed = [...partitions].flatMap((partition) =>
    findings.inPartition("Routes", partition).filter(({ kind }) => kind === "shadowed"),
  );
  const told = shadowed
    .slice(0, MOST_SHADOWED)
    .map(({ partitionKey, rowKey, says }) => `${names.rule(partitionKey, rowKey)} never decides: ${says}`);
  const more = shadowed.length - told.length;
  const others = more === 1 ? "There is one more such rule." : `There are ${more} more such rules.`;
  return more > 0 ? [...told, others] : told;
}

/** A sentence's verb for one schedule and for several. */
type Verb = readonly [one: string, several: string];
const DO_NOT_OPEN: Verb = ["does not open", "do not open"];
const HAVE_NO_HOLIDAYS: Verb = ["has no holidays", "have no holidays"];

/** One sentence for all schedules of which the same is to be said; of many the first names. @param endOf how it ends, if it is to be said */
function togetherOf(
  schedules: readonly Schedule[],
  endOf: (schedule: Schedule) => string | undefined,
  [one, several]: Verb,
): string[] {
  return [...Map.groupBy(schedules, endOf)].flatMap(([end, those]) => {
    if (end === undefined) return [];
    const names = those.map(({ name }) => name);
    if (names.length <= MOST_NAMED) return [`${listed(names)} ${names.length === 1 ? one : several}${end}.`];
    return [`${names.slice(0, MOST_NAMED).join(", ")} and ${names.length - MOST_NAMED} more ${several}${end}.`];
  });
}

/** `day`, `day and night`, `day, night and feasts` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** On which days of the week a schedule never opens. */
function closedWeekdays(schedule: Schedule, days: readonly LocalDay[], { book }: Outlook): string | undefined {
  const open = new Set(days.filter((day) => hoursOn(schedule, findIn(book), day).hours.length > 0).map(weekdayOf));
  const closed = WEEKDAYS.filter((weekday) => !open.has(weekday));
  if (closed.length === 0) return undefined;
  return closed.length === WEEKDAYS.length ? " on any day" : ` on any ${closed.join(" or ")}`;
}

/** That dated rows end before the quarter does: next year's holidays may have been forgotten. */
function endOfHolidays(schedule: Schedule, days: readonly LocalDay[], { book }: Outlook): string | undefined {
  const { lastDay, recurring } = enteredUntil(schedule, findIn(book));
  if (lastDay === undefined) return recurring ? undefined : "";
  if (lastDay >= (days.at(-1) ?? 0)) return undefined;
  const others = recurring ? "; those of every year or month go on" : "";
  return ` after ${formatDay(lastDay)}${others}`;
}
