import { describe, expect, it } from "vitest";
import { seededRandom } from "../../local/graph-simulator/random.ts";
import { type HeapSample, memoryByThird, quantile } from "../../local/soak/memory.ts";
import { drawWeather } from "../../local/soak/weather.ts";

const MB = 1024 * 1024;

describe("memoryByThird", () => {
  const samples = (heapAt: (second: number) => number, incarnation = (_second: number) => "A1"): HeapSample[] =>
    Array.from({ length: 60 }, (_, second) => ({
      instance: "A",
      incarnation: incarnation(second),
      atMs: second * 1000,
      heapUsed: heapAt(second),
    }));

  it("takes the median of each third", () => {
    const [memory] = memoryByThird(
      samples((second) => (second === 30 ? 500 : 20) * MB),
      0,
      60_000,
    );
    expect(memory).toMatchObject({ instance: "A", thirds: [20 * MB, 20 * MB, 20 * MB], growth: 0, isFlat: true });
  });

  it("takes steady growth for a leak", () => {
    const [memory] = memoryByThird(
      samples((second) => 20 * MB + second * 0.2 * MB),
      0,
      60_000,
    );
    expect(memory?.isFlat).toBe(false);
  });

  it("forgives two megabytes, and five in a hundred of a large heap", () => {
    const grownBy = (from: number, by: number) =>
      memoryByThird(
        samples((second) => (second < 40 ? from : from + by) * MB),
        0,
        60_000,
      )[0]?.isFlat;
    expect([grownBy(20, 2), grownBy(20, 2.1), grownBy(100, 5), grownBy(100, 5.1)]).toEqual([true, false, true, false]);
  });

  it("measures the middle third by the process that was there at the end, once it has warmed up", () => {
    const heapAt = (second: number) => (second < 21 ? 60 : second < 26 ? 10 : 20) * MB;
    const [memory] = memoryByThird(
      samples(heapAt, (second) => (second < 21 ? "A1" : "A2")),
      0,
      60_000,
    );
    expect(memory?.thirds).toEqual([60 * MB, 20 * MB, 20 * MB]);
  });
});

describe("quantile", () => {
  it("is the value below which the share lies", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile([], 0.5)]).toEqual([51, 100, undefined]);
  });
});

describe("drawWeather", () => {
  it("is the same for the same seed", () => {
    const forecast = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => drawWeather(random));
    };
    expect(forecast(7)).toEqual(forecast(7));
    expect(forecast(7)).not.toEqual(forecast(8));
  });

  it("brings every kind of fault sooner or later, and always some duplicates", () => {
    const random = seededRandom(1);
    const weathers = Array.from({ length: 2000 }, () => drawWeather(random));
    const kinds = new Set(
      weathers.flatMap(({ graph, tables }) => [...graph.faults, ...tables.faults].map(({ kind }) => kind)),
    );
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        "429",
        "7505",
        "html",
        "reset-after",
        "hang",
        "keys-hang",
        "keys-slow",
        "down",
        "throttle",
      ]),
    );
    expect(weathers.every(({ graph }) => graph.faults.some(({ kind }) => kind === "duplicate-concurrent"))).toBe(true);
  });
});
