import type { Way } from "../../api/looking.ts";
import "./way-mark.css";
import { type Mark, markAt, withoutLine } from "./ways.ts";

/** A mark beside words: they say what it means, so screen readers pass it by. */
export function Swatch({ mark }: { mark: Mark }) {
  return (
    <span class={`swatch ${mark.tone}`} aria-hidden="true">
      <b>{mark.letter}</b>
    </span>
  );
}

interface LegendProps {
  readonly ways: readonly Way[];
  readonly marks: readonly Mark[];
  /** What the line is called: its own rules are named without it. */
  readonly label: string | undefined;
}

/** More than these may not fit, and the list is a stop of the Tab key, so that keys can scroll it. */
const MANY_WAYS = 6;

/** What each mark of a picture means. */
export function Legend({ ways, marks, label }: LegendProps) {
  return (
    <ul
      class="legend"
      aria-label="What the colours and letters mean"
      tabIndex={ways.length > MANY_WAYS ? 0 : undefined}
    >
      {ways.map((way, index) => (
        <li key={way.id}>
          <Swatch mark={markAt(marks, index)} />
          <span>
            <strong>{way.who}</strong> <span class="faint">{withoutLine(way.by, label)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
