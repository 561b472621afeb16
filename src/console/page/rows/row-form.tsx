import { useEffect } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import { type Cells, COLUMNS, type RowKeys } from "../../../store/layouts.ts";
import type { Problem, ReviewAnswer } from "../../api/changing.ts";
import { ProblemList } from "../problems/problem-list.tsx";
import { useAutofocus } from "../shared/dialog.tsx";
import { CellField } from "./cell-field.tsx";
import { CHOICES, KEY_LABELS } from "./table-columns.ts";

interface RowFormProps {
  readonly table: RowTable;
  readonly keys: RowKeys;
  readonly isNew: boolean;
  readonly cells: Cells;
  readonly column: string | undefined;
  readonly faults: ReviewAnswer["faults"];
  /** Of the row as it stands. */
  readonly problems: readonly Problem[];
  readonly isBusy: boolean;
  readonly fault: string | undefined;
  readonly onKeys: (keys: RowKeys) => void;
  readonly onCells: (cells: Cells) => void;
  readonly onReview: () => void;
  readonly onRemove: () => void;
}

/** A field for each column of a row, and for its keys while it is new. */
export function RowForm(props: RowFormProps) {
  const { table, keys, isNew, cells, column, faults, problems, isBusy, fault, onKeys, onCells } = props;
  const form = useAutofocus<HTMLFormElement>();
  useEffect(() => {
    if (faults.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [faults]);
  const wrongOf = (name: string) => faults.find((each) => each.column === name)?.wrong;
  const [partitionLabel, rowLabel] = KEY_LABELS[table];
  const wanted = column ?? (isNew ? undefined : COLUMNS[table][0]);
  return (
    <form
      class="row-form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onReview();
      }}
    >
      {problems.length > 0 && <ProblemList problems={problems} isLinked={false} />}
      <div class="fields">
        {isNew && (
          <>
            <CellField
              label={partitionLabel}
              value={keys.partitionKey}
              wrong={wrongOf("PartitionKey")}
              isWanted
              isRequired
              onChange={(partitionKey) => onKeys({ ...keys, partitionKey })}
            />
            <CellField
              label={rowLabel}
              value={keys.rowKey}
              wrong={wrongOf("RowKey")}
              isRequired
              onChange={(rowKey) => onKeys({ ...keys, rowKey })}
            />
          </>
        )}
        {COLUMNS[table].map((name) => (
          <CellField
            key={name}
            label={name}
            value={cells[name] ?? ""}
            choices={CHOICES[table]?.[name]}
            wrong={wrongOf(name)}
            isWanted={name === wanted}
            onChange={(text) => onCells({ ...cells, [name]: text })}
          />
        ))}
      </div>
      {faults.length > 0 && (
        <p class="fault" role="alert">
          {faults.length === 1 ? "One cell is" : `${faults.length} cells are`} wrong:{" "}
          {faults.map(({ column: name }) => name).join(", ")}. Nothing was written.
        </p>
      )}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="acts">
        <button type="submit" class="primary" disabled={isBusy}>
          Review…
        </button>
        {!isNew && (
          <button type="button" class="danger quiet" disabled={isBusy} onClick={props.onRemove}>
            Remove…
          </button>
        )}
      </div>
    </form>
  );
}
