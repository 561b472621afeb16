import { useEffect, useId } from "preact/hooks";
import type { LineView, OverrideReviewAnswer } from "../../api.ts";
import { useAutofocus } from "../shared/dialog.tsx";
import { LineField } from "../shared/line-field.tsx";
import { READERS_ZONE } from "../shared/time.ts";
import { CellField } from "./cell-field.tsx";
import { ACTIONS, LENGTHS, type TypedOverride, UNTIL } from "./override.ts";

interface OverrideFormProps {
  readonly override: TypedOverride;
  readonly lines: readonly LineView[];
  readonly faults: OverrideReviewAnswer["faults"];
  readonly fault: string | undefined;
  readonly isBusy: boolean;
  readonly onChange: (override: TypedOverride) => void;
  readonly onReview: () => void;
}

/** What is wrong with these stands beside them; with all else, below the form. */
const FIELDS_WITH_FAULTS: readonly string[] = ["target", "until", "note"];

/** Whose calls go where, and for how long. */
export function OverrideForm({ override, lines, faults, fault, isBusy, onChange, onReview }: OverrideFormProps) {
  const id = useId();
  const form = useAutofocus<HTMLFormElement>();
  const { scope, action, targets, length, until, note } = override;
  useEffect(() => {
    if (faults.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [faults]);
  const wrongOf = (field: string) => faults.find(({ wish }) => wish === field)?.says;
  const others = faults.filter(({ wish }) => !FIELDS_WITH_FAULTS.includes(wish)).map(({ says }) => says);
  return (
    <form
      class="row-form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onReview();
      }}
    >
      <div class="fields">
        <ScopeFields scope={scope} lines={lines} onChange={(chosen) => onChange({ ...override, scope: chosen })} />
        <div class="field">
          <label for={`${id}-action`}>Their calls</label>
          <select
            id={`${id}-action`}
            value={action}
            onChange={({ currentTarget }) => onChange({ ...override, action: currentTarget.value })}
          >
            {ACTIONS.map((each) => (
              <option key={each} value={each}>
                {each === "redirect" ? "ring at targets" : `are rejected: ${each}`}
              </option>
            ))}
          </select>
        </div>
        {action === "redirect" && (
          <CellField
            label="Who rings"
            value={targets}
            placeholder="user:ID, phone:+14255550100, app:ID or resource:ID"
            wrong={wrongOf("target")}
            onChange={(text) => onChange({ ...override, targets: text })}
          />
        )}
        <div class="field">
          <label for={`${id}-length`}>For how long</label>
          <select
            id={`${id}-length`}
            value={length}
            onChange={({ currentTarget }) => onChange({ ...override, length: currentTarget.value })}
          >
            {[...LENGTHS.keys()].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </div>
        {length === UNTIL && (
          <div class="field">
            <label for={`${id}-until`}>Until, {READERS_ZONE}</label>
            <input
              id={`${id}-until`}
              type="datetime-local"
              value={until}
              aria-invalid={wrongOf("until") !== undefined}
              aria-describedby={wrongOf("until") === undefined ? undefined : `${id}-until-wrong`}
              onInput={({ currentTarget }) => onChange({ ...override, until: currentTarget.value })}
            />
            {wrongOf("until") && (
              <p class="wrong" id={`${id}-until-wrong`}>
                {wrongOf("until")}
              </p>
            )}
          </div>
        )}
        <CellField
          label="Note"
          value={note}
          wrong={wrongOf("note")}
          onChange={(text) => onChange({ ...override, note: text })}
        />
      </div>
      {[...others, ...(fault === undefined ? [] : [fault])].map((says) => (
        <p key={says} class="fault" role="alert">
          {says}
        </p>
      ))}
      <div class="acts">
        <button type="submit" class="primary" disabled={isBusy || scope === ""}>
          Review…
        </button>
        {scope === "" && <span class="faint">Choose whose calls first.</span>}
      </div>
    </form>
  );
}

interface ScopeFieldsProps {
  readonly scope: string;
  readonly lines: readonly LineView[];
  readonly onChange: (scope: string) => void;
}

/** All lines, those of a site, or one. */
function ScopeFields({ scope, lines, onChange }: ScopeFieldsProps) {
  const id = useId();
  const sites = [...new Set(lines.flatMap(({ site }) => site ?? []))].sort();
  const isOne = scope !== "all" && !scope.startsWith("site:");
  return (
    <>
      <div class="field">
        <label for={id}>Whose calls</label>
        <select
          id={id}
          autofocus
          value={isOne ? "" : scope}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          <option value="">of one line</option>
          {sites.map((site) => (
            <option key={site} value={`site:${site}`}>
              of the site {site}
            </option>
          ))}
          <option value="all">of all lines</option>
        </select>
      </div>
      {isOne && <LineField lines={lines} value={scope || undefined} onChoose={onChange} />}
    </>
  );
}
