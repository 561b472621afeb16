import { describe, expect, it } from "vitest";
import { ChainWatch } from "../src/chain-watch.ts";

function watchAt() {
  const clock = { ms: 0 };
  return { clock, watch: new ChainWatch(() => clock.ms) };
}

describe("ChainWatch", () => {
  it("says that a chain goes round at its third call within a minute", () => {
    const { clock, watch } = watchAt();
    expect(watch.goesRound("chain", "a")).toBe(false);
    clock.ms = 20_000;
    expect(watch.goesRound("chain", "b")).toBe(false);
    clock.ms = 59_999;
    expect(watch.goesRound("chain", "c")).toBe(true);
  });

  it("counts a call once, however often it is delivered", () => {
    const { watch } = watchAt();
    for (let delivery = 0; delivery < 5; delivery++) expect(watch.goesRound("chain", "a")).toBe(false);
  });

  it("forgets calls that are a minute old", () => {
    const { clock, watch } = watchAt();
    watch.goesRound("chain", "a");
    watch.goesRound("chain", "b");
    clock.ms = 60_000;
    expect(watch.goesRound("chain", "c")).toBe(false);
  });

  it("does not lose a chain that is heard of again and again to thousands of others", () => {
    const { watch } = watchAt();
    for (let call = 0; call < 3; call++) {
      expect(watch.goesRound("chain", `call-${call}`)).toBe(call === 2);
      for (let other = 0; other < 4999; other++) watch.goesRound(crypto.randomUUID(), crypto.randomUUID());
    }
  });

  it("tells chains apart, and never suspects a call without one", () => {
    const { watch } = watchAt();
    for (const chain of ["a", "b", "a", "b"]) expect(watch.goesRound(chain, crypto.randomUUID())).toBe(false);
    for (let call = 0; call < 5; call++) expect(watch.goesRound(undefined, crypto.randomUUID())).toBe(false);
  });
});
