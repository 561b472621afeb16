import type { TransactionAction } from "@azure/data-tables";
import { beforeEach, describe, expect, it } from "vitest";
import { pruneCalls } from "../../src/store/call-pruning.ts";
import { callKey, hourOf } from "../../src/store/call-rows.ts";
import { useAzurite } from "../support/azurite.ts";

const azurite = useAzurite();
const NOW = new Date("2026-11-25T15:17:00Z");
const HOUR_MS = 3_600_000;
const DAYS_30 = 30;

/** Puts a call's row some hours ago. @returns its id */
async function aCall(hoursAgo: number, cells: Record<string, unknown> = {}): Promise<string> {
  const callId = crypto.randomUUID();
  const key = callKey(callId, hourOf(new Date(NOW.getTime() - hoursAgo * HOUR_MS)));
  await azurite().tables.Calls.createEntity({ ...key, callId, status: "redirected", ...cells });
  return callId;
}

async function rows(): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  for await (const row of azurite().tables.Calls.listEntities<Record<string, unknown>>())
    found.set(String(row.rowKey), row);
  return found;
}

const prune = () => pruneCalls(azurite().tables.Calls, DAYS_30, NOW, new AbortController().signal);

describe("pruneCalls", () => {
  beforeEach(async () => {
    for (const { partitionKey, rowKey } of (await rows()).values()) {
      await azurite().tables.Calls.deleteEntity(String(partitionKey), String(rowKey));
    }
  });

  it("deletes calls that are older than the retention, and keeps the others and the rotations", async () => {
    const old = await Promise.all([aCall(30 * 24 + 1), aCall(400 * 24)]);
    const young = await aCall(30 * 24 - 1, { outcome: "answered" });
    await azurite().tables.Calls.createEntity({ partitionKey: "rotation-default", rowKey: "team", turn: 7 });
    expect((await prune()).deleted).toBe(2);
    expect([...(await rows()).keys()].sort()).toEqual([young, "team"].sort());
    expect(old).toHaveLength(2);
  });

  it("deletes more rows of one partition than a transaction holds", async () => {
    const actions = Array.from({ length: 230 }, (_, index): TransactionAction => {
      return ["create", { partitionKey: "2026-01-01T00-0", rowKey: `call-${index}` }];
    });
    for (let start = 0; start < actions.length; start += 100) {
      await azurite().tables.Calls.submitTransaction(actions.slice(start, start + 100));
    }
    expect((await prune()).deleted).toBe(230);
    expect((await rows()).size).toBe(0);
  });

  it("closes calls whose end never came, a day after they began", async () => {
    const [lost, unclaimed, recent] = [await aCall(25), await aCall(26, { status: "claimed" }), await aCall(23)];
    const answered = await aCall(25, { outcome: "answered", endedAt: NOW });
    const guard = await aCall(25, { status: "guard" });
    expect((await prune()).closed).toBe(2);
    const outcomes = Object.fromEntries([...(await rows())].map(([id, { outcome }]) => [id, outcome]));
    expect(outcomes).toEqual({
      [lost]: "unknown",
      [unclaimed]: "unknown",
      [recent]: undefined,
      [answered]: "answered",
      [guard]: undefined,
    });
    expect((await prune()).closed).toBe(0);
  });

  it("does nothing once it is told to stop", async () => {
    const id = await aCall(400 * 24);
    await expect(pruneCalls(azurite().tables.Calls, DAYS_30, NOW, AbortSignal.abort())).rejects.toMatchObject({
      code: "late",
    });
    expect([...(await rows()).keys()]).toEqual([id]);
  });
});
