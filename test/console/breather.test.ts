import { describe, expect, it } from "vitest";
import type { Steps } from "../../src/check/steps.ts";
import { Breather } from "../../src/console/breather.ts";

/** Works until the thread is next free, as the decisions of a heavy line do. */
async function workUntil(isOver: () => boolean, breather: Breather): Promise<void> {
  while (!isOver()) await breather.rest();
}

describe("Breather", () => {
  it("lets others have their turn while long work goes on", async () => {
    let wasHeard = false;
    setImmediate(() => {
      wasHeard = true;
    });
    await workUntil(() => wasHeard, new Breather(new AbortController().signal));
    expect(wasHeard).toBe(true);
  });

  it("does work in steps to its end and gives its result, others having their turn between two of them", async () => {
    const heard: string[] = [];
    setImmediate(() => heard.push("somebody else"));
    const steps = function* (): Steps<number> {
      let count = 0;
      for (; heard.length === 0; count++) yield;
      heard.push("the work");
      return count;
    };
    expect(await new Breather(new AbortController().signal).through(steps())).toBeGreaterThan(0);
    expect(heard).toEqual(["somebody else", "the work"]);
  });

  it("ends the work when nobody waits for it any more", async () => {
    const gone = new AbortController();
    setImmediate(() => gone.abort());
    await expect(workUntil(() => false, new Breather(gone.signal))).rejects.toMatchObject({ status: 503 });
  });
});
