import type { CallsAnswer } from "../../api/calls.ts";
import { pathOf } from "../shared/ask.ts";
import { goTo, type Params, useRoute } from "../shared/route.ts";
import { useAnswer } from "../shared/use-answer.ts";
import { CallFilters } from "./call-filters.tsx";
import { CallList } from "./call-list.tsx";
import { CallsPerHour } from "./calls-per-hour.tsx";
import { OneCall } from "./one-call.tsx";
import { RedirectTimes } from "./redirect-times.tsx";
import "./calls.css";

const EVERY_MS = 2000;

/** The call log as it grows: who called whom, who rang, how it ended, how long it took. */
export function CallsView() {
  const params = byName(useRoute().params);
  const { since = "1h", line, caller, outcome, failed, call, at } = params;
  const path = pathOf("/api/calls", { since, to: line, from: caller, outcome, failed });
  const { value: last, path: answered, fault, isBusy } = useAnswer<CallsAnswer>(path, { everyMs: EVERY_MS });
  // What was answered to other filters would pass for the answer to these.
  const value = fault !== undefined && answered !== path ? undefined : last;
  const calls = value?.calls ?? [];
  return (
    <div class="view calls-view">
      <header>
        <h1>Calls</h1>
        {value && <p class="faint">{summaryOf(value)}</p>}
      </header>
      <CallFilters params={params} />
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {value && calls.length > 0 && (
        <div class={`figures ${isBusy && answered !== path ? "busy" : ""}`}>
          <CallsPerHour calls={calls} />
          <RedirectTimes answer={value} />
        </div>
      )}
      {(value || fault === undefined) && (
        <CallList
          calls={calls}
          onOpen={({ id, receivedAtMs }) => goTo("calls", { ...params, call: id, at: String(receivedAtMs) })}
          empty={value === undefined ? "Asking for the calls…" : "No such calls."}
        />
      )}
      {call !== undefined && (
        <OneCall
          key={call}
          id={call}
          receivedAtMs={at}
          onClose={() => goTo("calls", { ...params, call: undefined, at: undefined }, "replace")}
        />
      )}
    </div>
  );
}

/** The filters by the page's names for them; addresses may have those of `ringroute calls`: `to` the line, `from` the caller. */
function byName({ to, from, ...params }: Params): Params {
  return { ...params, line: params.line ?? to, caller: params.caller ?? from };
}

function summaryOf({ calls, summary: { count, says } }: CallsAnswer): string {
  const some = calls.length < count ? [`The newest ${calls.length} are shown.`] : [];
  return [...says, ...some].join(" ");
}
