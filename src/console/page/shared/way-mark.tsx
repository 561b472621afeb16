import type { Way } from "../../api.ts";
import "./way-mark.css";
import { type Mark, markAt } from "./ways.ts";

/** A mark beside words: they say what it means, so screen readers pass it by. */
export function Swatch({ mark }: { mark: Mark }) {
  return (
    <span class={`swatch ${mark.tone}`} aria-hidden="true">
      <b>{mark.letter}</b>
    </span>
  );
}

/** What each mark of a picture means. */
export function Legend({ ways, marks }: { ways: readonly Way[]; marks: readonly Mark[] }) {
  return (
    <ul class="legend" aria-label="What the colours and letters mean">
      {ways.map((way, index) => (
        <li key={way.id}>
          <Swatch mark={markAt(marks, index)} />
          <span>
            <strong>{way.who}</strong> <span class="faint">{way.by}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
