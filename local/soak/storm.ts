import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, seededRandom } from "../graph-simulator/random.ts";
import type { SimulatedCall } from "../graph-simulator/records.ts";
import { drawCall } from "./dial-plan.ts";
import type { Records } from "./evidence.ts";
import type { StormCounts } from "./figures.ts";
import type { HeapSample } from "./memory.ts";
import type { Stand } from "./stand.ts";
import { WeatherMaker } from "./weather-maker.ts";

export interface StormOptions {
  readonly minutes: number;
  readonly callers: number;
  readonly seed: number;
  /** Ends the storm early. */
  readonly interrupted: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** What a storm leaves behind, for the verdicts. */
export interface Aftermath {
  readonly records: Records;
  readonly counts: StormCounts;
  /** Calls that were still going on when the waiting ended. */
  readonly unsettled: readonly string[];
}

const PROGRESS_EVERY_MS = 10_000;
/** A call lasts 15 s when nobody takes it, its last post 20 s when nobody answers; more is a fault. */
const SETTLE_MS = 60_000;
const SETTLE_INTERRUPTED_MS = 2000;
/** When the first instance is killed and the second ended, as shares of the storm. */
const KILL_AT = 0.25;
const END_AT = 0.35;

/** Lets callers call while everything goes wrong now and then, and waits until all of it has settled. */
export async function runStorm(stand: Stand, options: StormOptions): Promise<Aftermath> {
  const { minutes, callers, seed, interrupted } = options;
  const startMs = performance.now();
  const totalMs = minutes * 60_000;
  const failed = new AbortController();
  const over = AbortSignal.any([interrupted, failed.signal, AbortSignal.timeout(totalMs)]);
  const weather = new WeatherMaker(stand);
  const restarts: string[] = [];
  const killed = new Set<string>();
  const heap: HeapSample[] = [];
  const background = [
    weather.run(seededRandom(seed), over),
    restartBoth(stand, totalMs, { over, restarts, killed }),
    sampleHeaps(stand, Math.max(1000, totalMs / 120), { over, heap }),
    tellProgress(stand, weather, options, over),
  ];
  const calling = Array.from({ length: callers }, (_, index) =>
    keepCalling(stand, seededRandom(seed + 2 + index), over),
  );
  try {
    await Promise.all(background);
  } finally {
    // When one of them fails, the others must have ended before the stand is taken down.
    failed.abort();
    await Promise.allSettled(background);
  }
  const endMs = performance.now();
  await isDoneWithin(Promise.all(calling), interrupted.aborted ? SETTLE_INTERRUPTED_MS : SETTLE_MS);
  await isDoneWithin(stand.forwarder.idle(), interrupted.aborted ? SETTLE_INTERRUPTED_MS : SETTLE_MS);

  const calls = stand.simulator.calls();
  const tableRequests = [...stand.tableProxy.requests.values()].reduce((sum, count) => sum + count, 0);
  const { keyFaults, tableFaults } = weather;
  return {
    records: {
      calls: calls.filter(({ finished }) => finished),
      attempts: stand.forwarder.attempts,
      rows: await stand.readCalls(),
      log: stand.log,
      killed,
      keyTroubles: weather.keyTroubles,
    },
    counts: { seed, startMs, endMs, tableRequests, keyFaults, tableFaults, restarts, crashes: stand.crashes, heap },
    unsettled: interrupted.aborted ? [] : calls.filter(({ finished }) => !finished).map(({ id }) => id),
  };
}

/** One caller: the next call begins some moments after the last one has ended. */
async function keepCalling({ simulator, botAppId }: Stand, random: Random, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const callId = randomUUID();
    const placed = simulator.placeCall({ ...drawCall(random, botAppId), callId });
    const finished = simulator.waitFor(callId, (call: SimulatedCall) => call.finished, { timeoutMs: SETTLE_MS });
    const isOver = await Promise.all([placed, finished]).then(
      () => over.aborted,
      // It is unsettled, and is found so at the end.
      () => false,
    );
    if (!isOver) await sleep(random() * 400, undefined, { signal: over }).catch(() => undefined);
  }
}

interface RestartNotes {
  readonly over: AbortSignal;
  readonly restarts: string[];
  readonly killed: Set<string>;
}

async function restartBoth(stand: Stand, totalMs: number, { over, restarts, killed }: RestartNotes): Promise<void> {
  const [first, second] = stand.instances;
  if (!(await waited(totalMs * KILL_AT, over))) return;
  const victim = await first.kill();
  if (victim !== undefined) killed.add(victim);
  restarts.push(`${victim} killed`);
  await sleep(1000);
  await first.start();
  if (!(await waited(totalMs * (END_AT - KILL_AT), over))) return;
  const ended = second.incarnation?.name;
  await second.end((name) => stand.forwarder.idle(name));
  restarts.push(`${ended} ended`);
  await second.start();
}

interface HeapNotes {
  readonly over: AbortSignal;
  readonly heap: HeapSample[];
}

async function sampleHeaps({ instances }: Stand, everyMs: number, { over, heap }: HeapNotes): Promise<void> {
  while (await waited(everyMs, over)) {
    const samples = await Promise.all(instances.map((instance) => instance.sampleHeap()));
    heap.push(...samples.flatMap((sample) => sample ?? []));
  }
}

async function tellProgress(
  { simulator, forwarder }: Stand,
  weather: WeatherMaker,
  { onProgress }: StormOptions,
  over: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  while (await waited(PROGRESS_EVERY_MS, over)) {
    const calls = simulator.calls();
    const open = calls.filter(({ finished }) => !finished).length;
    const redirected = calls.filter(({ redirect }) => redirect !== null).length;
    const seconds = Math.round((performance.now() - startMs) / 1000);
    onProgress(
      `${seconds} s: ${calls.length} calls, ${redirected} redirected, ${open} open, ` +
        `${forwarder.attempts.length} posts; ${weather.describe()}`,
    );
  }
}

/** @returns whether so long has passed and the storm is not over */
async function waited(ms: number, over: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal: over }).catch(() => undefined);
  return !over.aborted;
}

/** Resolves when the work does, or after so long. @returns whether the work was done */
async function isDoneWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const waited = new AbortController();
  const late = sleep(limitMs, false, { signal: waited.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    waited.abort();
  }
}
