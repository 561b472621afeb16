import { TableClient } from "@azure/data-tables";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";
import { createTables } from "../../local/seed.ts";
import { TableFaults } from "../../local/table-faults.ts";
import { startTableProxy, type TableFault, type TableProxy } from "../../local/table-proxy.ts";

let azurite: Azurite;
let proxy: TableProxy;

beforeAll(async () => {
  azurite = await startAzurite();
  await createTables(azurite.connectionString);
  proxy = await startTableProxy({ target: azurite });
});
beforeEach(() => proxy.setFaults({ faults: [] }));
afterAll(async () => {
  await proxy?.close();
  await azurite?.stop();
});

const NO_RETRIES = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };

function table(name = "Routes", connectionString = proxy.connectionString): TableClient {
  return TableClient.fromConnectionString(connectionString, name, NO_RETRIES);
}

/** A row that is not there yet. */
function aRow(partitionKey = "all") {
  return { partitionKey, rowKey: crypto.randomUUID(), note: "x" };
}

/** Whether the row is there, asked past the proxy. */
async function exists({ partitionKey, rowKey }: { partitionKey: string; rowKey: string }): Promise<boolean> {
  const filter = `PartitionKey eq '${partitionKey.replaceAll("'", "''")}' and RowKey eq '${rowKey}'`;
  for await (const _ of table("Routes", azurite.connectionString).listEntities({ queryOptions: { filter } }))
    return true;
  return false;
}

function only(...faults: TableFault[]): void {
  proxy.setFaults({ faults });
}

describe("startTableProxy", () => {
  it("passes on what the client has signed: inserts, reads, filters, merges, batches, deletions", async () => {
    const row = aRow("+1 425'5550100 åß");
    await table().createEntity(row);
    expect(await table().getEntity(row.partitionKey, row.rowKey)).toMatchObject({ note: "x" });
    await table().updateEntity({ ...row, note: "y" }, "Merge");
    const { note: _, ...key } = row;
    await table().upsertEntity({ ...key, more: 1 }, "Merge");
    await table().submitTransaction([["upsert", { ...key, most: 2 }, "Merge"]]);
    expect(await table().getEntity(row.partitionKey, row.rowKey)).toMatchObject({ note: "y", more: 1, most: 2 });
    await table().deleteEntity(row.partitionKey, row.rowKey);
    expect(await exists(row)).toBe(false);
  });

  it("passes on all pages of a long list", async () => {
    const rows = Array.from({ length: 1001 }, (_, index) => ({ partitionKey: "long", rowKey: `r${index}` }));
    for (let from = 0; from < rows.length; from += 100) {
      await table("Lines").submitTransaction(rows.slice(from, from + 100).map((row) => ["create", row]));
    }
    const found = new Set<string | undefined>();
    for await (const { rowKey } of table("Lines").listEntities()) found.add(rowKey);
    expect(found.size).toBe(1001);
  });

  it("passes on what the service refuses", async () => {
    const row = aRow();
    await table().createEntity(row);
    await expect(table().createEntity(row)).rejects.toMatchObject({ statusCode: 409 });
    await expect(table().updateEntity(row, "Merge", { etag: 'W/"x"' })).rejects.toMatchObject({ statusCode: 412 });
    await expect(table().getEntity("all", "nothing")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("counts requests by table and method", async () => {
    const count = () => proxy.requests.get("Routes POST") ?? 0;
    const before = count();
    await table().createEntity(aRow());
    only({ kind: "busy" });
    await expect(table().createEntity(aRow())).rejects.toThrow();
    expect(count()).toBe(before + 2);
  });

  it("says that its port is taken", async () => {
    const port = Number(new URL(proxy.url).port);
    await expect(startTableProxy({ target: azurite, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("leaves nothing behind when it is closed, not even a request that hangs", async () => {
    const other = await startTableProxy({ target: azurite });
    other.setFaults({
      faults: [
        { kind: "hang", method: "POST" },
        { kind: "slow", method: "GET", latencyMs: 600_000 },
      ],
    });
    const routes = table("Routes", other.connectionString);
    const arrived = () => (other.requests.get("Routes POST") ?? 0) + (other.requests.get("Routes GET") ?? 0);
    const waiting = [routes.createEntity(aRow()), routes.getEntity("all", "a")].map((each) =>
      expect(each).rejects.toThrow(),
    );
    await expect.poll(arrived).toBe(2);
    await other.close();
    await other.close();
    await Promise.all(waiting);
  });

  it("breaks the connection when the service itself is not there", async () => {
    const orphan = await startTableProxy({
      target: { port: 1, connectionString: azurite.connectionString.replace(`:${azurite.port}`, ":1") },
    });
    onTestFinished(() => orphan.close());
    await expect(table("Routes", orphan.connectionString).createEntity(aRow())).rejects.toMatchObject({
      statusCode: undefined,
    });
  });
});

describe("the faults of a table", () => {
  it.each([
    { kind: "down", carriedOut: false },
    { kind: "reset-before", carriedOut: false },
    { kind: "reset-after", carriedOut: true },
    { kind: "reset-mid", carriedOut: true },
  ] as const)("breaks the connection on $kind", async ({ kind, carriedOut }) => {
    only({ kind, count: 1 });
    const row = aRow();
    await expect(table().createEntity(row)).rejects.toMatchObject({ code: expect.stringMatching(/RESET|REQUEST/) });
    expect(await exists(row)).toBe(carriedOut);
    await table().createEntity(aRow());
  });

  it("breaks off in the middle of an answer", async () => {
    await table().createEntity(aRow("broken"));
    only({ kind: "reset-mid", method: "GET" });
    await expect(table().listEntities().next()).rejects.toThrow();
  });

  it.each(["busy", "throttle"] as const)("answers 503 ServerBusy on %s, and carries nothing out", async (kind) => {
    only({ kind });
    const row = aRow();
    await expect(table().createEntity(row)).rejects.toMatchObject({
      statusCode: 503,
      details: { odataError: { code: "ServerBusy" } },
    });
    expect(await exists(row)).toBe(false);
  });

  it("never answers on hang, and lets the client go", async () => {
    only({ kind: "hang" });
    const abortSignal = AbortSignal.timeout(50);
    await expect(table().createEntity(aRow(), { abortSignal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("carries a slow request out after its wait", async () => {
    only({ kind: "slow", latencyMs: 20 });
    const row = aRow();
    await table().createEntity(row);
    expect(await exists(row)).toBe(true);
  });

  it("strikes the table, the method and the partition that are named, and no other", async () => {
    only({ kind: "busy", table: "Lines" }, { kind: "throttle", partition: "hot" }, { kind: "busy", method: "DELETE" });
    await expect(table("Lines").createEntity(aRow())).rejects.toMatchObject({ statusCode: 503 });
    await expect(table().createEntity(aRow("hot-1"))).rejects.toMatchObject({ statusCode: 503 });
    await expect(table().getEntity("hot-1", "a")).rejects.toMatchObject({ statusCode: 503 });
    const filter = "PartitionKey eq 'hot-1'";
    await expect(table().listEntities({ queryOptions: { filter } }).next()).rejects.toMatchObject({ statusCode: 503 });
    const batch = table().submitTransaction([["upsert", aRow("hot-1")]]);
    await expect(batch).rejects.toMatchObject({ statusCode: 503 });
    const row = aRow("cold");
    await table().createEntity(row);
    await expect(table().deleteEntity("cold", row.rowKey)).rejects.toMatchObject({ statusCode: 503 });
  });

  it("takes a hundred times as long at most where the tail is heavy, and never less than it says", () => {
    const slow = new TableFaults({ seed: 3, faults: [{ kind: "slow", latencyMs: 10, tail: "heavy" }] });
    const request = { method: "GET", table: "Routes", partition: "all" };
    const waits = Array.from({ length: 2000 }, () => slow.drawWaitMs(request));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    // Of a Pareto distribution of shape 1.2, one in sixteen is beyond tenfold.
    const far = waits.filter((waitMs) => waitMs > 100).length;
    expect(far).toBeGreaterThan(60);
    expect(far).toBeLessThan(250);
  });

  it("strikes so many times and no more", async () => {
    only({ kind: "busy", count: 2 });
    const tries = [];
    for (let index = 0; index < 4; index++) {
      tries.push(
        await table()
          .createEntity(aRow())
          .then(
            () => "done",
            () => "failed",
          ),
      );
    }
    expect(tries).toEqual(["failed", "failed", "done", "done"]);
  });

  it("strikes about as often as its rate says, and the same way again from the same seed", async () => {
    const draw = async () => {
      proxy.setFaults({ seed: 7, faults: [{ kind: "busy", rate: 0.5 }] });
      let struck = "";
      for (let index = 0; index < 40; index++) {
        struck += await table()
          .getEntity("all", "nothing")
          .catch((error) => (error.statusCode === 503 ? "x" : "-"));
      }
      return struck;
    };
    const first = await draw();
    expect(first.replaceAll("-", "").length).toBeGreaterThan(8);
    expect(first.replaceAll("-", "").length).toBeLessThan(32);
    expect(await draw()).toBe(first);
  });
});
