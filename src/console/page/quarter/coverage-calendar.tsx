import { useRef, useState } from "preact/hooks";
import type { CoverageAnswer, Way } from "../../api/looking.ts";
import { formatDate, formatDayAs } from "../shared/time.ts";
import { type Mark, markAt } from "../shared/ways.ts";
import { type CoveredDay, eventsOf, formatMinutes, sharesOf, weeksOf } from "./calendar.ts";

/** A piece of a bar that takes a smaller part of its day has no room for a letter. */
const ROOM_FOR_LETTER_MINUTES = 240;

interface CalendarProps {
  readonly marks: readonly Mark[];
  readonly coverage: CoverageAnswer;
  /** The week of a day. */
  readonly linkOf: (day: string) => string;
}

/** Weeks down, weekdays across; each day is a bar of who rings, and leads to its week. One stop of the Tab key; arrows move. */
export function CoverageCalendar({ coverage: { days, ways }, marks, linkOf }: CalendarProps) {
  const table = useRef<HTMLTableElement>(null);
  const [present, setPresent] = useState(days[0]?.day);
  const weeks = weeksOf(days);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const step = steps[event.key];
    const target = step === undefined ? undefined : days[days.findIndex(({ day }) => day === present) + step];
    if (target === undefined) return;
    event.preventDefault();
    table.current?.querySelector<HTMLElement>(`[data-day="${target.day}"]`)?.focus();
  };
  const weekdays = weeks[1]?.days ?? [];
  return (
    <table class="calendar" ref={table} onKeyDown={onKeyDown}>
      <caption class="hidden">Who rings on each day; arrow keys move from day to day</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Week from</span>
          </th>
          {weekdays.map((day) => (
            <th key={day?.day} scope="col">
              {day && formatDayAs(day.day, { weekday: "short" })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map(({ monday, days: places }) => (
          <tr key={monday}>
            <th scope="row">{formatDayAs(monday, { day: "numeric", month: "short" })}</th>
            {places.map((day, place) =>
              day === null ? (
                <td key={`${monday} ${place}`} />
              ) : (
                <td key={day.day}>
                  <DayLink
                    {...{ day, ways, marks }}
                    href={linkOf(day.day)}
                    tabIndex={day.day === present ? 0 : -1}
                    onFocus={() => setPresent(day.day)}
                  />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayLinkProps {
  readonly day: CoveredDay;
  readonly ways: readonly Way[];
  readonly marks: readonly Mark[];
  readonly href: string;
  readonly tabIndex: 0 | -1;
  readonly onFocus: () => void;
}

function DayLink({ day, ways, marks, href, tabIndex, onFocus }: DayLinkProps) {
  const shares = sharesOf(day);
  const events = eventsOf(day, ways);
  const told = shares.map(({ way, minutes }) => `${ways[way]?.who} ${formatMinutes(minutes)}`);
  const says = [formatDate(day.day), ...told, ...events].join("; ");
  return (
    <a
      class={day.onlyFallback ? "day gap" : "day"}
      href={href}
      data-day={day.day}
      title={says}
      {...{ tabIndex, onFocus }}
    >
      <span class="hidden">{says}</span>
      <span class="day-date" aria-hidden="true">
        {formatDayAs(day.day, { day: "numeric" })}
      </span>
      <span class="day-bar" aria-hidden="true">
        {shares.map(({ way, minutes }) => {
          const { tone, letter } = markAt(marks, way);
          return (
            <span key={way} class={tone} style={{ flexGrow: minutes }}>
              {minutes >= ROOM_FOR_LETTER_MINUTES && <b class="plate">{letter}</b>}
            </span>
          );
        })}
      </span>
      <span class="day-events" aria-hidden="true">
        {events.join(", ")}
      </span>
    </a>
  );
}
