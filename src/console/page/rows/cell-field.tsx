import { useId } from "preact/hooks";

interface CellFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** The only words that it takes; absent where anything may be typed. */
  readonly choices?: readonly string[] | undefined;
  /** What is wrong with what stands in it. */
  readonly wrong?: string | undefined;
  /** Gets the focus when the dialog opens. */
  readonly isWanted?: boolean;
  readonly isRequired?: boolean;
  readonly placeholder?: string;
}

/** A field for one cell, with what is wrong with it below. */
export function CellField(props: CellFieldProps) {
  const { label, value, onChange, choices, wrong, isWanted = false, isRequired = false, placeholder } = props;
  const id = useId();
  const shared = {
    id,
    value,
    autofocus: isWanted,
    required: isRequired,
    "aria-invalid": wrong !== undefined,
    "aria-describedby": wrong === undefined ? undefined : `${id}-wrong`,
  };
  return (
    <div class={`field ${isWanted ? "wanted" : ""}`}>
      <label for={id}>{label}</label>
      {choices === undefined ? (
        <input
          {...shared}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      ) : (
        <select {...shared} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
          {optionsOf(choices, value).map((choice) => (
            <option key={choice} value={choice} selected={choice === value}>
              {choice || "(default)"}
            </option>
          ))}
        </select>
      )}
      {wrong !== undefined && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** A cell may hold what is none of them, or another spelling: it stays until somebody chooses. */
function optionsOf(choices: readonly string[], value: string): readonly string[] {
  return ["", ...choices, ...(value === "" || choices.includes(value) ? [] : [value])];
}
