import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { openLeanTables } from "../../src/store/lean-pipeline.ts";
import { LeanWrites } from "../../src/store/lean-writes.ts";
import { aTableService } from "./stub-service.ts";

const ROW = { partitionKey: "2026-11-25T15-a", rowKey: "9f", status: "claimed", receivedAt: new Date(0) };
const NOBODY = { getToken: () => Promise.reject(new Error("nobody is signed in")) };
const ALWAYS = new AbortController().signal;

/** Headers and addresses of the requests that a write comes to. */
async function requestsOf(write: (writes: LeanWrites) => Promise<void>, proof?: string) {
  const seen: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly port: unknown }[] =
    [];
  const service = await aTableService(({ url, headers, socket }, response) => {
    seen.push({ url, headers, port: socket.remotePort });
    response.writeHead(204).end();
  }, proof);
  await write(new LeanWrites(service.tables.Calls));
  return seen;
}

describe("LeanWrites", () => {
  it("signs a write with the account's key, as Shared Key Lite wants it", async () => {
    const [request] = await requestsOf((writes) => writes.insert(ROW, ALWAYS));
    const toSign = `${request?.headers["x-ms-date"]}\n/anybody/anybody/Calls`;
    const signature = createHmac("sha256", Buffer.from("YW55Ym9keQ==", "base64")).update(toSign).digest("base64");
    expect(request?.headers.authorization).toBe(`SharedKeyLite anybody:${signature}`);
  });

  it("proves by a shared access signature who asks, where that is what it has", async () => {
    const signature = "sv=2019-02-02&ss=t&sig=ab%2Bc";
    const requests = await requestsOf(async (writes) => {
      await writes.insert(ROW, ALWAYS);
      await writes.merge(ROW, ALWAYS);
    }, `SharedAccessSignature=${signature}`);
    expect(requests.map(({ url }) => url)).toEqual([
      `/anybody/Calls?${signature}`,
      `/anybody/Calls(PartitionKey='${ROW.partitionKey}',RowKey='${ROW.rowKey}')?${signature}`,
    ]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it("is not made for tables that nothing proves anything to", () => {
    const { Calls } = openLeanTables({ connectionString: "UseDevelopmentStorage=true" }, () => NOBODY);
    for (const { name } of Calls.pipeline.getOrderedPolicies()) Calls.pipeline.removePolicy({ name });
    expect(() => new LeanWrites(Calls)).toThrow(/who asks/);
  });

  it("gives each write an id by which the service's own log tells of it", async () => {
    const requests = await requestsOf(async (writes) => {
      await writes.insert(ROW, ALWAYS);
      await writes.merge(ROW, ALWAYS);
    });
    const ids = requests.map(({ headers }) => headers["x-ms-client-request-id"]);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("keeps the connection for the next write", async () => {
    const requests = await requestsOf(async (writes) => {
      await writes.insert(ROW, ALWAYS);
      await writes.merge(ROW, ALWAYS);
    });
    expect(new Set(requests.map(({ port }) => port)).size).toBe(1);
  });
});

describe("openLeanTables", () => {
  it("proves who asks by the identity's token where there is no key, which never goes over an open connection", async () => {
    const tables = openLeanTables({ endpoint: "http://127.0.0.1:9" }, () => ({
      getToken: async () => ({ token: "secret", expiresOnTimestamp: Date.now() + 3_600_000 }),
    }));
    const refusal = /^Bearer token authentication is not permitted/;
    await expect(new LeanWrites(tables.Calls).insert(ROW, ALWAYS)).rejects.toThrow(refusal);
    await expect(tables.Calls.getEntity("a", "b")).rejects.toThrow(refusal);
  });

  it("takes an answer that breaks off for none", async () => {
    const { tables } = await aTableService((_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 1000 }).write('{"value":[');
      setImmediate(() => response.destroy());
    });
    await expect(tables.Lines.getEntity("line", "x")).rejects.toMatchObject({ name: "RestError" });
  });

  it.each([
    ["while it waits", () => {}],
    ["when its answer has begun", (response: ServerResponse) => response.writeHead(200).write("{")],
  ])("ends a request that is given up %s", async (_, begin) => {
    const given = new AbortController();
    const { tables } = await aTableService((_request, response) => {
      begin(response);
      setImmediate(() => given.abort());
    });
    const read = tables.Lines.getEntity("line", "x", { abortSignal: given.signal });
    await expect(read).rejects.toMatchObject({ name: "AbortError" });
  });
});
