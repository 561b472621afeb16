// biome-ignore-all lint/a11y/useFocusableInteractive: the field keeps the focus and points at the option
import { useId, useRef, useState } from "preact/hooks";
import { formatInternational } from "../../../routing/phone-number.ts";
import type { LineView } from "../../api.ts";
import { nameOfLine } from "./lines.ts";
import { searchLines } from "./search-lines.ts";
import "./line-field.css";

/** More than these are told by their count: nobody reads on, everybody types on. */
const MOST_SHOWN = 50;

export interface LineFieldProps {
  readonly lines: readonly LineView[];
  /** The chosen one's id. */
  readonly value: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** A field for a line, by name, number in any spelling, or id; a line without a row can be typed by its id. */
export function LineField({ lines, value, onChoose }: LineFieldProps) {
  const id = useId();
  /** What is being typed; null while nothing is, and the field shows the chosen line. */
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);

  const chosen = lines.find((line) => line.id === value);
  const found = typed === null ? [] : searchLines(lines, typed);
  const shown = found.slice(0, MOST_SHOWN);

  const choose = (line: string) => {
    setTyped(null);
    onChoose(line);
  };
  const moveTo = (index: number) => {
    if (typed === null) setTyped("");
    const target = Math.max(0, Math.min(shown.length - 1, index));
    setActive(target);
    list.current?.children[target]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") moveTo(typed === null ? 0 : active + 1);
    else if (event.key === "ArrowUp") moveTo(active - 1);
    else if (event.key === "Escape" && typed !== null) setTyped(null);
    else if (event.key === "Enter" && typed !== null && typed.trim() !== "") choose(shown[active]?.id ?? typed.trim());
    else return;
    event.preventDefault();
  };

  return (
    <div class="field line-field">
      <label for={`${id}-text`}>Line</label>
      <input
        id={`${id}-text`}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder="Name, number or id"
        aria-expanded={typed !== null}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={typed !== null && shown.length > 0 ? `${id}-${active}` : undefined}
        value={typed ?? (chosen === undefined ? (value ?? "") : nameOfLine(chosen))}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setActive(0);
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
      />
      {/* Always there, since the field names it; mousedown, since a click comes after the blur. */}
      <div id={`${id}-list`} role="listbox" aria-label="Lines" ref={list} hidden={typed === null}>
        {shown.map((line, index) => (
          <div
            key={line.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => {
              event.preventDefault();
              choose(line.id);
            }}
          >
            <strong>{nameOfLine(line)}</strong>{" "}
            <span class="faint">{line.number === undefined ? line.id : formatInternational(line.number)}</span>
          </div>
        ))}
        {typed !== null && found.length === 0 && (
          <div role="option" aria-selected={false} aria-disabled="true">
            No line is called so
          </div>
        )}
      </div>
      <span class="hidden" role="status">
        {typed === null ? "" : `${found.length} lines`}
      </span>
    </div>
  );
}
