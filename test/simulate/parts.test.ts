import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Distribution, draw, meanOf, stretch } from "../../bench/simulate/distribution.ts";
import { EventQueue } from "../../bench/simulate/event-queue.ts";
import { DEPLOYED, RateLimit } from "../../bench/simulate/limits.ts";
import { fillIn, table } from "../../bench/simulate/markdown.ts";
import { costOfMillion, totalOf } from "../../bench/simulate/prices.ts";
import { uniform } from "../../bench/simulate/random.ts";
import { readServiceTimes, SERVICE_TIMES } from "../../bench/simulate/service-times.ts";

const DRAWS = 100_000;

describe("uniform", () => {
  it("spreads evenly over 100 classes, and pairs of streams and of neighbours over 100 squares", () => {
    const numbers = (stream: number) => Array.from({ length: DRAWS }, (_, index) => uniform(3, stream, index));
    const [one, other] = [numbers(1), numbers(2)];
    const classOf = (number: number, classes: number) => Math.floor(number * classes);
    expect(
      chiSquare(
        one.map((number) => classOf(number, 100)),
        100,
      ),
    ).toBeLessThan(CHI_SQUARE_99_AT_99_9);
    for (const beside of [other, one.slice(1)]) {
      const squares = beside.map((number, place) => 10 * classOf(one[place] ?? 0, 10) + classOf(number, 10));
      expect(chiSquare(squares, 100)).toBeLessThan(CHI_SQUARE_99_AT_99_9);
    }
  });

  it("is the same in any order of asking", () => {
    const forwards = [0, 1, 2].map((index) => uniform(1, 5, index));
    expect([2, 1, 0].map((index) => uniform(1, 5, index)).reverse()).toEqual(forwards);
    expect(new Set(forwards).size).toBe(3);
  });
});

/** 99 degrees of freedom: so much is passed by chance once in a thousand. */
const CHI_SQUARE_99_AT_99_9 = 148.2;

function chiSquare(found: readonly number[], classes: number): number {
  const counts = Array<number>(classes).fill(0);
  for (const each of found) counts[each] = (counts[each] ?? 0) + 1;
  const expected = found.length / classes;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("draw", () => {
  const logNormal: Distribution = { kind: "log-normal", medianMs: 1300, p99Ms: 2000 };
  const draws = (distribution: Distribution) =>
    Array.from({ length: DRAWS }, (_, index) => draw(distribution, 1, 1, index)).sort((one, other) => one - other);

  it("has the median and the 99th percentile that it is given", () => {
    const sorted = draws(logNormal);
    expect((sorted[DRAWS / 2] ?? 0) / 1300).toBeCloseTo(1, 2);
    expect((sorted[DRAWS * 0.99] ?? 0) / 2000).toBeCloseTo(1, 2);
  });

  it.each([logNormal, { kind: "exponential", meanMs: 40 }, { kind: "fixed", ms: 4 }] as const)(
    "has the mean that meanOf gives: $kind",
    (distribution) => {
      const average = draws(distribution).reduce((sum, ms) => sum + ms, 0) / DRAWS;
      expect(average / meanOf(distribution)).toBeCloseTo(1, 2);
      expect(meanOf(stretch(distribution, 3))).toBeCloseTo(3 * meanOf(distribution));
    },
  );
});

describe("EventQueue", () => {
  it("lets things happen in order of time, and at one moment in the order in which they were planned", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (moments) => {
        const queue = new EventQueue();
        const happened: (readonly [number, number])[] = [];
        moments.forEach((atMs, order) => {
          queue.at(atMs, () => happened.push([queue.nowMs, order]));
        });
        queue.run();
        const inOrder = moments.map((atMs, order) => [atMs, order] as const);
        expect(happened).toEqual(inOrder.sort((one, other) => one[0] - other[0] || one[1] - other[1]));
      }),
    );
  });

  it("takes nothing that should have happened already", () => {
    const queue = new EventQueue();
    queue.at(10, () => expect(() => queue.at(9, () => {})).toThrow("9 ms lies before 10 ms"));
    queue.run();
    expect(queue.nowMs).toBe(10);
  });
});

describe("RateLimit", () => {
  it("allows a second's worth at once, and in the long run no more than its rate", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ waitMs: fc.nat(400), count: fc.integer({ min: 1, max: 5 }) })), (asked) => {
        const limit = new RateLimit(10);
        let [nowMs, allowed] = [0, 0];
        for (const { waitMs, count } of asked) {
          nowMs += waitMs;
          if (limit.take(count, nowMs)) allowed += count;
        }
        expect(allowed).toBeLessThanOrEqual(10 + nowMs / 100 + 1e-6);
      }),
    );
  });

  it("lets in again when time has passed", () => {
    const limit = new RateLimit(10);
    expect([limit.take(10, 0), limit.take(1, 99), limit.take(1, 100), limit.take(1, 101)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("costOfMillion", () => {
  it("adds up a million calls by hand", () => {
    // 2 GB for 0.1 s a call at 0.000026; 2 posts at 0.40 a million; 6 operations at 0.00036 for 10,000 and 2 GB of rows
    // at 0.045; 4 GB of logs at 2.30; one instance of 2 GB for 2,592,000 s at 0.000004.
    const perCall = { onDemandSeconds: 0.1, alwaysReadySeconds: 0, executions: 2, tableOperations: 6 };
    const cost = costOfMillion(perCall, 1);
    expect(cost.atWork).toBeCloseTo(5.2);
    expect(cost.executions).toBeCloseTo(0.8);
    expect(cost.tables).toBeCloseTo(0.216 + 0.09);
    expect(cost.logs).toBeCloseTo(9.2);
    expect(cost.baseline).toBeCloseTo(20.736);
    expect(totalOf(cost)).toBeCloseTo(5.2 + 0.8 + 0.306 + 9.2 + 20.736);
  });
});

describe("readServiceTimes", () => {
  it("lays what a file has over the committed times", () => {
    const graphMs = { kind: "fixed", ms: 900, source: "a test" };
    expect(readServiceTimes({ graphMs })).toEqual({ ...SERVICE_TIMES, graphMs });
  });

  it("takes the median of a bench's result for the step that it measures", () => {
    const figures = { "ringroute cpuMsPerPost at 10": { median: 3.5, least: 3, most: 4 }, other: { median: 9 } };
    const { cpuOfCallMs, ...others } = readServiceTimes({ bench: "webhook", figures });
    expect(cpuOfCallMs).toMatchObject({ kind: "fixed", ms: 3.5 });
    expect({ ...SERVICE_TIMES, ...others }).toEqual(SERVICE_TIMES);
    const cold = {
      "ringroute load ms": { median: 29 },
      "ringroute first call more than warm ms": { median: 97 },
    };
    const { appLoadMs, firstCallMs } = readServiceTimes({ bench: "cold", figures: cold });
    expect([appLoadMs, firstCallMs]).toMatchObject([{ ms: 29 }, { ms: 97 }]);
  });

  it("says what the result of a bench lacks, and which bench it knows nothing of", () => {
    expect(() => readServiceTimes({ bench: "webhook", figures: {} })).toThrow('"ringroute cpuMsPerPost at 10"');
    expect(() => readServiceTimes({ bench: "decide", figures: {} })).toThrow("decide");
  });

  it.each([
    { wrong: { graphMs: { kind: "fixed", ms: 900 } }, named: "graphMs" },
    { wrong: { tableMs: { kind: "log-normal", medianMs: 0, p99Ms: 1, source: "x" } }, named: "tableMs" },
    { wrong: { tabelMs: { kind: "fixed", ms: 1, source: "x" } }, named: "tabelMs" },
  ])("says which entry is wrong: $named", ({ wrong, named }) => {
    expect(() => readServiceTimes(wrong)).toThrow(named);
  });
});

describe("fillIn", () => {
  const page = "before\n<!-- one: written by npm run simulate -->\nold\n<!-- end of one -->\nafter\n";

  it("puts a text between its markers and leaves the rest, also the second time", () => {
    const filled = "before\n<!-- one: written by npm run simulate -->\n\nnew\n\n<!-- end of one -->\nafter\n";
    expect(fillIn(page, { one: "new" })).toBe(filled);
    expect(fillIn(filled, { one: "new" })).toBe(filled);
  });

  it("says which marker the page lacks", () => {
    expect(() => fillIn(page, { two: "new" })).toThrow("<!-- two: written by npm run simulate -->");
  });
});

describe("table", () => {
  it("aligns its columns", () => {
    expect(table(["a", "bb"], [["ccc", "d"]])).toBe("| a   | bb |\n| --- | -- |\n| ccc | d  |");
  });
});

describe("DEPLOYED", () => {
  it("says what the templates deploy", () => {
    const template = readFileSync("infra/main.bicep", "utf8");
    const [, requests] = /^param requestsPerInstance int = (\d+)$/m.exec(template) ?? [];
    expect(Number(requests)).toBe(DEPLOYED.requestsPerInstance.value);
  });
});
