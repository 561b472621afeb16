import { beforeAll, expect, it } from "vitest";
import { ACCOUNT, ALICE, BOB, CONTOSO, useStack } from "../support/stack.ts";

const stack = useStack({ ROUTES_CACHE_SECONDS: "3600" }, { tableProxy: true });

/** A line that nobody calls before its test. */
const QUIET_LINE = BOB;

beforeAll(async () => {
  await stack().addRow("Routes", "default", "desk", { targets: `user:${ALICE}`, caller: "list:vip, *" });
});

function callOf(number: string, line = ACCOUNT) {
  return {
    caller: { phone: { id: number } },
    called: { applicationInstance: { id: line, tenantId: CONTOSO } },
    faults: [{ kind: "missing-ended" as const }],
  };
}

/** Requests to the tables since the counts were taken, by table and method. */
function requestsSince(before: ReadonlyMap<string, number>): Record<string, number> {
  const counts = [...stack().tableProxy.requests].map(
    ([name, count]) => [name, count - (before.get(name) ?? 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Requests to the tables and to Graph that one call takes, its end left out. */
async function costOf(number: string): Promise<{ tables: number; graph: number }> {
  const before = new Map(stack().tableProxy.requests);
  const { id } = await stack().simulator.placeCall(callOf(number));
  const tables = Object.values(requestsSince(before)).reduce((sum, count) => sum + count, 0);
  return { tables, graph: stack().requestsFor(id).length };
}

/** In the first minute of an hour a call leaves one more row: a guard in the hour before. */
function guards(): number {
  return new Date().getUTCMinutes() === 0 ? 1 : 0;
}

it("takes few requests of a call, and one read of the caller's lists however long they are", async () => {
  const cold = await costOf("+14255550142");
  expect(cold.tables).toBeLessThanOrEqual(8 + guards());
  expect(cold.graph).toBe(1);
  const warm = await costOf("+14255550143");
  expect(warm.tables).toBeLessThanOrEqual(3 + guards());
  expect(warm.graph).toBe(1);
  expect(stack().tableProxy.requests.get("CallerLists GET")).toBe(2);
});

it("reads a line and its rules once when twenty callers ring it at the same time, and each caller's lists once", async () => {
  const before = new Map(stack().tableProxy.requests);
  const numbers = Array.from({ length: 20 }, (_, index) => `+142555501${10 + index}`);
  await Promise.all(numbers.map((number) => stack().simulator.placeCall(callOf(number, QUIET_LINE))));
  const requests = requestsSince(before);
  expect(requests["Lines GET"]).toBe(1);
  // The rules of all lines, overrides and default are remembered from before.
  expect(requests["Routes GET"]).toBe(1);
  expect(requests["CallerLists GET"]).toBe(20);
});

it("writes the claim alone before Graph is told, and the record alone after", async () => {
  const before = new Map(stack().tableProxy.requests);
  const id = crypto.randomUUID();
  const faults = [...callOf("").faults, { kind: "latency" as const, latencyMs: 300 }];
  const placed = stack().simulator.placeCall({ ...callOf("+14255550144"), callId: id, faults });
  // Graph has the redirect by now and keeps its answer back.
  await stack().simulator.waitFor(id, ({ requests }) => requests.length === 1);
  const { "CallerLists GET": _, ...early } = requestsSince(before);
  expect(early).toEqual({ "Calls POST": 1 + guards() });
  await placed;
  const { "Calls PATCH": records, ...others } = requestsSince(before);
  expect(records).toBe(1);
  expect(others).toEqual({ "Calls POST": 1 + guards(), "CallerLists GET": 1 });
});
