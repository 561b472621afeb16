import { type FilterNames, readSince, wantedBy } from "../cli/calls/calls.ts";
import { type Fate, fateOf } from "../cli/calls/calls-fate.ts";
import { CallSummary } from "../cli/calls/calls-summary.ts";
import { ringsOf, ruleOf } from "../cli/calls/calls-text.ts";
import type { Names } from "../cli/names.ts";
import { localZone } from "../cli/on-now.ts";
import { Fault } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import { formatMoment } from "../routing/format-moment.ts";
import { findCall, type LoggedCall, listCalls } from "../store/call-list.ts";
import type { CallAnswer, CallsAnswer, CallView } from "./api/calls.ts";
import type { Desk } from "./desk.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, tablesLimit, wholeNumber } from "./request.ts";

/** Calls that are shown: the newest. The summary counts all. */
const MOST_SHOWN = 5000;
/** The last moment that a Date can be. */
const LAST_MS = 8.64e15;

/** What the page calls the filters. */
const FIELDS: FilterNames = { since: "Since", to: "Line", from: "Caller", outcome: "Outcome" };

/** The call log, as `ringroute calls` lists it. */
export async function answerCalls(desk: Desk, request: ApiRequest): Promise<CallsAnswer> {
  const { query } = request;
  const { rows, names } = await desk.snapshot();
  const { now } = desk;
  const filter = Object.fromEntries(
    ["to", "from", "outcome"].flatMap((name) => (query.get(name)?.trim() ? [[name, query.get(name)]] : [])),
  );
  const failed = /^(true|1)$/i.test(query.get("failed") ?? "") ? { failed: true as const } : {};
  const isWanted = wantedBy({ ...filter, ...failed }, rows, desk, FIELDS);
  const from = readSince(query.get("since")?.trim() || "1h", now, FIELDS);
  const shown: CallView[] = [];
  const summary = new CallSummary(localZone());
  const remarks = await listInTime(desk, request, from, (call) => {
    const fate = fateOf(call, now.getTime());
    if (!isWanted(call, fate)) return;
    summary.add(call, fate);
    shown.push(viewOf(call, fate, names));
    if (shown.length >= 2 * MOST_SHOWN) shown.splice(0, MOST_SHOWN);
  });
  const redirectTimes = summary.redirectTimes();
  return {
    calls: shown.slice(-MOST_SHOWN),
    summary: {
      count: summary.count,
      says: [...remarks, ...summary.lines(redirectTimes)],
      ...(redirectTimes === undefined ? {} : { redirectTimes }),
    },
  };
}

/**
 * Hands on calls oldest first, for so long as a person waits for them.
 *
 * @returns that it did not come to its end, as sentences
 * @throws Fault `late` when not a single call was read in time
 */
async function listInTime(
  { tables, now, limits }: Desk,
  { signal }: ApiRequest,
  from: Date,
  onCall: (call: LoggedCall) => void,
): Promise<readonly string[]> {
  let last: LoggedCall | undefined;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.callsMs)]);
    for await (const call of listCalls(tables.Calls, from, now, limit)) {
      last = call;
      onCall(call);
    }
    return [];
  } catch (error) {
    const isLate = error instanceof Fault && error.code === "late" && !signal.aborted;
    if (!isLate || last === undefined) throw error;
    const until = formatMoment(last.at.getTime(), localZone());
    return [`Only calls up to ${until} could be read in time: ask for those since a later moment.`];
  }
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
