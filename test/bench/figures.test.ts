import { describe, expect, it } from "vitest";
import { compare } from "../../bench/compare.ts";
import { type Figure, figure, formatFigure, quantile, ratio } from "../../bench/figures.ts";
import { readFlags, UsageError } from "../../bench/flags.ts";
import { packageOf } from "../../bench/profile.ts";
import { type BenchResult, formatGoals } from "../../bench/result.ts";

function aResult(figures: Readonly<Record<string, Figure>>, more: Partial<BenchResult> = {}): BenchResult {
  const about = { bench: "webhook", measuredAt: "2026-11-25T15:00:00.000Z", node: "v22.0.0", cores: 2 };
  return { ...about, settings: {}, figures, goals: [], ...more };
}

describe("compare", () => {
  it("names what moved by more than noise, the furthest first, and says which way is good", () => {
    const before = aResult({
      latency: figure([10, 11, 12], "ms"),
      rate: figure([100, 100, 100], "/s", "more"),
      still: figure([100], "ms"),
    });
    const after = aResult({
      latency: figure([20, 22, 24], "ms"),
      rate: figure([130, 130, 130], "/s", "more"),
      still: figure([104], "ms"),
    });
    expect(compare(before, after)).toEqual([
      "worse     +100%  latency: 11 (10-12) ms -> 22 (20-24) ms",
      "better     +30%  rate: 100 (100-100) /s -> 130 (130-130) /s",
      "1 of 3 figures did not move",
    ]);
  });

  it("says perhaps where the rounds of one run reach into the other's", () => {
    const lines = compare(aResult({ latency: figure([10, 10, 30], "ms") }), aResult({ latency: figure([20], "ms") }));
    expect(lines[0]).toMatch(/^perhaps /);
  });

  it("warns of another version of Node or another number of cores", () => {
    expect(compare(aResult({}), aResult({}, { node: "v24.0.0" }))[0]).toContain("only ratios compare");
    expect(compare(aResult({}), aResult({}, { cores: 8 }))[0]).toContain("only ratios compare");
  });
});

describe("figures", () => {
  it("are the median, the least and the most of the rounds", () => {
    expect(figure([3, 1, 2], "ms")).toEqual({ median: 2, least: 1, most: 3, unit: "ms", better: "less" });
    expect(formatFigure(figure([1.2345, 12.345, 1234.5], "ms"))).toBe("12.3 (1.23-1235) ms");
  });

  it("compare round by round, so that a slow round of the machine strikes both", () => {
    expect(ratio([20, 200, 20], [10, 100, 10])).toMatchObject({ median: 2, least: 2, most: 2 });
  });

  it("have a p99 that one in a hundred exceeds", () => {
    const values = Array.from({ length: 1000 }, (_, index) => index);
    expect(values.filter((value) => value > quantile(values, 0.99))).toHaveLength(9);
  });

  it("meet a goal by their median", () => {
    const goals = [
      { figure: "latency", bound: "at most", value: 2 },
      { figure: "rate", bound: "at least", value: 2 },
    ] as const;
    const figures = { latency: figure([1, 2, 9], ""), rate: figure([1, 1.9, 9], "", "more") };
    expect(formatGoals(aResult(figures, { goals })).map((line) => line.slice(0, 6))).toEqual(["met   ", "missed"]);
  });
});

describe("readFlags", () => {
  const amounts = { rounds: { full: 7, short: 3 } };

  it("takes a bench's own amounts, shorter ones with --short, and what is given before both", () => {
    expect(readFlags([], amounts).amounts).toEqual({ rounds: 7 });
    expect(readFlags(["--short"], amounts).amounts).toEqual({ rounds: 3 });
    expect(readFlags(["--short", "--rounds", "5"], amounts).amounts).toEqual({ rounds: 5 });
    expect(readFlags(["--json", "out.json"], amounts).json).toBe("out.json");
  });

  it.each([[["--lines", "5"]], [["--rounds", "none"]], [["--rounds", "0"]], [["--rounds"]], [["webhook"]]])(
    "refuses %j with a sentence",
    (args) => {
      expect(() => readFlags(args, amounts)).toThrow(UsageError);
    },
  );
});

describe("packageOf", () => {
  it.each([
    ["../../node_modules/@azure/data-tables/src/models.ts", "@azure/data-tables"],
    ["file:///app/node_modules/jose/dist/webapi/jwt.js", "jose"],
    ["../../../src/store/call-log.ts", "src/store"],
    ["node:internal/deps/undici/undici", "node:internal/deps/undici"],
    ["node:_http_agent", "node:_http_agent"],
  ])("counts %s to %s", (source, name) => {
    expect(packageOf(source)).toBe(name);
  });
});
