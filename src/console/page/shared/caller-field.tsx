import { useEffect, useId, useState } from "preact/hooks";

export interface CallerFieldProps {
  /** As `ringroute explain --from` takes it; absent for an ordinary caller. */
  readonly value: string | undefined;
  readonly onChoose: (caller: string | undefined) => void;
}

/** A field for who rings: a number, an id, a withheld number, or nobody in particular when it is left empty. */
export function CallerField({ value, onChoose }: CallerFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const choose = (text: string) => {
    setTyped(text);
    if (text.trim() !== (value ?? "")) onChoose(text.trim() || undefined);
  };
  return (
    <div class="field">
      <label for={id}>Caller</label>
      <div class="joined">
        <input
          id={id}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder="Anyone: an ordinary caller"
          title="A number, a user's object id, user:ID, app:ID, resource:ID, or anonymous"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
        <button type="button" aria-pressed={value === undefined} onClick={() => choose("")}>
          Ordinary
        </button>
        <button type="button" aria-pressed={value === "anonymous"} onClick={() => choose("anonymous")}>
          Withheld
        </button>
      </div>
    </div>
  );
}
