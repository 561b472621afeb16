import { describe, expect, it } from "vitest";
import { Kept } from "../../src/console/kept.ts";
import { ordinaryCallerFor } from "../../src/console/ordinary-caller.ts";
import { Tickets } from "../../src/console/tickets.ts";
import { readRule } from "../../src/store/rule-rows.ts";
import { aRoute } from "../support/rows.ts";

function aKept(read: () => Promise<number>) {
  const clock = { nowMs: 0 };
  return { clock, kept: new Kept({ read, freshMs: 5000, patienceMs: 0, now: () => clock.nowMs }) };
}

describe("Kept", () => {
  it("reads once for all who ask at the same time, and not again while that is fresh", async () => {
    let reads = 0;
    const { clock, kept } = aKept(async () => ++reads);
    const values = (await Promise.all([kept.get(), kept.get(), kept.get()])).map(({ value }) => value);
    clock.nowMs = 4999;
    expect([...values, (await kept.get()).value]).toEqual([1, 1, 1, 1]);
  });

  it("gives the last value at once when the next reading takes longer than anybody waits", async () => {
    const slow = Promise.withResolvers<number>();
    const readings = [Promise.resolve(1), slow.promise];
    const { clock, kept } = aKept(async () => await (readings.shift() ?? Promise.reject(new Error("read too often"))));
    await kept.get();
    clock.nowMs = 5000;
    expect(await kept.get()).toEqual({ value: 1, readAtMs: 0 });
    slow.resolve(2);
    await slow.promise;
    await expect.poll(() => kept.last).toEqual({ value: 2, readAtMs: 5000 });
  });

  it("says how long the tables have not answered, once that is more than a moment", async () => {
    const hanging = Promise.withResolvers<number>();
    const readings = [Promise.resolve(1), hanging.promise];
    const { clock, kept } = aKept(async () => await (readings.shift() ?? Promise.reject(new Error("read too often"))));
    await kept.get();
    clock.nowMs = 60_000;
    expect(await kept.get()).toEqual({ value: 1, readAtMs: 0 });
    clock.nowMs = 67_000;
    expect(await kept.get()).toEqual({ value: 1, readAtMs: 0, trouble: "the tables have not answered for 7 s" });
    hanging.resolve(2);
    await expect.poll(() => kept.last).toEqual({ value: 2, readAtMs: 60_000 });
  });

  it("keeps the last value with the reason when a reading fails, and throws only when there never was one", async () => {
    const results = [new Error("down"), 1, new Error("down again"), 2];
    const { clock, kept } = aKept(async () => {
      const next = results.shift();
      if (typeof next !== "number") throw next;
      return next;
    });
    await expect(kept.get()).rejects.toThrow("down");
    await kept.get();
    await kept.renew();
    expect(kept.last).toEqual({ value: 1, readAtMs: 0, trouble: "down again" });
    clock.nowMs = 7;
    await kept.renew();
    expect(kept.last).toEqual({ value: 2, readAtMs: 7 });
  });

  it("reads anew when the machine's clock was set back", async () => {
    let reads = 0;
    const { clock, kept } = aKept(async () => ++reads);
    clock.nowMs = 3_600_000;
    await kept.get();
    clock.nowMs = 0;
    await kept.get();
    await expect.poll(() => kept.last?.value).toBe(2);
  });
});

describe("Tickets", () => {
  it("serve once, and the oldest of too many no longer", () => {
    const tickets = new Tickets<number>(() => 0);
    const ids = Array.from({ length: 51 }, (_, number) => tickets.issue(number));
    const [first = "", second = ""] = ids;
    expect(() => tickets.take(first)).toThrow("review it once more");
    expect(tickets.take(second)).toBe(1);
    expect(() => tickets.take(second)).toThrow("review it once more");
    expect(() => tickets.take("guessed")).toThrow("review it once more");
  });
});

describe("ordinaryCallerFor", () => {
  const rulesFor = (...callers: readonly string[]) =>
    callers.flatMap((caller) => readRule(aRoute({ caller }), "US").value ?? []);

  it("is a number of the region that no rule names, by itself or by a prefix", () => {
    const plain = ordinaryCallerFor([], "US");
    expect(plain).toMatch(/^\+1\d{10}$/);
    expect(ordinaryCallerFor([], "DE")).toMatch(/^\+49/);
    const others = ordinaryCallerFor(rulesFor(plain, `${plain.slice(0, -1)}*`), "US");
    expect(others).toMatch(/^\+1\d{10}$/);
    expect(others.startsWith(plain.slice(0, -1))).toBe(false);
  });

  it("is also there when a rule names the whole region", () => {
    expect(ordinaryCallerFor(rulesFor("+1*"), "US")).toMatch(/^\+1\d{10}$/);
  });
});
