import { enteredUntil } from "../book/upcoming.ts";
import { formatDay, type LocalDay, WEEKDAYS, weekdayOf } from "../routing/dates.ts";
import type { Decision } from "../routing/decision.ts";
import { formatWall } from "../routing/format-moment.ts";
import { hoursOn, type Schedule } from "../routing/schedule.ts";
import type { CoverageAnswer } from "./api.ts";
import type { Span } from "./coverage.ts";
import { namedRule } from "./named.ts";
import type { Outlook } from "./outlook.ts";
import { findIn } from "./schedules.ts";
import type { Findings } from "./snapshot.ts";

/** So many gaps are told one by one; of more, the first and the count. */
const MOST_GAPS = 3;

/** So many rules that never decide, likewise. */
const MOST_SHADOWED = 3;

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
    ...outlook.schedules.flatMap((schedule) => [
      ...closedWeekdays(schedule, days, outlook),
      ...endOfHolidays(schedule, days, outlook),
    ]),
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
    .map((finding) => `${namedRule(finding, names)} never decides: ${finding.says}`);
  const more = shadowed.length - told.length;
  const others = more === 1 ? "There is one more such rule." : `There are ${more} more such rules.`;
  return more > 0 ? [...told, others] : told;
}

/** Days of the week on which a schedule never opens. */
function closedWeekdays(schedule: Schedule, days: readonly LocalDay[], { book }: Outlook): string[] {
  const open = new Set(days.filter((day) => hoursOn(schedule, findIn(book), day).hours.length > 0).map(weekdayOf));
  const closed = WEEKDAYS.filter((weekday) => !open.has(weekday));
  if (closed.length === 0) return [];
  const when = closed.length === WEEKDAYS.length ? "on any day" : `on any ${closed.join(" or ")}`;
  return [`${schedule.name} does not open ${when}.`];
}

/** That dated rows end before the quarter does: next year's holidays may have been forgotten. */
function endOfHolidays(schedule: Schedule, days: readonly LocalDay[], { book }: Outlook): string[] {
  const { lastDay, recurring } = enteredUntil(schedule, findIn(book));
  if (lastDay === undefined) return recurring ? [] : [`${schedule.name} has no holidays.`];
  if (lastDay >= (days.at(-1) ?? 0)) return [];
  const others = recurring ? "; those of every year or month go on" : "";
  return [`${schedule.name} has no holidays after ${formatDay(lastDay)}${others}.`];
}
