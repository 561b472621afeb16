import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canRing, ringTargets } from "../../src/routing/ring.ts";
import type { NonEmpty, Target } from "../../src/routing/rule.ts";

const CALL = "3da31a99-189d-56c9-b76d-32a400587971";

/** Targets `0`, `1`, ... of these weights. */
function weighted(first: number, ...others: number[]): NonEmpty<Target> {
  const target = (weight: number, index: number): Target => ({ kind: "user", id: String(index), weight });
  return [target(first, 0), ...others.map((weight, index) => target(weight, index + 1))];
}

/** The call ids of a seed: GUIDs without any order in them, the same ones every time. */
function callIds(seed: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const hex = createHash("sha256").update(`${seed} ${index}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  });
}

/** How often each target was chosen. */
function countsOf(targets: NonEmpty<Target>, choices: readonly NonEmpty<Target>[]): number[] {
  return targets.map(({ id }) => choices.filter(([chosen]) => chosen.id === id).length);
}

/** Pearson's statistic of counts against weights. */
function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const calls = counts.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return counts.reduce((sum, count, index) => {
    const expected = (calls * (weights[index] ?? 0)) / whole;
    return expected === 0 ? sum + count : sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** What chance exceeds once in 10,000 times, by degrees of freedom. */
const RARE = [0, 15.14, 18.42];

describe("ringing all", () => {
  it("rings everybody together, in their order", () => {
    expect(ringTargets("all", weighted(1, 3, 0), CALL, undefined)).toEqual(weighted(1, 3, 0));
  });

  it("rings the first 25 and no more, which is all that Graph takes", () => {
    const many = weighted(1, ...Array.from({ length: 29 }, () => 1));
    const rung = ringTargets("all", many, CALL, undefined);
    expect(rung).toEqual(many.slice(0, 25));
    expect(ringTargets("all", weighted(1, ...Array.from({ length: 24 }, () => 1)), CALL, undefined)).toHaveLength(25);
  });
});

describe("ringing at random", () => {
  it("rings one target", () => {
    expect(ringTargets("random", weighted(1, 1, 1), CALL, undefined)).toHaveLength(1);
    expect(ringTargets("random", weighted(7), CALL, undefined)).toEqual(weighted(7));
  });

  it("makes the same choice for the same call every time, whatever turn it is", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.array(fc.nat({ max: 9 }), { maxLength: 6 }), fc.nat(), (callId, others, turn) => {
        const targets = weighted(1, ...others);
        const once = ringTargets("random", targets, callId, undefined);
        expect(ringTargets("random", targets, callId, undefined)).toEqual(once);
        expect(ringTargets("random", targets, callId, turn)).toEqual(once);
      }),
    );
  });

  it.each([[[1, 1]], [[3, 1]], [[30, 30, 40]], [[1, 1, 0]], [[0, 1, 2]]])(
    "shares calls out by the weights %j, for any set of call ids",
    ([first = 0, ...others]) => {
      const targets = weighted(first, ...others);
      for (const seed of ["one", "two", "three", "four", "five", "six", "seven", "eight"]) {
        const choices = callIds(seed, 2000).map((callId) => ringTargets("random", targets, callId, undefined));
        const weights = targets.map(({ weight }) => weight);
        const counts = countsOf(targets, choices);
        const freedom = weights.filter((weight) => weight > 0).length - 1;
        expect(chiSquare(counts, weights)).toBeLessThan(RARE[freedom] ?? 0);
      }
    },
  );

  it("shares evenly as well when ids only count up, or differ in one place", () => {
    const targets = weighted(1, 1);
    const patterns = [
      (index: number) => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`,
      (index: number) => `${index.toString(16).padStart(8, "0")}-189d-56c9-b76d-32a400587971`,
      (index: number) => index.toString(16).toUpperCase().padStart(32, "0"),
    ];
    for (const pattern of patterns) {
      const ids = Array.from({ length: 2000 }, (_, index) => pattern(index));
      const counts = countsOf(
        targets,
        ids.map((callId) => ringTargets("random", targets, callId, undefined)),
      );
      expect(chiSquare(counts, [1, 1])).toBeLessThan(RARE[1] ?? 0);
    }
  });

  it("never chooses a weight of 0 while another may ring", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat({ max: 2 }), { maxLength: 5 }), (callId, others) => {
        const [chosen] = ringTargets("random", weighted(0, 1, ...others), callId, undefined);
        expect(chosen.weight).toBeGreaterThan(0);
      }),
    );
  });
});

describe("ringing in turn", () => {
  const served = (targets: NonEmpty<Target>, from: number, turns: number) =>
    Array.from({ length: turns }, (_, turn) => ringTargets("round-robin", targets, CALL, from + turn));

  it("goes round: each in order, then the first again", () => {
    expect(served(weighted(1, 1, 1), 0, 7).map(([{ id }]) => id)).toEqual(["0", "1", "2", "0", "1", "2", "0"]);
  });

  it("gives each exactly its weight in every full round, wherever the round begins", () => {
    const weights = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.nat({ max: 1_000_000 }), ([...others], from) => {
        const targets = weighted(2, ...others);
        const whole = targets.reduce((sum, { weight }) => sum + weight, 0);
        expect(countsOf(targets, served(targets, from, whole))).toEqual(targets.map(({ weight }) => weight));
      }),
    );
  });

  it("falls back to the random choice when nobody can say whose turn it is", () => {
    for (const callId of callIds("late", 50)) {
      const targets = weighted(3, 1, 2);
      expect(ringTargets("round-robin", targets, callId, undefined)).toEqual(
        ringTargets("random", targets, callId, undefined),
      );
    }
  });
});

describe("canRing", () => {
  it.each([
    ["all", [1], true],
    ["all", [0, 0], true],
    ["all", [], false],
    ["random", [1, 0], true],
    ["random", [0, 0], false],
    ["random", [], false],
    ["round-robin", [0, 2], true],
    ["round-robin", [0], false],
    ["round-robin", [], false],
  ] as const)("%s with weights %j: %s", (ring, [first, ...others], possible) => {
    expect(canRing(ring, first === undefined ? [] : weighted(first, ...others))).toBe(possible);
  });
});
