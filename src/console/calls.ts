import { type FilterNames, readSince, wantedBy } from "../cli/calls/calls.ts";
import { type Fate, fateOf } from "../cli/calls/calls-fate.ts";
import { CallSummary } from "../cli/calls/calls-summary.ts";
import { ringsOf, ruleOf } from "../cli/calls/calls-text.ts";
import type { Names } from "../cli/names.ts";
import { localZone } from "../cli/on-now.ts";
import { OVERRIDES } from "../cli/override/override-scope.ts";
import { Fault } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import { formatMoment } from "../routing/format-moment.ts";
import { findCall, type LoggedCall, listCalls } from "../store/call-list.ts";
import type { CallAnswer, CallsAnswer, CallView } from "./api.ts";
import type { Desk } from "./desk.ts";
import { namedRule } from "./named.ts";
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
  const listing = new Listing(desk, request, from);
  for await (const call of listing.calls()) {
    const fate = fateOf(call, now.getTime());
    if (!isWanted(call, fate)) continue;
    summary.add(call, fate);
    shown.push(viewOf(call, fate, names));
    if (shown.length >= 2 * MOST_SHOWN) shown.splice(0, MOST_SHOWN);
  }
  const { count, redirectTimes } = summary;
  return {
    calls: shown.slice(-MOST_SHOWN),
    summary: {
      count,
      says: [...listing.remarks, ...summary.lines()],
      ...(redirectTimes === undefined ? {} : { redirectTimes }),
    },
  };
}

/** Calls oldest first, for so long as a person waits for them. */
class Listing {
  readonly #desk: Desk;
  readonly #request: ApiRequest;
  readonly #from: Date;
  #last: LoggedCall | undefined;
  /** That it did not come to its end, as a sentence. */
  remarks: readonly string[] = [];

  constructor(desk: Desk, request: ApiRequest, from: Date) {
    this.#desk = desk;
    this.#request = request;
    this.#from = from;
  }

  /** @throws Fault `late` when not a single call was read in time */
  async *calls(): AsyncGenerator<LoggedCall> {
    const { tables, now, limits } = this.#desk;
    const { signal } = this.#request;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.callsMs)]);
      for await (const call of listCalls(tables.Calls, this.#from, now, limit)) {
        this.#last = call;
        yield call;
      }
    } catch (error) {
      const isLate = error instanceof Fault && error.code === "late" && !signal.aborted;
      if (!isLate || this.#last === undefined) throw error;
      const until = formatMoment(this.#last.at.getTime(), localZone());
      this.remarks = [`Only calls up to ${until} could be read in time: ask for those since a later moment.`];
    }
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
    rule: ruleIn(call, names),
    targets: ringsOf(call, names) ?? rejects,
    status,
    outcome: fate,
    ...(call.elapsedMs === undefined ? {} : { elapsedMs: call.elapsedMs }),
  };
}

/** As the command tells it, an override by the name of its scope. */
function ruleIn(call: LoggedCall, names: Names): string {
  const rule = ruleOf(call, names) ?? "";
  const before = `${OVERRIDES}/`;
  if (!rule.startsWith(before)) return rule;
  return namedRule({ partitionKey: OVERRIDES, rowKey: rule.slice(before.length) }, names);
}
