import type { CoverageAnswer } from "../../api/looking.ts";
import { pathOf } from "../shared/ask.ts";
import { LineAndCaller, useLineAndCaller } from "../shared/line-and-caller.tsx";
import { linkTo } from "../shared/route.ts";
import { Table } from "../shared/table.tsx";
import { formatDate } from "../shared/time.ts";
import { useAnswer } from "../shared/use-answer.ts";
import { Legend } from "../shared/way-mark.tsx";
import { marksOf } from "../shared/ways.ts";
import { eventsOf, formatMinutes, sharesOf } from "./calendar.ts";
import { CoverageCalendar } from "./coverage-calendar.tsx";
import "./quarter.css";

/** The next 90 days of a line: who rings on each, and the days that deserve a look. */
export function QuarterView() {
  const subject = useLineAndCaller();
  const { line, label, caller, params, version } = subject;
  const path = line && caller && pathOf("/api/coverage", { line, caller });
  const answer = useAnswer<CoverageAnswer>(path, { version });
  const { isBusy, fault } = answer;
  const value = answer.path === path ? answer.value : undefined;
  const marks = line && path && value ? marksOf(value.ways, { line, path }) : [];
  const linkOf = (day: string) => linkTo("week", { line, caller: params.caller, day });
  return (
    <div class="view">
      <header>
        <h1>Quarter</h1>
        <p class="faint" role="status">
          {value && `${value.days.length} days on the wall in ${value.timeZone}`}
        </p>
      </header>
      <div class="controls">
        <LineAndCaller view="quarter" subject={subject} />
      </div>
      {fault && <p class="fault">{fault}</p>}
      {params.line === undefined && <p class="panel empty">Choose a line to see who rings in the next 90 days.</p>}
      {line && value && (
        <div class={isBusy ? "quarter busy" : "quarter"}>
          <div class="quarter-picture">
            <Legend ways={value.ways} marks={marks} label={label} />
            <CoverageCalendar coverage={value} marks={marks} linkOf={linkOf} />
            <CoverageTable coverage={value} />
          </div>
          <Notes coverage={value} linkOf={linkOf} />
        </div>
      )}
    </div>
  );
}

interface NotesProps {
  readonly coverage: CoverageAnswer;
  /** The week of a day. */
  readonly linkOf: (day: string) => string;
}

function Notes({ coverage: { days, ways, remarks }, linkOf }: NotesProps) {
  const told = days
    .map((each) => ({ day: each.day, events: eventsOf(each, ways) }))
    .filter(({ events }) => events.length > 0);
  return (
    <div class="quarter-notes">
      <section class="panel">
        <h2>Worth a look</h2>
        {remarks.length === 0 && <p class="faint">Nothing.</p>}
        <ul>
          {remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      </section>
      <section class="panel">
        <h2>Days out of the ordinary</h2>
        {told.length === 0 && <p class="faint">None in these 90 days.</p>}
        <ul>
          {told.map(({ day, events }) => (
            <li key={day}>
              <a href={linkOf(day)}>{formatDate(day)}</a>
              <span>{events.join("; ")}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** The same days in words. */
function CoverageTable({ coverage: { days, ways } }: { coverage: CoverageAnswer }) {
  return (
    <details class="as-table">
      <summary>The days as a table</summary>
      <Table
        caption="Who rings on each day"
        isCaptionHidden
        rows={days}
        keyOf={({ day }) => day}
        columns={[
          { heading: "Day", cell: ({ day }) => formatDate(day) },
          {
            heading: "Who rings",
            cell: (day) =>
              sharesOf(day)
                .map(({ way, minutes }) => `${ways[way]?.who} ${formatMinutes(minutes)}`)
                .join("; "),
          },
          { heading: "Notes", cell: (day) => eventsOf(day, ways).join("; ") },
        ]}
      />
    </details>
  );
}
