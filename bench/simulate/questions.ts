import { draw } from "./distribution.ts";
import { grouped } from "./figures.ts";
import { ASSUMED, DEPLOYED, DOCUMENTED, type LimitName, RINGS_MS } from "./limits.ts";
import { uniform } from "./random.ts";
import { type Result, type Scenario, simulate, type Times } from "./simulate.ts";

export const RATES = [1, 10, 100, 1000, 5000] as const;
export const ALWAYS_READY = [0, 1, 2, 10] as const;
/** Seconds within which a call should be redirected. */
export const WITHIN_SECONDS = [2, 5, 15] as const;

export type Load =
  /** The rate has risen for less than a minute, and lasts. */
  | "steady"
  /** One second's calls, at 09:00:00, after a quiet night: only always-ready instances run. */
  | "burst";
export const LOADS: readonly Load[] = ["steady", "burst"];

/** The limits that a deployment lives with. Each setting allows whatever the one before it does. */
export interface Setting {
  /** What the tables call it. */
  readonly letter: string;
  readonly name: string;
  readonly cap: number;
  readonly quota: number;
  readonly graphConcurrentCalls: number;
}

const { lowestCap, highestCap, quotaInstances, graphConcurrentCalls } = DOCUMENTED;
const ASIDE = Number.POSITIVE_INFINITY;
export const SETTINGS = {
  deployed: {
    letter: "A",
    name: `one app registration, at most ${lowestCap.value} instances`,
    cap: lowestCap.value,
    quota: quotaInstances.value,
    graphConcurrentCalls: graphConcurrentCalls.value,
  },
  graphAside: {
    letter: "B",
    name: `Graph's limit aside, at most ${lowestCap.value} instances`,
    cap: lowestCap.value,
    quota: quotaInstances.value,
    graphConcurrentCalls: ASIDE,
  },
  wholeQuota: {
    letter: "C",
    name: `Graph's limit aside, at most ${grouped(highestCap.value)} instances, of which the region's quota gives ${quotaInstances.value}`,
    cap: highestCap.value,
    quota: quotaInstances.value,
    graphConcurrentCalls: ASIDE,
  },
  quotaRaised: {
    letter: "D",
    name: `Graph's limit aside, at most ${grouped(highestCap.value)} instances, the quota raised as far`,
    cap: highestCap.value,
    quota: highestCap.value,
    graphConcurrentCalls: ASIDE,
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The answer to one question: a load, a rate, a setting and a number of always-ready instances. */
export interface Answer {
  readonly load: Load;
  readonly rate: number;
  readonly setting: Setting;
  readonly alwaysReady: number;
  /** Share of calls redirected within each of {@link WITHIN_SECONDS}, from 0 to 1. */
  readonly shares: readonly number[];
  /** Instances at the end; none is taken away during a run. */
  readonly instances: number;
  /** The limits that were met, the first one first. */
  readonly limits: readonly LimitName[];
  /** Share of calls that went on without some of their rows, or without their claim, because the tables refused. */
  readonly degraded: number;
  readonly perCall: PerCall;
}

/** What a call uses, on average. */
export interface PerCall {
  readonly tableOperations: number;
  readonly executions: number;
  /** Billed seconds of activity of one instance, by its kind. */
  readonly onDemandSeconds: number;
  readonly alwaysReadySeconds: number;
}

/** All the answers, from the same seed for all. */
export function askAll(seed: number, times: Times): readonly Answer[] {
  return LOADS.flatMap((load) =>
    RATES.flatMap((rate) =>
      ALWAYS_READY.flatMap((alwaysReady) => {
        const answers: Answer[] = [];
        for (const setting of Object.values(SETTINGS)) {
          const before = answers.at(-1);
          // Each setting allows more than the one before: where that one met no limit, this one changes nothing.
          const isSame = before !== undefined && before.limits.length === 0;
          answers.push(isSame ? { ...before, setting } : ask(seed, times, { load, rate, setting, alwaysReady }));
        }
        return answers;
      }),
    ),
  );
}

/** Few calls say little: small bursts are played this often altogether, with other luck each time. */
const BURST_CALLS = 2000;
const MOST_BURSTS = 200;

/** @param changes to the scenario, to see what an assumption is worth */
export function ask(
  seed: number,
  times: Times,
  question: Pick<Answer, "load" | "rate" | "setting" | "alwaysReady">,
  changes: Partial<Scenario> = {},
): Answer {
  const { load, rate, setting, alwaysReady } = question;
  const often = load === "steady" ? 1 : Math.min(MOST_BURSTS, Math.max(1, Math.floor(BURST_CALLS / rate)));
  const results = Array.from({ length: often }, (_, round) =>
    simulate({
      ...FIXED,
      ...(load === "steady" ? steady(seed, rate) : burst(seed + round, rate)),
      ...setting,
      times,
      alwaysReady,
      ...changes,
    }),
  );
  return { ...question, ...summarise(results) };
}

const FIXED = {
  lines: ASSUMED.lines.value,
  rowsOfEveryCall: ASSUMED.rowsOfEveryCall.value,
  endAfterMs: ASSUMED.endAfterSeconds.value * 1000,
  concurrency: DEPLOYED.requestsPerInstance.value,
  instancesPerSecond: ASSUMED.instancesPerSecond.value,
  scaleEveryMs: ASSUMED.scaleEverySeconds.value * 1000,
  partitionPerSecond: DOCUMENTED.partitionPerSecond.value,
  accountPerSecond: DOCUMENTED.accountPerSecond.value,
  ringsMs: RINGS_MS,
} as const;

/** Streams of chance, apart from those of the simulation. */
const STREAMS = { gap: 31, moment: 32 } as const;
/** The rate rises evenly, and has lasted for a while when the measuring starts. */
const RISE_MS = 40_000;
const SETTLE_MS = 20_000;
/** Calls to measure a steady rate by, and the milliseconds that it takes at least and at most. */
const STEADY = { calls: 6000, leastMs: 5000, mostMs: 600_000 } as const;

/** Calls that come independently of each other (a Poisson process). */
function steady(seed: number, rate: number) {
  const fromMs = RISE_MS + SETTLE_MS;
  const untilMs = fromMs + Math.min(STEADY.mostMs, Math.max(STEADY.leastMs, (STEADY.calls * 1000) / rate));
  const inRise = (rate * RISE_MS) / 2000;
  const gap = { kind: "exponential", meanMs: 1 } as const;
  const arrivalsMs: number[] = [];
  for (let expected = draw(gap, seed, STREAMS.gap, 0); ; expected += draw(gap, seed, STREAMS.gap, arrivalsMs.length)) {
    // So many calls are expected until that moment: the square of the time during the rise, then a straight line.
    const atMs =
      expected < inRise ? RISE_MS * Math.sqrt(expected / inRise) : RISE_MS + ((expected - inRise) * 1000) / rate;
    if (atMs >= untilMs) return { seed, arrivalsMs, measured: { fromMs, untilMs }, firstMinute: false };
    arrivalsMs.push(atMs);
  }
}

/** So many calls, evenly over the first second of an hour. */
function burst(seed: number, calls: number) {
  const arrivalsMs = Array.from({ length: calls }, (_, call) => 1000 * uniform(seed, STREAMS.moment, call));
  arrivalsMs.sort((one, other) => one - other);
  return { seed, arrivalsMs, measured: { fromMs: 0, untilMs: 1000 }, firstMinute: true };
}

function summarise(
  results: readonly Result[],
): Pick<Answer, "shares" | "instances" | "limits" | "degraded" | "perCall"> {
  const redirectedAfterMs = results.flatMap((result) => result.redirectedAfterMs);
  const calls = redirectedAfterMs.length;
  const mean = (figure: (result: Result) => number) => results.reduce((sum, each) => sum + figure(each), 0) / calls;
  return {
    shares: WITHIN_SECONDS.map(
      (seconds) => redirectedAfterMs.filter((ms) => ms <= seconds * 1000).length / Math.max(1, calls),
    ),
    instances: Math.max(...results.map(({ instances }) => instances)),
    limits: [...new Set(results.flatMap(({ limits }) => limits))],
    degraded:
      results.reduce((sum, { degraded }) => sum + degraded, 0) /
      results.reduce((sum, { endings }) => sum + Object.values(endings).reduce((one, other) => one + other, 0), 0),
    perCall: {
      tableOperations: mean(({ tableOperations }) => tableOperations),
      executions: mean(({ executions }) => executions),
      onDemandSeconds: mean(({ billedSeconds }) => billedSeconds.onDemand),
      alwaysReadySeconds: mean(({ billedSeconds }) => billedSeconds.alwaysReady),
    },
  };
}
