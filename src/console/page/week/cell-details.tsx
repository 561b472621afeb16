import type { WeekAnswer } from "../../api/looking.ts";
import { linkTo } from "../shared/route.ts";
import { formatDate, formatMoment } from "../shared/time.ts";
import { Trace } from "../shared/trace.tsx";
import { useExplain } from "../shared/use-explain.ts";
import { useSettled } from "../shared/use-surroundings.ts";
import { Swatch } from "../shared/way-mark.tsx";
import { type Mark, markAt, outcomeOf } from "../shared/ways.ts";
import { clockOf } from "./blocks.ts";
import type { Cell } from "./move.ts";

/** A pointer on its way across the picture asks nothing. */
const SETTLED_MS = 180;

interface CellDetailsProps {
  readonly week: WeekAnswer;
  readonly marks: readonly Mark[];
  readonly cell: Cell;
  readonly line: string;
  readonly caller: string;
  readonly version: string | undefined;
}

/** What happens in a quarter of an hour, and why. */
export function CellDetails({ cell, ...common }: CellDetailsProps) {
  const day = common.week.days[cell.day];
  const moments = day?.steps[cell.step] ?? [];
  return (
    <section class="panel week-details" aria-label="The quarter of an hour pointed at" aria-live="polite">
      <h2>
        {day && formatDate(day.day)}, {clockOf(cell.step)}
      </h2>
      {day?.exceptions.map((name) => (
        <p key={name}>Dated row: {name}</p>
      ))}
      {moments.length === 0 && <p>The clocks jump over this time.</p>}
      {moments.map((moment, time) => (
        <MomentDetails key={time} {...common} {...moment} isOneOfTwo={moments.length > 1} />
      ))}
    </section>
  );
}

interface MomentProps extends Omit<CellDetailsProps, "cell"> {
  readonly atMs: number;
  readonly way: number;
  readonly isOneOfTwo: boolean;
}

function MomentDetails(props: MomentProps) {
  const { week, marks, line, caller, version, atMs, way, isOneOfTwo } = props;
  const settledMs = useSettled(atMs, SETTLED_MS);
  const { answer, fault, isBusy } = useExplain({ line, caller, at: new Date(settledMs).toISOString() }, version);
  const found = week.ways[way];
  return (
    <>
      {isOneOfTwo && <h3>{formatMoment(atMs, week.timeZone)}</h3>}
      {found && (
        <p class="week-verdict">
          <Swatch mark={markAt(marks, way)} />
          <span>
            <strong>{outcomeOf(found)}</strong>
            <br />
            <span class="faint">by {found.by}</span>
          </span>
        </p>
      )}
      {fault && <p class="fault">{fault}</p>}
      {answer && (
        <div class={isBusy || settledMs !== atMs ? "busy" : ""}>
          <Trace answer={answer} />
        </div>
      )}
      <p>
        <a href={linkTo("try", { line, caller, at: new Date(atMs).toISOString() })}>Try this call</a>
      </p>
    </>
  );
}
