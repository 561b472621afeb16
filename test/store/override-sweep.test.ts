import { describe, expect, it } from "vitest";
import { type SweptOverride, sweepOverrides } from "../../src/store/override-sweep.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";

const azurite = useAzurite();
const NOW = new Date("2026-12-03T12:00:00Z");

async function add(rowKey: string, cells: Record<string, string>, partitionKey = "override"): Promise<void> {
  await azurite().tables.Routes.upsertEntity(
    { partitionKey, rowKey, targets: `user:${IDS.adele}`, ...cells },
    "Replace",
  );
}

async function sweep(signal: AbortSignal = AbortSignal.timeout(30_000)): Promise<SweptOverride[]> {
  const swept: SweptOverride[] = [];
  await sweepOverrides(azurite().tables, undefined, NOW, signal, (override) => swept.push(override));
  return swept;
}

async function left(): Promise<string[]> {
  const keys: string[] = [];
  for await (const row of azurite().tables.Routes.listEntities()) keys.push(`${row.partitionKey}/${row.rowKey}`);
  return keys.sort();
}

describe("sweepOverrides", () => {
  it("removes overrides that lapsed more than a day ago, and nothing else", async () => {
    await add("site:Denver", { until: "2026-12-02T05:00-07:00" });
    await add("all", { until: "2026-12-02T05:00:01-07:00" });
    await add("site:Boise", { until: "2027-01-01T00:00Z" });
    await add("site:Salem", {});
    await add("site:Reno", { until: "2020-01-01T00:00Z", targets: "bob" });
    await add("xmas", { until: "2020-01-01T00:00Z" }, "default");
    expect(await sweep()).toEqual([{ scope: "site:Denver", until: new Date("2026-12-02T12:00:00Z") }]);
    expect(await left()).toEqual([
      "default/xmas",
      "override/all",
      "override/site:Boise",
      "override/site:Reno",
      "override/site:Salem",
    ]);
    expect(await sweep()).toEqual([]);
  });

  it("does nothing once it is told to stop", async () => {
    await add("site:Denver", { until: "2026-12-01T00:00Z" });
    await expect(sweep(AbortSignal.abort())).rejects.toMatchObject({ code: "late" });
    expect(await left()).toContain("override/site:Denver");
  });
});
