import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadline } from "../src/deadline.ts";

const LATE = { name: "Fault", code: "late" };

/** A step that heeds no signal and never ends. */
const forever = () => Promise.withResolvers<never>().promise;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a promise comes to, so that it may fail before anybody looks. */
function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe("Deadline.within", () => {
  it("gives what the step gives, and leaves no timer behind", async () => {
    const deadline = new Deadline(10_000);
    expect(await deadline.within("a step", 1000, async () => "done")).toBe("done");
    expect(vi.getTimerCount()).toBe(1);
    deadline.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("throws what the step throws, at once or later, and leaves no timer behind", async () => {
    const deadline = new Deadline(10_000);
    const mistake = new RangeError("a mistake");
    const atOnce = () => {
      throw mistake;
    };
    await expect(deadline.within("a step", 1000, atOnce)).rejects.toBe(mistake);
    await expect(deadline.within("a step", 1000, () => Promise.reject(mistake))).rejects.toBe(mistake);
    deadline.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends a step that ignores its signal when its share is used up", async () => {
    const deadline = new Deadline(10_000);
    const outcome = outcomeOf(deadline.within("reading the rules", 1000, forever));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome).toMatchObject({ ...LATE, message: "reading the rules took more than 1000 ms" });
    expect(deadline.remainingMs()).toBe(9000);
  });

  it("ends a step when the whole is used up, however large its share", async () => {
    const deadline = new Deadline(500);
    const outcome = outcomeOf(deadline.within("reading the rules", 4000, forever));
    await vi.advanceTimersByTimeAsync(500);
    expect(await outcome).toMatchObject({
      ...LATE,
      message: "reading the rules was not done when the deadline passed",
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["its share", 10_000, 1000],
    ["the whole", 1000, 4000],
  ])("aborts the step's signal when %s is used up", async (_what, totalMs, shareMs) => {
    const deadline = new Deadline(totalMs);
    let signal: AbortSignal | undefined;
    const outcome = outcomeOf(
      deadline.within("a step", shareMs, (given) => {
        signal = given;
        return forever();
      }),
    );
    await vi.advanceTimersByTimeAsync(999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBe(await outcome);
  });

  it("lets other steps go on when one has used up its share", async () => {
    const deadline = new Deadline(10_000);
    const slow = outcomeOf(deadline.within("slow", 100, forever));
    const other = Promise.withResolvers<string>();
    const good = deadline.within("good", 1000, () => other.promise);
    await vi.advanceTimersByTimeAsync(200);
    other.resolve("done");
    expect(await good).toBe("done");
    expect(await slow).toMatchObject(LATE);
  });

  it("starts no step once the whole is used up", async () => {
    const deadline = new Deadline(100);
    await vi.advanceTimersByTimeAsync(100);
    const step = vi.fn(async () => "done");
    const fault = { ...LATE, message: "the deadline passed before reading the rules" };
    await expect(deadline.within("reading the rules", 1000, step)).rejects.toMatchObject(fault);
    expect(step).not.toHaveBeenCalled();
    expect(deadline.remainingMs()).toBe(0);
  });

  it("does not mind a step that fails after it was given up", async () => {
    const deadline = new Deadline(10_000);
    const step = Promise.withResolvers<never>();
    const outcome = outcomeOf(deadline.within("a step", 100, () => step.promise));
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcome).toMatchObject(LATE);
    step.reject(new Error("too late to matter"));
    await vi.advanceTimersByTimeAsync(0);
  });
});

describe("Deadline.pause", () => {
  it("waits when there is time for it", async () => {
    const deadline = new Deadline(1000);
    const paused = deadline.pause(400);
    await vi.advanceTimersByTimeAsync(400);
    expect(await paused).toBe(true);
    expect(deadline.elapsedMs()).toBe(400);
  });

  it.each([1000, 1001, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    "does not begin to wait %d ms of 1000",
    async (ms) => {
      const deadline = new Deadline(1000);
      expect(await deadline.pause(ms)).toBe(false);
      deadline.end();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("does not wait when nothing is left, not even for nothing", async () => {
    const deadline = new Deadline(100);
    await vi.advanceTimersByTimeAsync(100);
    expect(await deadline.pause(0)).toBe(false);
  });
});
