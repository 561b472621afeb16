import { describe, expect, it } from "vitest";
import { RecentCalls } from "../src/recent-calls.ts";

describe("RecentCalls", () => {
  it("takes a call once, however its id is spelled", () => {
    const calls = new RecentCalls();
    expect(calls.take("491F0B00-FFFF-4BC9-A43E-B226498EC22A")).toBe(true);
    expect(calls.take("491f0b00-ffff-4bc9-a43e-b226498ec22a")).toBe(false);
    expect(calls.take("491F0B00FFFF4BC9A43EB226498EC22A")).toBe(false);
    expect(calls.take("481f0b00-ffff-4ca1-8c67-a5f1e31e8e82")).toBe(true);
  });

  it("takes a call again that was released", () => {
    const calls = new RecentCalls();
    calls.take("a");
    calls.take("b");
    calls.release("A");
    expect(calls.take("a")).toBe(true);
    expect(calls.take("b")).toBe(false);
  });

  it("knows the last five thousand calls, and forgets those before the last ten thousand", () => {
    const calls = new RecentCalls();
    for (let call = 0; call < 12_000; call++) {
      calls.take(`call-${call}`);
      if (call >= 5000) expect(calls.take(`call-${call - 4999}`)).toBe(false);
    }
    expect(calls.take("call-1999")).toBe(true);
  });
});
