// biome-ignore-all lint/a11y/useFocusableInteractive: the field keeps the focus and points at the option
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { LineView } from "../../api/looking.ts";
import { besideLabel } from "./lines.ts";
import { searchLines } from "./search-lines.ts";
import "./line-field.css";

/** More than these are told by their count: nobody reads on, everybody types on. */
const MOST_SHOWN = 50;

export interface LineFieldProps {
  readonly lines: readonly LineView[];
  /** The chosen one's id, or what was typed in place of one. */
  readonly value: string | undefined;
  /** What is wrong with it. */
  readonly wrong?: string | undefined;
  /** Takes a line's id, or what was typed: the server finds the line that is meant. */
  readonly onChoose: (line: string) => void;
}

/** Nothing of the list is chosen: what is typed counts. */
const NONE = -1;

/** A field for a line, to be picked from a list that is searched, or typed by name, number in any spelling, or id. */
export function LineField({ lines, value, wrong, onChoose }: LineFieldProps) {
  const id = useId();
  /** What is being typed; null while nothing is, and the field shows the chosen line. */
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(NONE);
  const list = useRef<HTMLDivElement>(null);
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );

  const chosen = lines.find((line) => line.id === value);
  const found = typed === null ? [] : searchLines(lines, typed);
  const shown = found.slice(0, MOST_SHOWN);

  const choose = (line: string) => {
    setTyped(null);
    onChoose(line);
  };
  /** Takes the option pointed at, else the only one that is left, else what was typed. */
  const take = () => {
    const option = shown[active] ?? (found.length === 1 ? found[0] : undefined);
    const line = option?.id ?? typed?.trim() ?? "";
    if (line !== "") choose(line);
  };
  /** As Enter does; but a look through the list is no choice, nor is it one that the field goes from the page. */
  const onBlur = () => {
    if (typed === null || !isShown.current) return;
    const isSame = typed.trim() === (chosen?.label ?? value ?? "");
    if (typed.trim() === "" || isSame) setTyped(null);
    else take();
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
    else if (event.key === "Enter" && typed !== null) take();
    else return;
    event.preventDefault();
  };

  return (
    <>
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
          aria-activedescendant={typed !== null && shown[active] !== undefined ? `${id}-${active}` : undefined}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
          value={typed ?? chosen?.label ?? value ?? ""}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setActive(NONE);
          }}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onBlur={onBlur}
          onKeyDown={onKeyDown}
        />
        {/* Always there, since the field names it; mousedown, since a click comes after the blur, and none comes of it. */}
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label="Lines"
          ref={list}
          hidden={typed === null}
          onMouseDown={(event) => event.preventDefault()}
        >
          {shown.map((line, index) => (
            <div
              key={line.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={() => choose(line.id)}
            >
              <strong>{line.label}</strong> <span class="faint">{besideLabel(line)}</span>
            </div>
          ))}
          {typed !== null && found.length === 0 && (
            <div role="option" aria-selected={false} aria-disabled="true">
              No line has this in its name, number or id
            </div>
          )}
        </div>
        <span class="hidden" role="status">
          {typed === null ? "" : `${found.length} lines`}
        </span>
      </div>
      {wrong !== undefined && (
        <p class="wrong wrong-line" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
