// biome-ignore-all lint/a11y/useSemanticElements: the picture is laid out by a grid, not by a table
// biome-ignore-all lint/a11y/useFocusableInteractive: of its parts only the cells take the focus
import { useMemo, useRef } from "preact/hooks";
import { formatDay, MS_PER_DAY } from "../../../routing/dates.ts";
import { wallTimeAt } from "../../../routing/time-zone.ts";
import type { WeekAnswer } from "../../api/looking.ts";
import { formatDate, formatDayAs } from "../shared/time.ts";
import { useNow } from "../shared/use-surroundings.ts";
import { type Mark, markAt } from "../shared/ways.ts";
import { type Block, blocksOf, clockOf, type Day, type Step, zonesOf } from "./blocks.ts";
import { type Cell, moveFrom } from "./move.ts";

const MINUTE_MS = 60_000;
/** A block of fewer quarters has no room for more than its letter. */
const ROOM_FOR_NAME = 6;
const ROOM_FOR_LETTER = 2;

interface WeekGridProps {
  readonly week: WeekAnswer;
  readonly marks: readonly Mark[];
  /** The one stop of the Tab key. */
  readonly present: Cell;
  readonly onPresent: (cell: Cell) => void;
  /** What the mouse points at; null when it has left. */
  readonly onPoint: (cell: Cell | null) => void;
}

/** The picture: blocks as people see them, and above them a grid of quarters of an hour that can be pointed at and walked through. */
export function WeekGrid({ week, marks, present, onPresent, onPoint }: WeekGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const today = useToday(week.timeZone);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = moveFrom(present, event.key, week.days);
    if (target === undefined) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-cell="${nameOf(target)}"]`)?.focus();
  };
  const blocks = useMemo(() => <Blocks week={week} marks={marks} />, [week, marks]);
  const rows = useMemo(() => <Rows week={week} present={present} />, [week, present]);
  return (
    <div
      class="week-grid"
      role="grid"
      aria-label={`Who rings when, in ${week.timeZone}; arrow keys move by quarters of an hour and by days, Page Up and Page Down to the next change`}
      ref={grid}
      onKeyDown={onKeyDown}
      onFocusIn={({ target }) => onPresent(cellAt(target) ?? present)}
      onPointerOver={({ target }) => onPoint(cellAt(target))}
      onPointerLeave={() => onPoint(null)}
    >
      <div class="week-heads" role="row">
        {week.days.map((day) => (
          <DayHead key={day.day} day={day} timeZone={week.timeZone} isToday={day.day === today.day} />
        ))}
      </div>
      <div class="week-body" role="rowgroup">
        <div class="week-layer" aria-hidden="true">
          {blocks}
          {week.days.map(
            ({ day }, index) =>
              day === today.day && (
                <div
                  key={day}
                  class="week-now"
                  style={{ gridColumn: `${index + 2} / ${index + 3}`, top: `${(today.msOfDay / MS_PER_DAY) * 100}%` }}
                />
              ),
          )}
        </div>
        {rows}
      </div>
    </div>
  );
}

function useToday(timeZone: string): { readonly day: string; readonly msOfDay: number } {
  const { day, msOfDay } = wallTimeAt(timeZone, useNow(MINUTE_MS));
  return { day: formatDay(day), msOfDay };
}

interface DayHeadProps {
  readonly day: Day;
  readonly timeZone: string;
  readonly isToday: boolean;
}

function DayHead({ day: { day, exceptions, clockChange, steps }, timeZone, isToday }: DayHeadProps) {
  return (
    <div role="columnheader" class={isToday ? "today" : ""}>
      <strong>
        {formatDayAs(day, { weekday: "short" })}{" "}
        <span class="week-date">{formatDayAs(day, { day: "numeric", month: "short" })}</span>
      </strong>
      {isToday && <span class="hidden"> today</span>}
      {exceptions.length > 0 && (
        <span class="week-exception" title={exceptions.join(", ")}>
          {exceptions.join(", ")}
        </span>
      )}
      {clockChange !== undefined && (
        <span class="week-clock">
          <span aria-hidden="true">◷ </span>
          {clockChange}: {zonesOf(steps, timeZone).join(", then ")}
        </span>
      )}
    </div>
  );
}

function Blocks({ week: { days, ways }, marks }: Pick<WeekGridProps, "week" | "marks">) {
  return (
    <>
      {Array.from({ length: 24 }, (_, hour) => (
        <span key={hour} class="week-hour" style={{ gridColumn: 1, gridRow: hour * 4 + 1 }}>
          {clockOf(hour * 4)}
        </span>
      ))}
      {days.map(({ day, steps }, index) =>
        blocksOf(steps).map((block) => (
          <div
            key={`${day} ${block.first}`}
            class="week-block"
            style={{ gridColumn: index + 2, gridRow: `${block.first + 1} / ${block.end + 1}` }}
          >
            {block.ways.length === 0 && <div class="week-skipped" />}
            {block.ways.map((way, time) => (
              <Piece key={time} mark={markAt(marks, way)} who={ways[way]?.who ?? ""} block={block} />
            ))}
          </div>
        )),
      )}
    </>
  );
}

function Piece({ mark, who, block: { first, end } }: { mark: Mark; who: string; block: Block }) {
  const room = end - first;
  return (
    <div class={`week-piece ${mark.tone}`}>
      {room >= ROOM_FOR_LETTER && (
        <span class="plate">
          <b>{mark.letter}</b> {room >= ROOM_FOR_NAME && <span class="week-who">{who}</span>}
        </span>
      )}
    </div>
  );
}

function Rows({ week: { days, ways }, present }: Pick<WeekGridProps, "week" | "present">) {
  const saysOf = (step: Step | undefined) => {
    if (step === undefined || step.length === 0) return "the clocks jump over it";
    return step.map(({ way }) => `${ways[way]?.who}, ${ways[way]?.by}`).join("; the second time ");
  };
  const count = Math.max(0, ...days.map(({ steps }) => steps.length));
  return (
    <div class="week-layer" role="presentation">
      {Array.from({ length: count }, (_, step) => (
        <div key={step} role="row" class="week-row">
          {days.map(({ day, steps }, index) => (
            <div
              key={day}
              role="gridcell"
              class="week-cell"
              tabIndex={index === present.day && step === present.step ? 0 : -1}
              data-cell={nameOf({ day: index, step })}
              style={{ gridColumn: index + 2, gridRow: step + 1 }}
              aria-label={`${formatDate(day)} ${clockOf(step)}: ${saysOf(steps[step])}`}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function nameOf({ day, step }: Cell): string {
  return `${day}-${step}`;
}

function cellAt(target: EventTarget | null): Cell | null {
  const name = target instanceof HTMLElement ? target.dataset.cell : undefined;
  const [day, step] = name?.split("-").map(Number) ?? [];
  return day === undefined || step === undefined ? null : { day, step };
}
