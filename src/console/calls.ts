import { readSince, wantedBy } from "../cli/calls/calls.ts";
import { type Fate, fateOf, usedFallback } from "../cli/calls/calls-fate.ts";
import { percentile } from "../cli/calls/calls-summary.ts";
import { ringsOf, ruleOf } from "../cli/calls/calls-text.ts";
import { UsageError } from "../cli/exit.ts";
import type { Names } from "../cli/names.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import { findCall, type LoggedCall, listCalls } from "../store/call-list.ts";
import type { CallAnswer, CallsAnswer, CallView } from "./api.ts";
import type { Desk } from "./desk.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, tablesLimit, wholeNumber } from "./request.ts";

/** Calls that are shown: the newest. The summary counts all. */
const MOST_SHOWN = 5000;
/** The last moment that a Date can be. */
const LAST_MS = 8.64e15;

/** What the page calls the command's flags. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["--since", "Since"],
  ["--to", "Line"],
  ["--from", "Caller"],
  ["--outcome", "Outcome"],
]);

/** Reads filters; what is wrong with one is told by the name of its field. */
function inFields<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Refused(
      400,
      error.message.replace(/^--\w+/, (flag) => FIELDS.get(flag) ?? flag),
    );
  }
}

/** The call log, as `ringroute calls` lists it. */
export async function answerCalls(desk: Desk, request: ApiRequest): Promise<CallsAnswer> {
  const { query } = request;
  const { rows, names } = await desk.snapshot();
  const { now } = desk;
  const filter = Object.fromEntries(
    ["to", "from", "outcome"].flatMap((name) => (query.get(name)?.trim() ? [[name, query.get(name)]] : [])),
  );
  const failed = /^(true|1)$/i.test(query.get("failed") ?? "") ? { failed: true as const } : {};
  const { isWanted, from } = inFields(() => ({
    isWanted: wantedBy({ ...filter, ...failed }, rows, desk),
    from: readSince(query.get("since")?.trim() || "1h", now),
  }));
  const shown: CallView[] = [];
  const tally = new Tally();
  for await (const call of listCalls(desk.tables.Calls, from, now, tablesLimit(request))) {
    const fate = fateOf(call, now.getTime());
    if (!isWanted(call, fate)) continue;
    tally.add(call, fate);
    shown.push(viewOf(call, fate, names));
    if (shown.length >= 2 * MOST_SHOWN) shown.splice(0, MOST_SHOWN);
  }
  return { calls: shown.slice(-MOST_SHOWN), summary: tally.summary() };
}

/** One call with all that its row holds. */
export async function answerCall(desk: Desk, request: ApiRequest): Promise<CallAnswer> {
  const { id } = request;
  const receivedAtMs = wholeNumber(request, "receivedAtMs", desk.now.getTime(), LAST_MS);
  const [from, until] = [new Date(receivedAtMs - MS_PER_MINUTE), new Date(receivedAtMs)] as const;
  const { names } = await desk.snapshot();
  const call = await findCall(desk.tables.Calls, id, from, until, tablesLimit(request));
  if (call === undefined) throw new Refused(404, `There is no call ${id} of that time.`);
  const { trace = "", ...cells } = call.cells;
  return {
    call: viewOf(call, fateOf(call, desk.now.getTime()), names),
    trace: trace.split("\n").filter((line) => line !== ""),
    cells,
  };
}

function viewOf(call: LoggedCall, fate: Fate, names: Names): CallView {
  const { line = "", caller = "", status = "", action = "", failure = "" } = call.cells;
  const rejects = action.startsWith("reject") ? action : failure;
  return {
    id: call.key,
    receivedAtMs: call.at.getTime(),
    line: line === "" ? "" : names.line(line),
    caller: caller === "" ? "withheld" : names.party(caller),
    rule: ruleOf(call, names) ?? "",
    targets: ringsOf(call, names) ?? rejects,
    status,
    outcome: fate,
    ...(call.elapsedMs === undefined ? {} : { elapsedMs: call.elapsedMs }),
  };
}

/** Counts calls as they are listed. */
class Tally {
  #count = 0;
  #answered = 0;
  #fallbacks = 0;
  readonly #redirectMs: number[] = [];

  add(call: LoggedCall, fate: Fate): void {
    this.#count++;
    if (fate === "answered") this.#answered++;
    if (usedFallback(call)) this.#fallbacks++;
    if (call.cells.status === "redirected" && call.elapsedMs !== undefined) this.#redirectMs.push(call.elapsedMs);
  }

  summary(): CallsAnswer["summary"] {
    const sorted = this.#redirectMs.toSorted((one, other) => one - other);
    const percentiles = sorted.length === 0 ? {} : { medianMs: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
    return { count: this.#count, answered: this.#answered, fallbacks: this.#fallbacks, ...percentiles };
  }
}
