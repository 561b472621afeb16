import { describe, expect, it } from "vitest";
import { drawFirst, FaultList, isGraphFailure, latencyOf } from "../../local/graph-simulator/faults.ts";
import { seededRandom } from "../../local/graph-simulator/random.ts";

describe("FaultList", () => {
  it("strikes about as often as its rate says", () => {
    const list = new FaultList([{ kind: "503", rate: 0.25 }]);
    const random = seededRandom(1);
    const struck = Array.from({ length: 1000 }, () => list.draw(random, isGraphFailure)).filter(
      (each) => each !== null,
    );
    expect(struck.length).toBeGreaterThan(200);
    expect(struck.length).toBeLessThan(300);
  });

  it("never strikes at rate 0, nor once its count is used up", () => {
    const list = new FaultList([
      { kind: "500", rate: 0 },
      { kind: "503", count: 2 },
    ]);
    const draws = Array.from({ length: 4 }, () => list.draw(seededRandom(1), isGraphFailure)?.kind ?? null);
    expect(draws).toEqual(["503", "503", null, null]);
    expect(list.remaining()).toEqual([
      { kind: "500", rate: 0 },
      { kind: "503", count: 0 },
    ]);
  });

  it("passes over faults of another sort", () => {
    const list = new FaultList([{ kind: "missing-ended" }, { kind: "keys-503" }, { kind: "latency", latencyMs: 1 }]);
    expect(list.draw(seededRandom(1), isGraphFailure)).toBeNull();
  });
});

describe("drawFirst", () => {
  it("prefers the scope that is named first", () => {
    const lists = [new FaultList(), new FaultList([{ kind: "500" }]), new FaultList([{ kind: "503" }])];
    expect(drawFirst(lists, seededRandom(1), isGraphFailure)?.kind).toBe("500");
  });
});

describe("latencyOf", () => {
  it("is always the same without a tail", () => {
    expect(latencyOf({ kind: "latency", latencyMs: 40 }, seededRandom(1))).toBe(40);
  });

  it("is never below latencyMs nor above a hundredfold with a heavy tail, and seldom above tenfold", () => {
    const random = seededRandom(1);
    const waits = Array.from({ length: 1000 }, () =>
      latencyOf({ kind: "latency", latencyMs: 10, tail: "heavy" }, random),
    );
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    const long = waits.filter((wait) => wait > 100);
    expect(long.length).toBeGreaterThan(20);
    expect(long.length).toBeLessThan(120);
  });
});
