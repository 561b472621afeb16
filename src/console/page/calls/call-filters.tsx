import { useEffect, useId, useState } from "preact/hooks";
import { FATES } from "../../../cli/calls/calls-fate.ts";
import { goTo, type Params } from "../shared/route.ts";

/** Lengths of time that are asked for most; any other may be typed. */
const LENGTHS = ["1h", "4h", "1d", "7d", "30d"];

/** The filters of `ringroute calls`; what is chosen goes into the address. */
export function CallFilters({ params }: { params: Params }) {
  const id = useId();
  const choose = (chosen: Params) => goTo("calls", { ...params, call: undefined, at: undefined, ...chosen });
  const hasAny = ["since", "line", "caller", "outcome", "failed"].some((name) => params[name] !== undefined);
  return (
    <div class="controls call-filters">
      <TextFilter
        label="Since"
        value={params.since ?? "1h"}
        hint="90m, 2d, or 2026-12-24T09:00-05:00"
        choices={LENGTHS}
        onChoose={(since) => choose({ since })}
      />
      <TextFilter
        label="Line"
        value={params.line ?? ""}
        hint="Id, number or name"
        onChoose={(line) => choose({ line })}
      />
      <TextFilter
        label="Caller"
        value={params.caller ?? ""}
        hint="Number, object id or anonymous"
        onChoose={(caller) => choose({ caller })}
      />
      <div class="field">
        <label for={id}>Outcome</label>
        <select
          id={id}
          value={params.outcome ?? ""}
          onChange={({ currentTarget }) => choose({ outcome: currentTarget.value })}
        >
          <option value="">any</option>
          {FATES.map((fate) => (
            <option key={fate} value={fate}>
              {fate}
            </option>
          ))}
        </select>
      </div>
      <button
        type="button"
        aria-pressed={params.failed !== undefined}
        title="Calls that nobody was rung for, or nobody could be"
        onClick={() => choose({ failed: params.failed === undefined ? "true" : undefined })}
      >
        Failed only
      </button>
      {hasAny && (
        <button type="button" class="quiet" onClick={() => goTo("calls", {})}>
          Clear filters
        </button>
      )}
    </div>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly choices?: readonly string[];
  readonly onChoose: (text: string) => void;
}

/** Takes effect when the field is left or Enter is pressed: half a number is no caller. */
function TextFilter({ label, value, hint, choices, onChoose }: TextFilterProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        title={hint}
        list={choices && `${id}-choices`}
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => onChoose(currentTarget.value.trim())}
      />
      {choices && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </div>
  );
}
