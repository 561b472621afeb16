import { useState } from "preact/hooks";
import { isWrong } from "../../../errors.ts";
import { moment } from "../../../store/cells.ts";
import type { RowsAnswer, RowView } from "../../api/changing.ts";
import { pathOf } from "../shared/ask.ts";
import { goTo } from "../shared/route.ts";
import { Table } from "../shared/table.tsx";
import { formatMoment, formatTelling } from "../shared/time.ts";
import { useAnswer } from "../shared/use-answer.ts";
import { NOW_EVERY_MS } from "../shared/use-surroundings.ts";
import { scopeOf } from "./override.ts";
import { OverrideEditor } from "./override-editor.tsx";
import { ringsOf } from "./table-columns.ts";
import type { Written } from "./use-reviewed.ts";

interface OverridesProps {
  readonly version: string;
  readonly onWritten: (written: Written) => void;
}

const OVERRIDE = "override";
/** As many as the server gives at once. */
const MOST_ROWS = "1000";

/** What an override is opened for; `null` while nothing is. */
type Opened = { readonly kind: "on" } | { readonly kind: "off"; readonly row: RowView } | null;

/** The emergency switch: what is overridden now, on and off. */
export function Overrides({ version, onWritten }: OverridesProps) {
  const path = pathOf("/api/rows", { table: "Routes", partition: OVERRIDE, limit: MOST_ROWS });
  const { value, fault } = useAnswer<RowsAnswer>(path, { version, everyMs: NOW_EVERY_MS });
  const [opened, setOpened] = useState<Opened>(null);
  const rows = value?.rows ?? [];
  const close = () => setOpened(null);
  return (
    <section class="panel overrides" aria-labelledby="overrides">
      <header>
        <h2 id="overrides">Overrides</h2>
        <p class="faint">
          {rows.length === 0 && value ? "None: calls go by the rules." : "They outrank rules; the narrowest wins."}
        </p>
        <button type="button" onClick={() => setOpened({ kind: "on" })}>
          Switch on…
        </button>
      </header>
      {fault && <p class="fault">{fault}</p>}
      {rows.length > 0 && (
        <Table<RowView>
          caption="Overrides"
          isCaptionHidden
          rows={rows}
          keyOf={({ keys }) => keys.rowKey}
          columns={[
            { heading: "Whose calls", cell: scopeOf },
            { heading: "Go to", cell: ringsOf },
            { heading: "Until", cell: untilOf },
            { heading: "Now", cell: nowOf },
            { heading: "Note", cell: ({ cells }) => cells.note ?? "" },
            {
              heading: "Switch",
              cell: (row) => (
                <span class="acts">
                  <button type="button" onClick={() => setOpened({ kind: "off", row })}>
                    Off…<span class="hidden"> for {scopeOf(row)}</span>
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    onClick={() => goTo("rows", { table: "Routes", partition: OVERRIDE, row: row.keys.rowKey })}
                  >
                    Edit<span class="hidden"> {scopeOf(row)}</span>
                  </button>
                </span>
              ),
            },
          ]}
        />
      )}
      {opened && (
        <OverrideEditor
          off={opened.kind === "off" ? opened.row : undefined}
          onClose={close}
          onWritten={(written) => {
            close();
            onWritten(written);
          }}
        />
      )}
    </section>
  );
}

/** Whether it counts now; of one that calls leave out also why. */
function nowOf({ state = [], problems }: RowView) {
  const errors = problems.filter(({ severity }) => severity === "error");
  return (
    <>
      {formatTelling(state)}
      {errors.map(({ column, found, says, remedy }) => (
        <p key={says} class="wrong">
          {column === undefined ? says : `${column} is "${found}".`} {remedy}
        </p>
      ))}
    </>
  );
}

function untilOf({ cells: { until } }: RowView) {
  if (until === undefined)
    return (
      <>
        no end <span class="faint">It stands until somebody switches it off.</span>
      </>
    );
  const atMs = moment(until);
  return isWrong(atMs) ? <span class="wrong">"{until}", which is no moment</span> : formatMoment(atMs);
}
