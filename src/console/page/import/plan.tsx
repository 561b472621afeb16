import { useEffect, useRef } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import { COLUMNS, saysTheSameIn } from "../../../store/layouts.ts";
import type { ImportAnswer } from "../../api/changing.ts";
import { ProblemList } from "../problems/problem-list.tsx";
import { Table } from "../shared/table.tsx";

interface PlanProps {
  readonly name: string;
  readonly answer: ImportAnswer;
  readonly onApply: () => void;
  readonly onCancel: () => void;
}

/** What a file would change, what is wrong with it, and the button that writes it. */
export function Plan({ name, answer, onApply, onCancel }: PlanProps) {
  const { table, added, changed, unchanged, changes, faults, faultCount, notes, problems, ticket } = answer;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="plan" aria-labelledby="plan">
      <h2 id="plan" ref={heading} tabIndex={-1}>
        {faults.length > 0 ? `${name} has mistakes` : `Plan for ${table ?? name}`}
      </h2>
      {faults.length > 0 ? (
        <>
          <FaultTable caption="Mistakes; nothing is written until they are gone" faults={faults} />
          {faultCount > faults.length && (
            <p class="faint">
              These are the first {faults.length} of {faultCount} mistakes.
            </p>
          )}
        </>
      ) : (
        <p>
          <strong>{added}</strong> added, <strong>{changed}</strong> changed, <strong>{unchanged}</strong> unchanged.
        </p>
      )}
      {notes.length > 0 && <FaultTable caption="Worth a look; these do not stop the import" faults={notes} />}
      {table !== undefined && changes.length > 0 && <ChangeTable table={table} answer={answer} />}
      {problems.length > 0 && (
        <section>
          <h3>New problems that this brings</h3>
          <ProblemList problems={problems} isLinked={false} />
        </section>
      )}
      {faults.length === 0 && ticket === undefined && (
        <p class={added + changed === 0 ? "note" : "fault"}>
          {added + changed === 0 ? "Nothing would change." : "This cannot be written while it brings these problems."}
        </p>
      )}
      <div class="acts">
        {ticket !== undefined && (
          <button type="button" class="primary" onClick={onApply}>
            Apply: write {added + changed} rows
          </button>
        )}
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        {ticket !== undefined && <span class="faint">Nothing is written yet.</span>}
      </div>
    </section>
  );
}

function FaultTable({ caption, faults }: { caption: string; faults: ImportAnswer["faults"] }) {
  return (
    <Table
      caption={caption}
      rows={faults}
      keyOf={(_, index) => String(index)}
      columns={[
        { heading: "Line", cell: ({ line }) => line, isNumber: true },
        { heading: "Column", cell: ({ column }) => column },
        { heading: "Found", cell: ({ found }) => <code>{found}</code> },
        { heading: "Expected", cell: ({ expected }) => expected },
      ]}
    />
  );
}

function ChangeTable({ table, answer: { changes, added, changed } }: { table: RowTable; answer: ImportAnswer }) {
  const rest = added + changed - changes.length;
  return (
    <>
      <Table
        caption="Rows that would be written"
        rows={changes}
        keyOf={({ keys: { partitionKey, rowKey } }) => `${partitionKey}\n${rowKey}`}
        columns={[
          { heading: "Row", cell: ({ place }) => place },
          { heading: "Change", cell: ({ kind }) => kind },
          { heading: "Columns", cell: (change) => <ColumnChanges table={table} change={change} /> },
        ]}
      />
      {rest > 0 && <p class="faint">And {rest} more.</p>}
    </>
  );
}

function ColumnChanges({
  table,
  change: { before, after },
}: {
  table: RowTable;
  change: ImportAnswer["changes"][number];
}) {
  const differing = COLUMNS[table].filter((column) => !saysTheSameIn(column, before ?? {}, after));
  return (
    <ul class="column-changes">
      {differing.map((column) => (
        <li key={column}>
          <span class="faint">{column}</span> {before !== null && <del>{before[column] ?? "empty"}</del>}{" "}
          <ins>{after[column] ?? "empty"}</ins>
        </li>
      ))}
    </ul>
  );
}
