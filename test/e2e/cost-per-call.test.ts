import { beforeAll, expect, it } from "vitest";
import { ACCOUNT, ALICE, CONTOSO, useStack } from "../support/stack.ts";

const stack = useStack({ ROUTES_CACHE_SECONDS: "3600" }, { tableProxy: true });

beforeAll(async () => {
  await stack().addRow("Routes", "default", "desk", { targets: `user:${ALICE}`, caller: "list:vip, *" });
});

/** Requests to the tables and to Graph that one call takes, its end left out. */
async function costOf(number: string): Promise<{ tables: number; graph: number }> {
  const before = tableRequests();
  const { id } = await stack().simulator.placeCall({
    caller: { phone: { id: number } },
    called: { applicationInstance: { id: ACCOUNT, tenantId: CONTOSO } },
    faults: [{ kind: "missing-ended" }],
  });
  return { tables: tableRequests() - before, graph: stack().requestsFor(id).length };
}

function tableRequests(): number {
  return [...stack().tableProxy.requests.values()].reduce((sum, count) => sum + count, 0);
}

it("takes few requests of a call, and one read of the caller's lists however long they are", async () => {
  // In the first minute of an hour one more is a guard in the hour before.
  const guards = new Date().getUTCMinutes() === 0 ? 1 : 0;
  const cold = await costOf("+14255550142");
  expect(cold.tables).toBeLessThanOrEqual(8 + guards);
  expect(cold.graph).toBe(1);
  const warm = await costOf("+14255550143");
  expect(warm.tables).toBeLessThanOrEqual(3 + guards);
  expect(warm.graph).toBe(1);
  expect(stack().tableProxy.requests.get("CallerLists GET")).toBe(2);
});
