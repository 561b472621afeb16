import { useMemo, useState } from "preact/hooks";
import { mondayOf, STEP_MINUTES } from "../../../book/week.ts";
import { isWrong } from "../../../errors.ts";
import { dayOf, formatDay, type LocalDay, MS_PER_MINUTE, parseDay, weekdayIndexOf } from "../../../routing/dates.ts";
import { wallTimeAt } from "../../../routing/time-zone.ts";
import type { WeekAnswer } from "../../api/looking.ts";
import { pathOf } from "../shared/ask.ts";
import { LineAndCaller, useLineAndCaller } from "../shared/line-and-caller.tsx";
import { goTo } from "../shared/route.ts";
import { formatDate } from "../shared/time.ts";
import { useAnswer } from "../shared/use-answer.ts";
import { useNow } from "../shared/use-surroundings.ts";
import { Legend } from "../shared/way-mark.tsx";
import { marksOf } from "../shared/ways.ts";
import { zonesOf } from "./blocks.ts";
import { CellDetails } from "./cell-details.tsx";
import type { Cell } from "./move.ts";
import { WeekGrid } from "./week-grid.tsx";
import { WeekTable } from "./week-table.tsx";
import "./week.css";

const STEP_MS = STEP_MINUTES * MS_PER_MINUTE;
/** Days beyond it have no text of four digits for the year. */
const LAST_DAY = dayOf(9999, 12, 31);

/** The week of a line as a caller meets it: days across, the hours of the line's own wall down. */
export function WeekView() {
  const subject = useLineAndCaller();
  const { line, label, caller, timeZone, params, version } = subject;
  const thisMonday = mondayOf(timeZone, useNow(MS_PER_MINUTE));
  const read = params.day === undefined ? thisMonday : readDay(params.day);
  const asked = typeof read === "number" ? read : thisMonday;
  const monday = asked - weekdayIndexOf(asked);
  const path = line && caller && pathOf("/api/week", { line, caller, day: formatDay(monday) });
  const answer = useAnswer<WeekAnswer>(path, { version });
  const { isBusy, fault } = answer;
  // Another week of the same line and caller stays until the new one comes; of another line it would tell lies.
  const isOfSubject = line && caller && answer.path?.startsWith(`${pathOf("/api/week", { line, caller })}&`);
  const week = isOfSubject ? answer.value : undefined;

  const show = (day: number) => goTo("week", { ...params, day: day === thisMonday ? undefined : formatDay(day) });
  return (
    <div class="view">
      <header>
        <h1>Week</h1>
        <p class="faint" role="status">
          {week && spanOf(week)}
        </p>
      </header>
      <div class="controls">
        <LineAndCaller view="week" subject={subject} />
        <div class="joined">
          <button type="button" onClick={() => show(monday - 7)}>
            <span aria-hidden="true">‹ </span>Previous
          </button>
          <button type="button" aria-pressed={monday === thisMonday} onClick={() => show(thisMonday)}>
            This week
          </button>
          <button type="button" onClick={() => show(monday + 7)}>
            Next<span aria-hidden="true"> ›</span>
          </button>
        </div>
      </div>
      {typeof read !== "number" && (
        <p class="note" role="alert">
          {read.wrong}. This week is shown instead.
        </p>
      )}
      {fault && <p class="fault">{fault}</p>}
      {params.line === undefined && <p class="panel empty">Choose a line to see who rings when.</p>}
      {line && caller && week && (
        <div class={isBusy ? "busy" : ""}>
          {/* Another week begins with a cell of its own. */}
          <Picture
            key={`${line} ${week.days[0]?.day}`}
            path={answer.path ?? ""}
            opensOn={params.day}
            {...{ week, line, label, caller, version }}
          />
        </div>
      )}
    </div>
  );
}

interface PictureProps {
  readonly week: WeekAnswer;
  /** What the week is the answer to. */
  readonly path: string;
  readonly line: string;
  readonly label: string | undefined;
  readonly caller: string;
  /** The day whose cell is the present one at first. */
  readonly opensOn: string | undefined;
  readonly version: string | undefined;
}

function Picture({ week, path, line, label, caller, opensOn, version }: PictureProps) {
  const marks = marksOf(week.ways, { line, path });
  const [chosen, setPresent] = useState<Cell | null>(null);
  const nowMs = useNow(MS_PER_MINUTE);
  const first = useMemo(() => firstCell(week, opensOn, nowMs), [week, opensOn, nowMs]);
  const present = chosen ?? first;
  const [pointed, setPointed] = useState<Cell | null>(null);
  return (
    <div class="week">
      <div class="week-picture">
        <Legend ways={week.ways} marks={marks} label={label} />
        <WeekGrid week={week} marks={marks} present={present} onPresent={setPresent} onPoint={setPointed} />
        <WeekTable week={week} marks={marks} />
      </div>
      <CellDetails cell={pointed ?? present} {...{ week, marks, line, caller, version }} />
    </div>
  );
}

/** A day whose whole week can be shown. */
function readDay(text: string): LocalDay | { readonly wrong: string } {
  const day = parseDay(text);
  if (isWrong(day) || day - weekdayIndexOf(day) + 6 <= LAST_DAY) return day;
  return { wrong: `The week of ${text} goes beyond the year 9999` };
}

/** Nine o'clock: most offices are open by then. */
const NINE = 36;

/** The cell to begin with: of the day that was asked for, else of now, else of Monday. */
function firstCell({ days, timeZone }: WeekAnswer, opensOn: string | undefined, nowMs: number): Cell {
  const asked = days.findIndex(({ day }) => day === opensOn);
  if (asked >= 0) return { day: asked, step: NINE };
  const { day, msOfDay } = wallTimeAt(timeZone, nowMs);
  const today = days.findIndex((each) => each.day === formatDay(day));
  return today < 0 ? { day: 0, step: NINE } : { day: today, step: Math.floor(msOfDay / STEP_MS) };
}

function spanOf({ days, timeZone }: WeekAnswer): string {
  const [first, last] = [days[0], days.at(-1)];
  const zones = zonesOf(
    days.flatMap(({ steps }) => steps),
    timeZone,
  ).join(", then ");
  return `${formatDate(first?.day ?? "")} to ${formatDate(last?.day ?? "")}, the time on the wall in ${timeZone} (${zones})`;
}
