import { useEffect, useId, useState } from "preact/hooks";
import type { ExplainRequest } from "../../api/calls.ts";
import { LineAndCaller, useLineAndCaller } from "../shared/line-and-caller.tsx";
import { goTo } from "../shared/route.ts";
import { useConsoleState } from "../shared/state.ts";
import { Trace } from "../shared/trace.tsx";
import { useExplain } from "../shared/use-explain.ts";
import { LiveCall } from "./live-call.tsx";
import { GraphRequest, Verdict } from "./verdict.tsx";
import "./try.css";

/** A call that nobody has placed: how it would be decided and why, and on the local stack what becomes of it. */
export function TryView() {
  const subject = useLineAndCaller();
  const { line, caller, params, version } = subject;
  const canRing = useConsoleState()?.canRing ?? false;
  const request: ExplainRequest | undefined =
    line && caller ? { line, caller, ...(params.at && { at: params.at }) } : undefined;
  const { answer, fault, isBusy } = useExplain(request, version);
  return (
    <div class="view">
      <header>
        <h1>Try a call</h1>
      </header>
      <div class="controls">
        <LineAndCaller view="try" subject={subject} />
        <MomentField value={params.at} onChoose={(at) => goTo("try", { ...params, at })} />
      </div>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {params.line === undefined && <p class="panel empty">Choose a line to see who would ring.</p>}
      {request && answer && (
        <div class={isBusy ? "try busy" : "try"}>
          <div>
            <Verdict answer={answer} />
            <section class="panel" aria-labelledby="why">
              <h2 id="why">Rules, in the order of decision</h2>
              <Trace answer={answer} />
            </section>
          </div>
          <div>
            {canRing && <LiveCall key={`${line} ${caller}`} line={request.line} caller={request.caller} />}
            <GraphRequest request={answer.request} />
          </div>
        </div>
      )}
    </div>
  );
}

function MomentField({ value, onChoose }: { value: string | undefined; onChoose: (at: string | undefined) => void }) {
  const id = useId();
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const choose = (text: string) => {
    setTyped(text);
    onChoose(text.trim() || undefined);
  };
  return (
    <div class="field">
      <label for={id}>Moment, on the line's wall</label>
      <div class="joined">
        <input
          id={id}
          type="text"
          autocomplete="off"
          placeholder="friday 09:00, 2026-12-24 09:00"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
        <button type="button" aria-pressed={value === undefined} onClick={() => choose("")}>
          Now
        </button>
      </div>
    </div>
  );
}
