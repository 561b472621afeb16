import { MINUTES_PER_DAY, twoDigits, WEEKDAYS, type Weekday } from "../../routing/dates.ts";
import { type DayHours, formatHours } from "../../routing/hours.ts";
import type { Output } from "../output.ts";
import { wrap } from "../text-table.ts";

const LABEL_WIDTH = 5;
const SLOT_MINUTES = 30;
const SLOTS = MINUTES_PER_DAY / SLOT_MINUTES;
/** Minutes between two hours that are named above. */
const TICK_MINUTES = 180;

/** Weekly hours as a picture of 80 columns: a day a line, a character for each half an hour, and the hours themselves. */
export function weekHours(weekly: Readonly<Record<Weekday, DayHours>>, out: Pick<Output, "paint" | "width">): string[] {
  const ticks = Array.from({ length: MINUTES_PER_DAY / TICK_MINUTES }, (_, tick) =>
    twoDigits((tick * TICK_MINUTES) / 60).padEnd(TICK_MINUTES / SLOT_MINUTES),
  );
  const indent = LABEL_WIDTH + SLOTS + 2;
  const days = WEEKDAYS.flatMap((weekday, index) => {
    const label = weekday.charAt(0).toUpperCase() + weekday.slice(1, 3);
    const before = weekly[WEEKDAYS[(index + 6) % 7] ?? weekday];
    const slots = slotsOf(weekly[weekday], before).map((slot) =>
      slot === CLOSED_SLOT ? slot : out.paint("green", slot),
    );
    const [first = "", ...others] = wrap(formatHours(weekly[weekday]), out.width - indent);
    const line = `${label.padEnd(LABEL_WIDTH)}${slots.join("")}  ${first}`;
    return [line, ...others.map((text) => " ".repeat(indent) + text)];
  });
  const partly = days.some((line) => line.includes(PARTLY_SLOT))
    ? [`${PARTLY_SLOT} open for a part of the half hour`]
    : [];
  return [(" ".repeat(LABEL_WIDTH) + ticks.join("")).trimEnd(), ...days, ...partly];
}

const OPEN_SLOT = "#";
const PARTLY_SLOT = "+";
const CLOSED_SLOT = ".";

/** @param before the hours of the day before, which may run on after midnight */
function slotsOf(hours: DayHours, before: DayHours): string[] {
  const tails = before.map(({ start, end }) => ({ start: start - MINUTES_PER_DAY, end: end - MINUTES_PER_DAY }));
  return Array.from({ length: SLOTS }, (_, slot) => {
    const from = slot * SLOT_MINUTES;
    const open = [...tails, ...hours].reduce(
      (sum, { start, end }) => sum + Math.max(0, Math.min(end, from + SLOT_MINUTES) - Math.max(start, from)),
      0,
    );
    if (open === 0) return CLOSED_SLOT;
    return open >= SLOT_MINUTES ? OPEN_SLOT : PARTLY_SLOT;
  });
}
