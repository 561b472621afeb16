import fc from "fast-check";

/** How many cases all properties have between them (FUZZ_CASES), and what they start from (FUZZ_SEED). */
const CASES = Number(process.env.FUZZ_CASES ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** No case may keep the app longer than a call may wait for its answer: the platform's 15 seconds. */
export const MOST_MS = 15_000;
/** Time for a whole property, a generous share a case. */
export const PROPERTY_MS = 60_000 + 20 * CASES;

/**
 * What a property is to be checked with.
 *
 * @param share of all cases
 */
export function fuzzing(share: number, most = Infinity): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.max(1, Math.min(most, Math.round(share * CASES))), seed: SEED };
}

/** Says how to see the same cases again. */
export function announce(what: string): void {
  process.stdout.write(`${what}: FUZZ_SEED=${SEED} FUZZ_CASES=${CASES}\n`);
}

/** Keys that reach prototypes where somebody is careless. */
export const PROTOTYPE_KEYS = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty"];

/** Texts that are long, or hard on regular expressions and on whatever splits, trims or compares. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      "a",
      " ",
      "1",
      ",",
      "+",
      "-",
      "(",
      "\u00a0",
      "\u202e",
      "é",
      "😀",
      "00:00-",
      "0,",
      "!",
      '"',
      "user:",
      "%",
    ),
    fc.constantFrom(10, 300, 5000, 30_000),
    fc.constantFrom("", "x", "\n", "1"),
  )
  .map(([unit, times, end]) => `${unit.repeat(Math.ceil(times / unit.length))}${end}`);

/** A JSON value, now and then odd: deep, long, or with keys of prototypes. */
export const oddJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, -0, 1e308, -1, 2 ** 53, "", [], {}, [[]], "\u0000") },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...PROTOTYPE_KEYS), fc.jsonValue({ maxDepth: 1 })) },
);
