import { useEffect, useId } from "preact/hooks";
import type { OverrideReviewAnswer } from "../../api/changing.ts";
import type { LineView } from "../../api/looking.ts";
import { useAutofocus } from "../shared/dialog.tsx";
import { LineField } from "../shared/line-field.tsx";
import { useLine } from "../shared/lines.ts";
import { READERS_ZONE } from "../shared/time.ts";
import { CellField } from "./cell-field.tsx";
import { ACTIONS, ALL, LENGTHS, ONE, sitesOf, type TypedOverride, UNTIL } from "./override.ts";

interface OverrideFormProps {
  readonly override: TypedOverride;
  readonly lines: readonly LineView[];
  readonly faults: OverrideReviewAnswer["faults"];
  readonly fault: string | undefined;
  readonly isBusy: boolean;
  readonly onChange: (override: TypedOverride) => void;
  /** @param scope as the server takes it: a line by its id */
  readonly onReview: (scope: string) => void;
}

/** What is wrong with these stands beside them; with all else, below the form. */
const FIELDS_WITH_FAULTS: readonly string[] = ["target", "until", "note"];

/** Whose calls go where, and for how long. */
export function OverrideForm({ override, lines, faults, fault, isBusy, onChange, onReview }: OverrideFormProps) {
  const id = useId();
  const form = useAutofocus<HTMLFormElement>();
  const { whose, line, action, targets, length, until, note } = override;
  const named = useLine(whose === ONE && line !== "" ? line : undefined);
  const scope = whose === ONE ? named.line?.id : whose;
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
        if (scope !== undefined) onReview(scope);
      }}
    >
      <div class="fields">
        <ScopeFields
          whose={whose}
          line={named.line?.id ?? line}
          wrongLine={named.fault}
          lines={lines}
          onChange={(chosen) => onChange({ ...override, ...chosen })}
        />
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
        <button type="submit" class="primary" disabled={isBusy || scope === undefined}>
          Review…
        </button>
        {scope === undefined && <span class="faint">Choose whose calls first.</span>}
      </div>
    </form>
  );
}

interface ScopeFieldsProps extends Pick<TypedOverride, "whose" | "line"> {
  /** Why the text names no line. */
  readonly wrongLine: string | undefined;
  readonly lines: readonly LineView[];
  readonly onChange: (chosen: Partial<Pick<TypedOverride, "whose" | "line">>) => void;
}

/** All lines, those of a site, or one. */
function ScopeFields({ whose, line, wrongLine, lines, onChange }: ScopeFieldsProps) {
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={id}>Whose calls</label>
        <select
          id={id}
          autofocus
          value={whose}
          onChange={({ currentTarget }) => onChange({ whose: currentTarget.value })}
        >
          <option value={ONE}>of one line</option>
          {sitesOf(lines).map((site) => (
            <option key={site} value={`site:${site}`}>
              of the site {site}
            </option>
          ))}
          <option value={ALL}>of all lines</option>
        </select>
      </div>
      {whose === ONE && (
        <LineField
          lines={lines}
          value={line || undefined}
          wrong={wrongLine}
          onChoose={(chosen) => onChange({ line: chosen })}
        />
      )}
    </>
  );
}
