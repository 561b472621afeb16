import type { CallAnswer } from "../../api/calls.ts";
import { pathOf } from "../shared/ask.ts";
import { Dialog } from "../shared/dialog.tsx";
import { linkTo } from "../shared/route.ts";
import { Table } from "../shared/table.tsx";
import { formatMoment, formatPreciseClock, READERS_ZONE } from "../shared/time.ts";
import { useAnswer } from "../shared/use-answer.ts";

interface OneCallProps {
  readonly id: string;
  readonly receivedAtMs: string | undefined;
  readonly onClose: () => void;
}

const EVERY_MS = 2000;

/** A call with the trace that was stored when it was decided, and every cell of its row. */
export function OneCall({ id, receivedAtMs, onClose }: OneCallProps) {
  const path = pathOf(`/api/calls/${encodeURIComponent(id)}`, { receivedAtMs });
  const { value, fault } = useAnswer<CallAnswer>(path, { everyMs: EVERY_MS });
  return (
    <Dialog title={value === undefined ? "Call" : `${value.call.caller} called ${value.call.line}`} onClose={onClose}>
      {fault && <p class="fault">{fault}</p>}
      {value === undefined ? <p class="faint">Asking for the call…</p> : <CallDetails answer={value} />}
    </Dialog>
  );
}

function CallDetails({ answer: { call, trace, cells } }: { answer: CallAnswer }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Received", `${formatMoment(call.receivedAtMs)} (${formatPreciseClock(call.receivedAtMs)}, ${READERS_ZONE})`],
    ["Decided by", call.rule],
    ["Rang", call.targets],
    ["Outcome", call.outcome],
    ["Took", call.elapsedMs === undefined ? undefined : `${call.elapsedMs} ms until Graph had answered`],
  ];
  return (
    <div class="one-call">
      <dl class="facts">
        {facts.map(
          ([label, text]) =>
            text && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
      </dl>
      <section>
        <h3>How it was decided</h3>
        {trace.length === 0 && <p class="faint">No trace is stored: the call has not been decided.</p>}
        <ol class="trace">
          {trace.map((sentence, index) => (
            <li key={index}>{sentence}</li>
          ))}
        </ol>
      </section>
      {cells.line !== undefined && (
        <p class="acts">
          <a href={linkTo("week", { line: cells.line, caller: cells.caller })}>Who rings this caller when</a>{" "}
          <a href={linkTo("try", { line: cells.line, caller: cells.caller })}>Try the call again</a>
        </p>
      )}
      <details class="as-table">
        <summary>Every stored cell</summary>
        <Table
          caption="Cells of the call's row"
          isCaptionHidden
          rows={Object.entries(cells)}
          keyOf={([column]) => column}
          columns={[
            { heading: "Column", cell: ([column]) => column },
            { heading: "Cell", cell: ([, text]) => text },
          ]}
        />
      </details>
    </div>
  );
}
