import fc from "fast-check";
import { expect, it } from "vitest";
import { Recent } from "../src/recent.ts";

const KEYS = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");

it("keeps the newest value of as many keys as a generation has, and of no more than two have", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(KEYS, { minLength: 1 }), (generation, keys) => {
      const recent = new Recent<number>(generation);
      /** Keys from the one that was set last, with their last values. */
      let last: { key: string; value: number }[] = [];
      for (const [value, key] of keys.entries()) {
        recent.set(key, value);
        last = [{ key, value }, ...last.filter((each) => each.key !== key)];
        for (const each of last.slice(0, generation)) expect(recent.get(each.key)).toBe(each.value);
        const kept = last.filter((each) => recent.get(each.key) !== undefined);
        expect(kept.length).toBeLessThanOrEqual(2 * generation);
        for (const each of kept) expect(recent.get(each.key)).toBe(each.value);
      }
    }),
  );
});
