import type { LineView, NextAnswer } from "../../api/looking.ts";
import { besideLabel } from "../shared/lines.ts";
import { linkTo } from "../shared/route.ts";
import { formatMoment, formatMomentBriefly, formatZone } from "../shared/time.ts";
import { Cell } from "../shared/virtual-list.tsx";
import { Swatch } from "../shared/way-mark.tsx";
import { marksOf, outcomeOf } from "../shared/ways.ts";

interface LineRowProps {
  readonly line: LineView;
  /** Undefined until it is known. */
  readonly next: NextAnswer["next"][string] | undefined;
  readonly tabIndex: 0 | -1;
}

/** The cells of a line in the list. */
export function LineRow({ line, next, tabIndex }: LineRowProps) {
  const { id, label, now, schedule, timeZone } = line;
  const [mark] = marksOf([now]);
  return (
    <>
      <Cell name="line-name">
        <strong title={label}>{label}</strong>
        <span class="faint">{besideLabel(line)}</span>
      </Cell>
      <Cell name="line-now">
        {mark && <Swatch mark={mark} />}
        <div>
          <strong title={now.who}>{now.kind === "fallback" ? outcomeOf(now) : now.who}</strong>
          <span class="faint">
            {now.by}
            {schedule !== undefined && `, ${schedule}`}
          </span>
        </div>
      </Cell>
      <Cell name="line-next">
        <Next next={next} timeZone={timeZone} />
      </Cell>
      <Cell name="line-standing">
        <Standing line={line} tabIndex={tabIndex} />
        <span class="line-ways">
          <a href={linkTo("week", { line: id })} tabIndex={tabIndex}>
            Week<span class="hidden"> of {label}</span>
          </a>
          <a href={linkTo("quarter", { line: id })} tabIndex={tabIndex}>
            Quarter<span class="hidden"> of {label}</span>
          </a>
          <a href={linkTo("try", { line: id })} tabIndex={tabIndex}>
            Try<span class="hidden"> a call to {label}</span>
          </a>
        </span>
      </Cell>
    </>
  );
}

function Next({ next, timeZone }: { next: LineRowProps["next"]; timeZone: string }) {
  if (next === undefined) return <span class="faint">…</span>;
  if (next === null) return <span class="faint">Nothing in 60 days</span>;
  return (
    <>
      <strong class="zoned" title={formatMoment(next.atMs, timeZone)}>
        <span>{formatMomentBriefly(next.atMs, timeZone)}</span>{" "}
        <span class="faint">{formatZone(next.atMs, timeZone)}</span>
      </strong>
      <span class="faint" title={next.way.by}>
        {next.way.kind === "fallback" ? outcomeOf(next.way) : next.way.who}
      </span>
    </>
  );
}

/** What is out of the ordinary: an override in force, mistakes in the line's rows. */
function Standing({ line, tabIndex }: Pick<LineRowProps, "line" | "tabIndex">) {
  const { id, override, problems, timeZone } = line;
  return (
    <span class="line-flags">
      {override && (
        <a
          class="flag warning zoned"
          title={`Override of ${override.scope} until ${endOf(override, formatMoment, timeZone)}`}
          href={linkTo("rows", { table: "Routes", partition: "override" })}
          tabIndex={tabIndex}
        >
          <span>Override until {endOf(override, formatMomentBriefly, timeZone)}</span>{" "}
          {override.untilMs !== undefined && <span>{formatZone(override.untilMs, timeZone)}</span>}
        </a>
      )}
      {problems > 0 && (
        <a class="flag error" href={linkTo("problems", { line: id })} tabIndex={tabIndex}>
          {problems === 1 ? "1 problem" : `${problems} problems`}
        </a>
      )}
    </span>
  );
}

function endOf(
  { untilMs }: NonNullable<LineView["override"]>,
  format: (atMs: number, timeZone: string) => string,
  timeZone: string,
): string {
  return untilMs === undefined ? "switched off" : format(untilMs, timeZone);
}
