import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { CallsAnswer } from "../../src/console/api/calls.ts";
import { callKey, hourOf } from "../../src/store/call-rows.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole, WEDNESDAY } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

async function logCall(cells: Readonly<Record<string, string | number>>): Promise<void> {
  const callId = randomUUID();
  const receivedAt = new Date(WEDNESDAY - 600_000);
  const call = { callId, receivedAt, line: LINE, caller: "+14255550142", ...cells };
  await azurite().tables.Calls.createEntity({ ...callKey(callId, hourOf(receivedAt)), ...call });
}

describe("GET /api/calls", () => {
  beforeAll(async () => {
    await fill(azurite().tables, { Lines: { [`line/${LINE}`]: { name: "Support" } } });
    for (const elapsedMs of [10, 20, 90]) await logCall({ status: "redirected", outcome: "answered", elapsedMs });
    await logCall({ status: "rejected", action: "reject busy" });
    await logCall({ status: "failed", failure: "Graph could not be reached" });
    await logCall({ status: "redirected", outcome: "no answer", elapsedMs: 30, rule: `override/${LINE}` });
  });

  it("says how many were answered, rejected and failed, and how long redirects took, as ringroute calls does", async () => {
    const { summary } = await page().get<CallsAnswer>("calls");
    expect(summary).toEqual({
      count: 6,
      says: [
        "6 calls: 3 answered, 1 no answer, 1 failed, 1 rejected.",
        "4 redirected: 20 ms median, 90 ms 95th percentile. Fallbacks used: 0.",
      ],
      redirectTimes: { count: 4, medianMs: 20, p95Ms: 90 },
    });
  });

  it("says so where there are none", async () => {
    const { summary } = await page().get<CallsAnswer>("calls?since=1m");
    expect(summary).toEqual({ count: 0, says: ["No calls."] });
  });

  it("names the override of a line by the line", async () => {
    const { calls } = await page().get<CallsAnswer>("calls?outcome=no-answer");
    expect(calls.map(({ rule, line }) => ({ rule, line }))).toEqual([{ rule: "override/Support", line: "Support" }]);
  });
});
