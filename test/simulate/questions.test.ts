import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { capacities } from "../../bench/simulate/capacity.ts";
import { doubt } from "../../bench/simulate/doubts.ts";
import { fillIn } from "../../bench/simulate/markdown.ts";
import { tablesOfInputs } from "../../bench/simulate/page.ts";
import { plotsOf } from "../../bench/simulate/plots.ts";
import { ALWAYS_READY, type Answer, ask, LOADS, RATES, SETTINGS } from "../../bench/simulate/questions.ts";
import { SERVICE_TIMES } from "../../bench/simulate/service-times.ts";

const { deployed, graphAside, wholeQuota, quotaRaised } = SETTINGS;

describe("ask", () => {
  it.each([graphAside, wholeQuota, quotaRaised])(
    "finds no burst that more always-ready instances make worse within 2 s: setting $letter",
    (setting) => {
      for (const seed of [1, 2, 3]) {
        for (const rate of [10, 100, 1000]) {
          const shares = ALWAYS_READY.map(
            (alwaysReady) => ask(seed, SERVICE_TIMES, { load: "burst", rate, setting, alwaysReady }).shares[0] ?? 0,
          );
          expect(shares).toEqual(shares.toSorted((one, other) => one - other));
        }
      }
    },
  );

  it("has no call redirected within 5 s that is not within 15", () => {
    const { shares } = ask(1, SERVICE_TIMES, { load: "burst", rate: 1000, setting: deployed, alwaysReady: 1 });
    expect(shares).toHaveLength(3);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  });

  it.each([
    { limit: "Graph: concurrent calls", met: "Graph's concurrent calls", setting: deployed, below: 0.6 },
    { limit: "Instances: 40", met: "the instance cap", setting: graphAside, below: 0.8 },
    { limit: "Tables: the storage account", met: "the storage account", setting: quotaRaised, below: 0.8 },
  ] as const)("meets a limit above the rate that a formula gives and not well below it: $limit", (each) => {
    const { limit, met, setting, below } = each;
    const rate = capacities(SERVICE_TIMES).find((capacity) => capacity.limit === limit)?.callsPerSecond ?? 0;
    const limitsAt = (share: number) =>
      ask(1, SERVICE_TIMES, { load: "steady", rate: rate * share, setting, alwaysReady: 10 }).limits;
    expect(limitsAt(below)).toEqual([]);
    expect(limitsAt(1.2)).toContain(met);
  });
});

describe("doubt", () => {
  it("finds nothing better with fewer requests at once on an instance, nor with a slower platform", () => {
    const [asAssumed, slowScaling, slowStart, slowGraph, fewer] = doubt(1, SERVICE_TIMES).map(
      ({ answer }) => answer.shares[1] ?? 0,
    );
    for (const worse of [slowScaling, slowStart, slowGraph, fewer]) expect(worse).toBeLessThan(asAssumed ?? 0);
  });
});

describe("docs/scale.md", () => {
  it("holds the inputs that the code has; npm run simulate -- --check looks at the answers too", () => {
    const page = readFileSync(new URL("../../docs/scale.md", import.meta.url), "utf8");
    expect(fillIn(page, tablesOfInputs(1, SERVICE_TIMES))).toBe(page);
  });
});

describe("plotsOf", () => {
  /** Answers that nobody played: each a little different. */
  const answers: readonly Answer[] = LOADS.flatMap((load) =>
    RATES.flatMap((rate) =>
      Object.values(SETTINGS).flatMap((setting) =>
        ALWAYS_READY.map((alwaysReady) => ({
          load,
          rate,
          setting,
          alwaysReady,
          shares: [0.5, 0.75, 1 / rate],
          instances: 1 + alwaysReady,
          limits: [],
          degraded: 0,
          perCall: { tableOperations: 6, executions: 2, onDemandSeconds: 1 / rate, alwaysReadySeconds: 0 },
        })),
      ),
    ),
  );
  const findings = { seed: 1, times: SERVICE_TIMES, answers, doubts: [] };
  const plots = Object.entries(plotsOf(findings));

  it("draws the same bytes each time", () => {
    expect(Object.entries(plotsOf(findings))).toEqual(plots);
  });

  it.each(plots)("gives %s a title, axis labels, and a background of its own", (_, svg) => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^>]*>\n<title>[^<]{10,}<\/title>\n<rect width="760" height="\d+" fill="#ffffff"\/>/,
    );
    expect(svg).toMatch(/aria-label="x-axis label"/);
    expect(svg).toMatch(/calls a second/);
    expect(svg).not.toMatch(/NaN|undefined|<style/);
  });

  it("draws a point for every rate, time limit, setting and number of always-ready instances of a burst", () => {
    const svg = plots.find(([name]) => name === "scale-burst.svg")?.[1] ?? "";
    expect(svg.match(/<circle /g)).toHaveLength(RATES.length * 3 * 2 * ALWAYS_READY.length);
  });
});
