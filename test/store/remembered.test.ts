import { describe, expect, it } from "vitest";
import { Fault } from "../../src/errors.ts";
import { Memory, type MemoryOptions } from "../../src/store/remembered.ts";

/** A memory whose clock and reads are in the test's hand. Values are fresh for 5 s. */
function aMemory(options: Partial<MemoryOptions<string>> = {}) {
  const reads: (PromiseWithResolvers<string> & { readonly key: string })[] = [];
  const clock = { nowMs: 0 };
  const memory = new Memory<string>({
    read(key) {
      const read = { key, ...Promise.withResolvers<string>() };
      reads.push(read);
      return read.promise;
    },
    sizeOf: () => 0,
    freshMs: 5000,
    patienceMs: { first: 60_000, again: 60_000 },
    most: 100,
    now: () => clock.nowMs,
    ...options,
  });
  /** The last read that was begun. */
  const read = () => {
    const last = reads.at(-1);
    if (last === undefined) throw new Error("nothing was read");
    return last;
  };
  /** Gets a key, and lets the read that this begins succeed. */
  const learn = async (key: string, value: string) => {
    const got = memory.get(key);
    read().resolve(value);
    return await got;
  };
  /** Gets a key, and lets the read that this begins fail. */
  const fail = async (key: string, error: unknown) => {
    const got = memory.get(key);
    read().reject(error);
    return await got;
  };
  return { memory, clock, reads, read, learn, fail };
}

const DOWN = new Fault("tables-unavailable", "table Routes answered 503");

describe("Memory.get", () => {
  it("reads what it has not got", async () => {
    const { learn, read } = aMemory();
    expect(await learn("default", "rows")).toEqual({ value: "rows", ageMs: 0 });
    expect(read().key).toBe("default");
  });

  it("gives a fresh value without a read, and says how old it is", async () => {
    const { memory, clock, learn, reads } = aMemory();
    await learn("default", "rows");
    clock.nowMs = 4999;
    expect(await memory.get("default")).toEqual({ value: "rows", ageMs: 4999 });
    expect(reads).toHaveLength(1);
  });

  it("keeps keys apart", async () => {
    const { memory, learn } = aMemory();
    await learn("all", "rows of all");
    await learn("default", "rows of default");
    expect((await memory.get("all")).value).toBe("rows of all");
  });

  it("counts an edit once freshness is over", async () => {
    const { clock, learn } = aMemory();
    await learn("default", "old");
    clock.nowMs = 5000;
    expect(await learn("default", "edited")).toEqual({ value: "edited", ageMs: 0 });
  });

  it("counts age from when a read began: an edit made meanwhile is not in it", async () => {
    const { memory, clock, learn, read } = aMemory();
    const slow = memory.get("default");
    clock.nowMs = 3000;
    read().resolve("old");
    await slow;
    clock.nowMs = 4999;
    expect(await memory.get("default")).toEqual({ value: "old", ageMs: 4999 });
    clock.nowMs = 5000;
    expect((await learn("default", "edited")).value).toBe("edited");
  });

  it("reads every time when nothing counts as fresh", async () => {
    const { learn, reads } = aMemory({ freshMs: 0 });
    expect((await learn("default", "one")).value).toBe("one");
    expect((await learn("default", "two")).value).toBe("two");
    expect(reads).toHaveLength(2);
  });

  it("reads once however many wait", async () => {
    const { memory, reads, read } = aMemory();
    const waiting = Array.from({ length: 50 }, () => memory.get("default"));
    read().resolve("rows");
    expect(new Set((await Promise.all(waiting)).map(({ value }) => value))).toEqual(new Set(["rows"]));
    expect(reads).toHaveLength(1);
  });

  it("lets all who wait know that the read failed, and reads anew for the next", async () => {
    const { memory, learn, read, reads } = aMemory();
    const waiting = [memory.get("default"), memory.get("default")];
    read().reject(DOWN);
    const settled = await Promise.allSettled(waiting);
    expect(settled).toEqual([
      { status: "rejected", reason: DOWN },
      { status: "rejected", reason: DOWN },
    ]);
    expect((await learn("default", "rows")).value).toBe("rows");
    expect(reads).toHaveLength(2);
  });

  it.each([5000, 600_000, 30 * 24 * 3_600_000])(
    "gives the old value after %d ms when it cannot be read, with the reason",
    async (ageMs) => {
      const { clock, learn, fail } = aMemory();
      await learn("default", "rows");
      clock.nowMs = ageMs;
      expect(await fail("default", DOWN)).toEqual({ value: "rows", ageMs, fault: DOWN });
    },
  );

  it("throws what the read throws when nothing is remembered", async () => {
    const { fail } = aMemory();
    await expect(fail("default", DOWN)).rejects.toBe(DOWN);
  });

  it("asks again no sooner than a second after a failure", async () => {
    const { memory, clock, learn, fail, reads } = aMemory();
    await learn("default", "rows");
    clock.nowMs = 10_000;
    await fail("default", DOWN);
    clock.nowMs = 10_999;
    expect(await memory.get("default")).toEqual({ value: "rows", ageMs: 10_999, fault: DOWN });
    expect(reads).toHaveLength(2);
    clock.nowMs = 11_000;
    expect(await learn("default", "edited")).toEqual({ value: "edited", ageMs: 0 });
  });

  it("does not wait a second when nothing is remembered", async () => {
    const { fail, learn } = aMemory();
    await expect(fail("default", DOWN)).rejects.toBe(DOWN);
    expect((await learn("default", "rows")).value).toBe("rows");
  });

  it("forgets the failure once a read succeeds", async () => {
    const { memory, clock, learn, fail } = aMemory({ freshMs: 100 });
    await learn("default", "rows");
    clock.nowMs = 1000;
    await fail("default", DOWN);
    clock.nowMs = 2000;
    await learn("default", "edited");
    clock.nowMs = 2099;
    expect(await memory.get("default")).toEqual({ value: "edited", ageMs: 99 });
  });

  it("forgets the key that was unused the longest when there are too many", async () => {
    const { memory, learn, fail, reads } = aMemory({ most: 2 });
    await learn("a", "rows of a");
    await learn("b", "rows of b");
    await memory.get("a");
    await learn("c", "rows of c");
    expect([(await memory.get("a")).value, (await memory.get("c")).value]).toEqual(["rows of a", "rows of c"]);
    expect(reads).toHaveLength(3);
    await expect(fail("b", DOWN)).rejects.toBe(DOWN);
  });

  it("counts the rows that a key holds, and keeps a key that alone is too many", async () => {
    const { memory, learn } = aMemory({ most: 10, sizeOf: (rows) => rows.length });
    await learn("a", "1234");
    await learn("b", "1234");
    expect(memory.size).toBe(10);
    await learn("c", "1");
    expect(memory.size).toBe(7);
    await learn("huge", "12345678901234567890");
    expect(memory.size).toBe(21);
    expect((await memory.get("huge")).ageMs).toBe(0);
  });

  it("waits no longer than its patience, even for a read that ignores the signal", async () => {
    const { memory } = aMemory({ patienceMs: { first: 5, again: 60_000 } });
    await expect(memory.get("default")).rejects.toMatchObject({ name: "Fault", code: "late" });
  });

  it("gives the old value once its patience with a read that hangs is over", async () => {
    const { memory, clock, learn } = aMemory({ patienceMs: { first: 60_000, again: 5 } });
    await learn("default", "rows");
    clock.nowMs = 12_000;
    expect(await memory.get("default")).toMatchObject({ value: "rows", ageMs: 12_000, fault: { code: "late" } });
  });
});
