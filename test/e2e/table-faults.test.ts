import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TableFault } from "../../local/table-proxy.ts";
import { incomingBody, ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";

const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const OWN = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";

// Nobody rings but by a row: there is no FALLBACK_TARGET.
const stack = useStack({}, { tableProxy: true });

/** All that break a request, rather than keep it waiting. */
const BREAKING = ["down", "busy", "throttle", "reset-before", "reset-after", "reset-mid"] as const;

function faults(...each: TableFault[]): void {
  stack().tableProxy.setFaults({ faults: each });
}

/** A line with a rule of its own. */
async function aLine(): Promise<string> {
  const line = crypto.randomUUID();
  await stack().addRow("Routes", line, "own", { targets: `user:${OWN}` });
  return line;
}

const logged = (event: string, callId: string) =>
  stack()
    .logged(event)
    .filter((line) => line.callId === callId);

beforeAll(async () => {
  await stack().addRow("Routes", "default", "desk", { targets: `user:${DESK}` });
});
beforeEach(() => faults());

describe("a claim", () => {
  it.each(BREAKING)("that meets %s once is made all the same, and the call rings once", async (kind) => {
    const line = await aLine();
    faults({ kind, table: "Calls", method: "POST", count: 1 });
    const { id, status, rang, taken } = await ring(stack(), line);
    expect({ status, rang, taken }).toEqual({ status: 202, rang: OWN, taken: 1 });
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "redirected", outcome: "answered" }]);
    expect(logged("claim_unproven", id)).toEqual([]);
  });

  it.each(BREAKING)("that meets nothing but %s does not keep the call from ringing, once", async (kind) => {
    const line = await aLine();
    faults({ kind, table: "Calls", method: "POST" });
    const { id, status, rang, taken } = await ring(stack(), line, { faults: [{ kind: "duplicate-concurrent" }] });
    expect({ status, rang, taken }).toEqual({ status: 202, rang: OWN, taken: 1 });
    expect(await stack().recordsOf(id)).toHaveLength(1);
  });

  it("that could not be made is not made by a repeated post, when the record could not be written either", async () => {
    const line = await aLine();
    const callId = crypto.randomUUID();
    faults({ kind: "busy", table: "Calls" });
    expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
    faults();
    expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
    expect(stack().requestsFor(callId)).toHaveLength(1);
  });
});

describe("the record", () => {
  it.each(BREAKING)("is whole when writing it meets %s once", async (kind) => {
    const line = await aLine();
    faults({ kind, table: "Calls", method: "PATCH", count: 1 });
    const { id, status, taken } = await ring(stack(), line);
    expect({ status, taken }).toEqual({ status: 202, taken: 1 });
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "redirected", rule: `${line}/own`, line }]);
    expect(logged("record_failed", id)).toEqual([]);
  });

  it.each(BREAKING)("costs the caller nothing when writing it meets nothing but %s", async (kind) => {
    const line = await aLine();
    const callId = crypto.randomUUID();
    faults({ kind, table: "Calls", method: "PATCH" });
    expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
    expect(logged("record_failed", callId)).toHaveLength(1);
    faults();
    expect((await stack().post(incomingBody(callId, line))).status).toBe(202);
    expect(stack().requestsFor(callId)).toHaveLength(1);
  });
});

describe("the rows", () => {
  it.each(BREAKING)("of a line that was never called before decide when reading them meets %s once", async (kind) => {
    const line = await aLine();
    faults({ kind, table: "Routes", partition: line, count: 1 });
    expect(await ring(stack(), line)).toMatchObject({ status: 202, rang: OWN, taken: 1 });
  });

  it.each(BREAKING)("that are remembered decide while Routes meets %s", async (kind) => {
    const line = await aLine();
    await ring(stack(), line);
    faults({ kind, table: "Routes" });
    expect(await ring(stack(), line)).toMatchObject({ status: 202, rang: OWN, taken: 1 });
    expect(stack().logged("rows_stale").at(-1)?.reason).toMatch(/Routes .* s old/);
  });

  it("that are throttled on one line cost no other line", async () => {
    const [throttled, other] = [await aLine(), await aLine()];
    faults({ kind: "throttle", partition: throttled });
    const [one, two] = await Promise.all([ring(stack(), throttled), ring(stack(), other)]);
    expect([one.rang, two.rang]).toEqual([DESK, OWN]);
    expect([one.taken, two.taken]).toEqual([1, 1]);
    faults();
    expect((await ring(stack(), throttled)).rang).toBe(OWN);
  });

  it.each([{ latencyMs: 40 }, { latencyMs: 5, tail: "heavy" }] as const)(
    "that come slowly (%o) still decide, a call at a time and many at once",
    async (slow) => {
      const lines = await Promise.all(Array.from({ length: 8 }, aLine));
      faults({ kind: "slow", ...slow });
      const rung = await Promise.all(lines.map((line) => ring(stack(), line)));
      expect(rung.map(({ status, rang, taken }) => ({ status, rang, taken }))).toEqual(
        lines.map(() => ({ status: 202, rang: OWN, taken: 1 })),
      );
    },
  );
});

describe("everything at once", () => {
  it.each([1, 2, 3])(
    "rings each of many calls once, whatever breaks and however often it is posted (%i)",
    async (seed) => {
      const lines = await Promise.all(Array.from({ length: 12 }, aLine));
      await Promise.all(lines.map((line) => ring(stack(), line)));
      const kinds = ["busy", "reset-before", "reset-after", "reset-mid"] as const;
      stack().tableProxy.setFaults({ seed, faults: kinds.map((kind) => ({ kind, rate: 0.12 })) });
      const rung = await Promise.all(
        lines.map((line) => ring(stack(), line, { faults: [{ kind: "duplicate-concurrent" }] })),
      );
      expect(rung.map(({ status, rang, taken }) => ({ status, rang, taken }))).toEqual(
        lines.map(() => ({ status: 202, rang: OWN, taken: 1 })),
      );
    },
  );
});
