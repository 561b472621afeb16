import type { Distribution } from "../../bench/simulate/distribution.ts";
import type { Scenario, Times } from "../../bench/simulate/simulate.ts";

const AT_ONCE: Distribution = { kind: "fixed", ms: 0 };

/** Nothing but Graph takes time. */
export function onlyGraph(graphMs: Distribution): Times {
  return {
    cpuOfCallMs: AT_ONCE,
    cpuOfEndMs: AT_ONCE,
    cpuOfHostMs: AT_ONCE,
    platformStartMs: AT_ONCE,
    appLoadMs: AT_ONCE,
    firstCallMs: AT_ONCE,
    tableMs: AT_ONCE,
    graphMs,
    graphThrottledMs: AT_ONCE,
  };
}

/** One always-ready instance with one place, a second at Graph, and no limit on anything. */
export function aScenario(changes: Partial<Scenario> = {}): Scenario {
  return {
    seed: 1,
    arrivalsMs: [0],
    measured: { fromMs: 0, untilMs: Number.POSITIVE_INFINITY },
    firstMinute: false,
    times: onlyGraph({ kind: "fixed", ms: 1000 }),
    lines: 1,
    rowsOfEveryCall: 1,
    endAfterMs: 0,
    alwaysReady: 1,
    concurrency: 1,
    cap: 1,
    quota: Number.POSITIVE_INFINITY,
    instancesPerSecond: 1,
    scaleEveryMs: 1000,
    partitionPerSecond: Number.POSITIVE_INFINITY,
    accountPerSecond: Number.POSITIVE_INFINITY,
    graphConcurrentCalls: Number.POSITIVE_INFINITY,
    ringsMs: Number.POSITIVE_INFINITY,
    ...changes,
  };
}

export function every(gapMs: number, calls: number): number[] {
  return Array.from({ length: calls }, (_, call) => call * gapMs);
}
