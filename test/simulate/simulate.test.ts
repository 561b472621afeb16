import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draw } from "../../bench/simulate/distribution.ts";
import { SERVICE_TIMES } from "../../bench/simulate/service-times.ts";
import { type Scenario, simulate } from "../../bench/simulate/simulate.ts";
import { aScenario, every, onlyGraph } from "./scenarios.ts";

/** Loads and deployments of all kinds, most of them too small for what comes. */
const anyScenario: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(),
    arrivalsMs: fc
      .array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 300 })
      .map((moments) => moments.sort((one, other) => one - other)),
    firstMinute: fc.boolean(),
    alwaysReady: fc.integer({ min: 0, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 16 }),
    cap: fc.integer({ min: 3, max: 10 }),
    quota: fc.integer({ min: 3, max: 10 }),
    instancesPerSecond: fc.integer({ min: 1, max: 16 }),
    partitionPerSecond: fc.integer({ min: 1, max: 50 }),
    accountPerSecond: fc.integer({ min: 1, max: 200 }),
    graphConcurrentCalls: fc.integer({ min: 1, max: 50 }),
    endAfterMs: fc.integer({ min: 0, max: 20_000 }),
  })
  .map((changes) => aScenario({ ...changes, times: SERVICE_TIMES, lines: 50, ringsMs: 15_000 }));

describe("simulate", () => {
  it("ends every call in exactly one way, whatever is too small", () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const { endings, redirectedAfterMs } = simulate(scenario);
        const ended = Object.values(endings).reduce((sum, each) => sum + each, 0);
        expect(ended).toBe(scenario.arrivalsMs.length);
        expect(redirectedAfterMs.filter(Number.isFinite)).toHaveLength(endings.redirected);
      }),
      { numRuns: 200 },
    );
  });

  it("redirects no call after the platform has ended it, and runs no more instances than allowed", () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const { instances, redirectedAfterMs } = simulate(scenario);
        expect(instances).toBeLessThanOrEqual(Math.max(scenario.alwaysReady, Math.min(scenario.cap, scenario.quota)));
        for (const ms of redirectedAfterMs.filter(Number.isFinite)) expect(ms).toBeLessThanOrEqual(15_000);
      }),
      { numRuns: 200 },
    );
  });

  it("gives the same for the same seed, and something else for another", () => {
    const scenario = aScenario({ times: SERVICE_TIMES, arrivalsMs: every(50, 200), concurrency: 16, cap: 5 });
    expect(simulate(scenario)).toEqual(simulate(scenario));
    expect(simulate({ ...scenario, seed: 2 }).redirectedAfterMs).not.toEqual(simulate(scenario).redirectedAfterMs);
  });

  it("lets each call wait 200 ms more than the one before when one place is asked for every 800 ms and taken for 1,000", () => {
    const { waitedMs } = simulate(aScenario({ arrivalsMs: every(800, 50) }));
    expect(waitedMs).toEqual(every(200, 50));
  });

  it("lets nobody wait when one place is asked for every 1,000 ms and taken for as long", () => {
    expect(simulate(aScenario({ arrivalsMs: every(1000, 50) })).waitedMs).toEqual(every(0, 50));
  });

  it.each([
    { places: 1, load: 0.5 },
    { places: 5, load: 0.7 },
    { places: 16, load: 0.7 },
  ])("lets as many wait, for as long, as Erlang's formula says: $places places, load $load", ({ places, load }) => {
    const calls = 300_000;
    const gapMs = 1000 / (places * load);
    const arrivalsMs: number[] = [];
    for (
      let atMs = 0;
      arrivalsMs.length < calls;
      atMs += draw({ kind: "exponential", meanMs: gapMs }, 7, 99, arrivalsMs.length)
    ) {
      arrivalsMs.push(atMs);
    }
    const times = onlyGraph({ kind: "exponential", meanMs: 1000 });
    const { waitedMs } = simulate(aScenario({ seed: 7, arrivalsMs, times, concurrency: places }));
    const waits = erlangC(places, places * load);
    const meanMs = (waits * 1000) / (places * (1 - load));
    // Such a run strays from the formula by some percent; a queue that is served wrongly by much more.
    const waited = waitedMs.filter((ms) => ms > 0).length / calls;
    const averageMs = waitedMs.reduce((sum, ms) => sum + ms, 0) / calls;
    expect(Math.abs(waited / waits - 1)).toBeLessThan(0.05);
    expect(Math.abs(averageMs / meanMs - 1)).toBeLessThan(0.1);
  });

  it("holds a cold call up by the start of an instance, the app's load and its first call", () => {
    const times = {
      ...onlyGraph({ kind: "fixed", ms: 1300 }),
      platformStartMs: { kind: "fixed", ms: 2500 },
      appLoadMs: { kind: "fixed", ms: 110 },
      firstCallMs: { kind: "fixed", ms: 400 },
    } as const;
    expect(simulate(aScenario({ times, alwaysReady: 0 })).redirectedAfterMs).toEqual([2500 + 110 + 400 + 1300]);
    expect(simulate(aScenario({ times, alwaysReady: 1 })).redirectedAfterMs).toEqual([1300]);
  });

  it("does the work of calls that come together one after another: an instance has one core", () => {
    const times = { ...onlyGraph({ kind: "fixed", ms: 1000 }), cpuOfCallMs: { kind: "fixed", ms: 4 } } as const;
    const { redirectedAfterMs } = simulate(aScenario({ times, arrivalsMs: [0, 0, 0], concurrency: 3 }));
    expect(redirectedAfterMs).toEqual([1004, 1008, 1012]);
  });

  it("orders no more instances a second than the platform gives", () => {
    const scenario = { arrivalsMs: every(0, 10), alwaysReady: 0, cap: 10, instancesPerSecond: 2 };
    const { redirectedAfterMs } = simulate(
      aScenario({ ...scenario, times: onlyGraph({ kind: "fixed", ms: 100_000 }) }),
    );
    // Two at once, two each second after.
    expect(redirectedAfterMs).toEqual([0, 0, 1000, 1000, 2000, 2000, 3000, 3000, 4000, 4000].map((ms) => ms + 100_000));
  });

  it("never has more calls at Graph than Graph allows, and asks again after 700 and 1,400 ms", () => {
    const scenario = aScenario({ arrivalsMs: [0, 0, 0], concurrency: 3, graphConcurrentCalls: 1 });
    const { redirectedAfterMs, limits } = simulate(scenario);
    // The second and third are refused at 0 and 700 ms; at 2,100 both are back, and one is let in.
    expect(redirectedAfterMs).toEqual([1000, 3100, 700 + 1400 + 2800 + 1000]);
    expect(limits).toEqual(["Graph's concurrent calls"]);
  });

  it("gives a call up when Graph refuses it for longer than the app has time", () => {
    const times = onlyGraph({ kind: "fixed", ms: 60_000 });
    const scenario = aScenario({ arrivalsMs: [0, 0], times, concurrency: 2, graphConcurrentCalls: 1 });
    expect(simulate(scenario).endings).toMatchObject({ redirected: 1, throttled: 1 });
  });

  it("leaves a call that finds no place for 15 s to its caller", () => {
    const times = onlyGraph({ kind: "fixed", ms: 20_000 });
    const { endings } = simulate(aScenario({ arrivalsMs: [0, 1], times, ringsMs: 15_000 }));
    expect(endings).toEqual({ redirected: 0, "too-late": 1, "never-served": 1, throttled: 0 });
  });

  it("lets calls go on, counted, when the storage account refuses their rows twice", () => {
    const scenario = aScenario({ arrivalsMs: every(0, 100), concurrency: 100, accountPerSecond: 100 });
    const { degraded, endings, limits, tableOperations } = simulate(scenario);
    expect(endings.redirected).toBe(100);
    expect(limits).toEqual(["the storage account"]);
    expect(degraded).toBeGreaterThan(0);
    // A bucket of one second's worth, and what was added while the calls were in hand.
    expect(tableOperations).toBeLessThanOrEqual(100 + 100 * 1.2);
  });

  it("writes a claim twice in the first minute of an hour", () => {
    const operations = (firstMinute: boolean) => simulate(aScenario({ firstMinute })).tableOperations;
    // Lists, claim, the line's two partitions, three partitions of every call, record, end.
    expect(operations(false)).toBe(9);
    expect(operations(true)).toBe(10);
  });

  it("reads the rows of a line again when they are five seconds old", () => {
    const operations = (gapMs: number) => simulate(aScenario({ arrivalsMs: every(gapMs, 2) })).tableOperations;
    expect(operations(4999)).toBe(9 + 4);
    expect(operations(5000)).toBe(9 + 9);
  });

  it("bills each period of activity for a second at least, and in steps of 100 ms", () => {
    const billed = (graphMs: number) => {
      const times = { ...onlyGraph({ kind: "fixed", ms: graphMs }), cpuOfEndMs: { kind: "fixed", ms: 1 } } as const;
      return simulate(aScenario({ times, arrivalsMs: [0, 10_000], endAfterMs: 1e6 })).billedSeconds.alwaysReady;
    };
    // Two calls, and two ends of a millisecond.
    expect(billed(300)).toBeCloseTo(1 + 1 + 1 + 1);
    expect(billed(1310)).toBeCloseTo(1.4 + 1.4 + 1 + 1);
  });
});

/** The share that waits in a queue with random arrivals and services (M/M/c). */
function erlangC(servers: number, offered: number): number {
  // Erlang B by its recurrence, then C from B.
  let blocked = 1;
  for (let count = 1; count <= servers; count++) blocked = (offered * blocked) / (count + offered * blocked);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}
