import type { SimulatedCall } from "../graph-simulator/records.ts";
import type { Records } from "./evidence.ts";
import { gather } from "./evidence.ts";
import { type HeapSample, type MemoryByThird, memoryByThird, quantile } from "./memory.ts";
import { type Breach, breachesOf, type Fate, fateOf } from "./verdicts.ts";

export type Counts = Readonly<Record<string, number>>;

/** What the storm came to. */
export interface Figures {
  readonly seed: number;
  readonly ranMs: number;
  readonly calls: number;
  readonly fates: Counts;
  readonly toldTwice: number;
  readonly duplicatesMet: number;
  /** Attempts at a post, by the app's answer. */
  readonly posts: Counts;
  readonly graphRequests: Counts;
  readonly tableRequests: number;
  readonly graphFaults: Counts;
  readonly notificationFaults: Counts;
  readonly keyFaults: Counts;
  readonly tableFaults: Counts;
  readonly logged: Counts;
  readonly restarts: readonly string[];
  /** Post of the incoming call to the arrival of the redirect that was accepted. */
  readonly redirectMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly memory: readonly MemoryByThird[];
  readonly breaches: readonly Breach[];
}

/** What is counted while the storm goes on, beside the records of calls. */
export interface StormCounts {
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly tableRequests: number;
  readonly keyFaults: Counts;
  readonly tableFaults: Counts;
  readonly restarts: readonly string[];
  readonly crashes: readonly string[];
  readonly heap: readonly HeapSample[];
}

/** Events that say how the app took what happened. */
const TOLD = ["claim_unproven", "record_failed", "close_failed", "rows_stale", "keys_unavailable", "call_failed"];

export function figuresOf(records: Records, counts: StormCounts): Figures {
  const evidence = gather(records);
  const memory = memoryByThird(counts.heap, counts.startMs, counts.endMs);
  const { calls, attempts, log } = records;
  const requests = calls.flatMap((call) => call.requests);
  const fates: Fate[] = evidence.map(fateOf);
  return {
    seed: counts.seed,
    ranMs: counts.endMs - counts.startMs,
    calls: calls.length,
    fates: countOf(fates),
    toldTwice: calls.filter(({ notificationFault }) => notificationFault?.startsWith("duplicate-")).length,
    duplicatesMet: log.total.get("call_duplicate") ?? 0,
    posts: countOf(attempts.map(({ state, status }) => `${state} ${status ?? "no answer"}`)),
    graphRequests: countOf(requests.map(({ action, status }) => `${action} ${status ?? "no answer"}`)),
    tableRequests: counts.tableRequests,
    graphFaults: countOf(requests.flatMap(({ fault }) => fault ?? [])),
    notificationFaults: countOf(calls.flatMap(({ notificationFault }) => notificationFault ?? [])),
    keyFaults: counts.keyFaults,
    tableFaults: counts.tableFaults,
    logged: Object.fromEntries(TOLD.map((event) => [event, log.total.get(event) ?? 0])),
    restarts: counts.restarts,
    redirectMs: redirectTimes(calls),
    memory,
    breaches: [...evidence.flatMap(breachesOf), ...breachesOfProcesses(memory, counts.crashes)],
  };
}

function redirectTimes(calls: readonly SimulatedCall[]): Figures["redirectMs"] {
  const times = calls.flatMap(({ requests }) =>
    requests.flatMap(({ action, accepted, sinceIncomingMs }) =>
      action === "redirect" && accepted && sinceIncomingMs !== null ? sinceIncomingMs : [],
    ),
  );
  const at = (share: number) => Math.round(quantile(times, share) ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** No call is to blame for these; the process's name stands in its place. */
function breachesOfProcesses(memory: readonly MemoryByThird[], crashes: readonly string[]): Breach[] {
  const grown = memory.filter(({ isFlat }) => !isFlat);
  return [
    ...grown.map(({ instance }) => ({ promise: "an instance's memory stays flat", callId: instance })),
    ...crashes.map((name) => ({ promise: "a process ends only when it is ended", callId: name })),
  ];
}

/** How often each value occurs, the most frequent first. */
export function countOf(values: readonly string[]): Counts {
  const groups = [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length] as const);
  return Object.fromEntries(groups.toSorted(([, one], [, other]) => other - one));
}
