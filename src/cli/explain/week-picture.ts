import { STEP_MINUTES, type Week, type WeekDay, type WeekStep } from "../../book/week.ts";
import { calendarDateOf, formatDay, MS_PER_MINUTE, twoDigits } from "../../routing/dates.ts";
import type { Decision } from "../../routing/decision.ts";
import { formatIso, formatTimeOfDay, shortWeekday } from "../../routing/format-moment.ts";
import { formatInternational } from "../../routing/phone-number.ts";
import { formatCaller } from "../caller.ts";
import type { Output, Style } from "../output.ts";
import { wrap } from "../text-table.ts";
import { deciderOf, type ExplainedCall } from "./explain-text.ts";

const STEPS_AN_HOUR = 60 / STEP_MINUTES;
const DAY_WIDTH = 8;

/** How a way is drawn: capital letters ring, small ones reject, signs are fallbacks. */
interface Mark {
  readonly letter: string;
  readonly style: Style;
}
const RINGING = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const REJECTING = "xyzwvutsrqponmlkjihgfedcba";
const RINGING_STYLES: readonly Style[] = [
  "green",
  "cyan",
  "blue",
  "magenta",
  "greenBright",
  "cyanBright",
  "blueBright",
];
/** For a way beyond the letters; a line with so many is past being drawn. */
const OTHERS = "?";

/** The week as a picture of 80 columns at most: hours down, days across, a letter for each quarter of an hour. */
export function weekPicture(week: Week, call: ExplainedCall, out: Output): string[] {
  const marks = marksOf(week.ways);
  const caller = call.caller.kind === "phone" ? formatInternational(call.caller.id) : formatCaller(call.caller);
  const headings = week.days.map(
    ({ day, steps }) => `${shortWeekday(day)} ${twoDigits(calendarDateOf(day).date)}${isOdd(steps) ? "*" : ""}`,
  );
  const draw = ({ moments: [first] }: WeekStep): string => {
    const mark = first && marks[first.way];
    return mark === undefined ? " " : out.paint(mark.style, mark.letter);
  };
  const hour = (each: number) =>
    week.days
      .map(({ steps }) =>
        steps
          .slice(each * STEPS_AN_HOUR, (each + 1) * STEPS_AN_HOUR)
          .map(draw)
          .join(""),
      )
      .join(" ".repeat(DAY_WIDTH - STEPS_AN_HOUR));
  const [first, last] = [week.days[0]?.day ?? 0, week.days.at(-1)?.day ?? 0];
  return [
    ...wrap(`${call.names.line(call.line.id)}, called by ${caller}`, out.width),
    `${formatDay(first)} to ${formatDay(last)}, the time on the wall in ${week.timeZone}`,
    "",
    out.paint("bold", `       ${headings.map((text) => text.padEnd(DAY_WIDTH)).join("")}`.trimEnd()),
    ...Array.from({ length: 24 }, (_, each) => `${twoDigits(each)}:00  ${hour(each)}`.trimEnd()),
    "",
    ...week.ways.flatMap((way, index) => legendOf(way, marks[index], call, out)),
    "",
    "Each letter is the decision at the start of a quarter of an hour.",
    ...week.days.flatMap(({ day, steps }) => footnotes(formatDay(day), steps, marks)),
  ];
}

/** The week with every step, for machines. */
export function weekJson({ timeZone, days, ways }: Week) {
  return {
    timeZone,
    ways: ways.map(({ trace: _, ...decision }) => decision),
    days: days.map(({ day, steps }) => ({
      date: formatDay(day),
      steps: steps.flatMap(({ moments }) => moments.map(({ atMs, way }) => ({ at: formatIso(atMs, timeZone), way }))),
    })),
  };
}

function marksOf(ways: readonly Decision[]): Mark[] {
  let ringing = 0;
  let rejecting = 0;
  return ways.map((way) => {
    switch (way.by.kind) {
      case "line-fallback":
        return { letter: "+", style: "yellow" };
      case "app-fallback":
        return { letter: "=", style: "yellow" };
      case "nothing":
        return { letter: "!", style: "red" };
      default:
        if (way.kind === "reject") return { letter: REJECTING[rejecting++] ?? OTHERS, style: "red" };
        return {
          letter: RINGING[ringing] ?? OTHERS,
          style: RINGING_STYLES[ringing++ % RINGING_STYLES.length] ?? "green",
        };
    }
  });
}

function legendOf(
  way: Decision,
  mark: Mark | undefined,
  { names }: Pick<ExplainedCall, "names">,
  out: Output,
): string[] {
  if (mark === undefined) return [];
  const ring =
    way.kind === "redirect" ? { all: "", random: "one at random of ", "round-robin": "in turn one of " }[way.ring] : "";
  const does = way.kind === "reject" ? `reject ${way.reason}` : `${ring}${names.targets(way.targets)}`;
  const decider = way.by.kind === "nothing" ? "no rule applies and there is no fallback" : deciderOf(way, names);
  const [first = "", ...others] = wrap(`${decider}: ${does}`, out.width - 3);
  return [`${out.paint(mark.style, mark.letter)}  ${first}`, ...others.map((line) => `   ${line}`)];
}

/** Whether the clocks change on a day. */
function isOdd(steps: WeekDay["steps"]): boolean {
  return steps.some(({ moments }) => moments.length !== 1);
}

/** What the picture cannot show of a day on which the clocks change. */
function footnotes(date: string, steps: readonly WeekStep[], marks: readonly Mark[]): string[] {
  const missing = steps.filter(({ moments }) => moments.length === 0);
  const twice = steps.filter(({ moments }) => moments.length === 2);
  const notes: string[] = [];
  if (missing.length > 0) notes.push(`* On ${date} the clocks jump over ${spanOf(missing)}.`);
  if (twice.length > 0) {
    const second = twice.map(({ moments }) => moments[1]);
    const differs = twice.some(({ moments: [one, other] }) => one?.way !== other?.way);
    const letters = differs
      ? `; the second time it is ${second.map((each) => marks[each?.way ?? -1]?.letter ?? "").join("")}`
      : "";
    notes.push(
      `* On ${date} the clocks go back and ${spanOf(twice)} comes twice; the picture shows the first time${letters}.`,
    );
  }
  return notes;
}

function spanOf(steps: readonly WeekStep[]): string {
  const start = steps[0]?.msOfDay ?? 0;
  const end = (steps.at(-1)?.msOfDay ?? 0) + STEP_MINUTES * MS_PER_MINUTE;
  return `${formatTimeOfDay(start)}-${formatTimeOfDay(end)}`;
}
