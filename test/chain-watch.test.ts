import { describe, expect, it } from "vitest";
import { ChainWatch } from "../src/chain-watch.ts";

function watchAt() {
  const clock = { ms: 0 };
  return { clock, watch: new ChainWatch(() => clock.ms) };
}

describe("ChainWatch", () => {
  it("says that a chain goes round at its third call within a minute", () => {
    const { clock, watch } = watchAt();
    expect(watch.goesRound("chain")).toBe(false);
    clock.ms = 20_000;
    expect(watch.goesRound("chain")).toBe(false);
    clock.ms = 59_999;
    expect(watch.goesRound("chain")).toBe(true);
  });

  it("forgets calls that are a minute old", () => {
    const { clock, watch } = watchAt();
    watch.goesRound("chain");
    watch.goesRound("chain");
    clock.ms = 60_000;
    expect(watch.goesRound("chain")).toBe(false);
  });

  it("tells chains apart, and never suspects a call without one", () => {
    const { watch } = watchAt();
    for (const chain of ["a", "b", "a", "b"]) expect(watch.goesRound(chain)).toBe(false);
    for (let call = 0; call < 5; call++) expect(watch.goesRound(undefined)).toBe(false);
  });
});
