import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStatus, keyOf, openTables, readPartition, readRow } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { aTableService, tablesOfNobody } from "./stub-service.ts";

const azurite = useAzurite();
const ALWAYS = new AbortController().signal;

/** Texts that made keys or filters break elsewhere, and some that look alike. */
const TEXTS = [
  "+13035550100",
  "13035550100",
  " 13035550100",
  "ops/line@contoso.com",
  "ops%2Fline@contoso.com",
  "ops\\line@contoso.com",
  "opsline@contoso.com",
  "O'Brien",
  "O''Brien",
  "OBrien",
  "Zürich Süd",
  "代表電話",
  "📞 support",
  "why? #1 & more",
  "why%3F #1 & more",
  "a' or PartitionKey ne '",
  "a+b c",
  "a b+c",
  "line\u0007bell",
  "..",
];

describe("keyOf", () => {
  it.each([
    "+13035550100",
    "O'Brien",
    "ops@contoso.com",
    "7629bdce-046c-4903-86b4-a8f718277e1a",
    "Zürich Süd",
    "代表電話",
    "site:Denver",
    "*",
    "2026-12-24..2026-12-26",
  ])("leaves %s as it is", (text) => {
    expect(keyOf(text)).toBe(text);
  });

  it.each([
    ["ops/line", "ops%2Fline"],
    ["ops\\line", "ops%5Cline"],
    ["#1", "%231"],
    ["why?", "why%3F"],
    ["100%", "100%25"],
    ["a\tb", "a%09b"],
    ["a\u0085b", "a%C2%85b"],
  ])("writes what a key may not hold as its bytes: %j", (text, key) => {
    expect(keyOf(text)).toBe(key);
  });

  it("never gives two texts one key", () => {
    const tricky = fc.string({
      unit: fc.constantFrom("%", "2", "5", "F", "f", "/", "\\", "#", "?", "\u0085", "a", "é"),
      maxLength: 6,
    });
    const text = fc.oneof(tricky, fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });

  it("never gives a key that the table service refuses", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(keyOf(text)).not.toMatch(/[/\\#?\p{Cc}]/u);
      }),
    );
  });

  it("makes keys with which rows are created, read, listed and deleted, each its own", async () => {
    const { Routes } = azurite().tables;
    const keys = TEXTS.map((text) => ({ partitionKey: keyOf(text), rowKey: keyOf(text) }));
    for (const [index, key] of keys.entries()) await Routes.createEntity({ ...key, note: TEXTS[index] });
    for (const [index, { partitionKey, rowKey }] of keys.entries()) {
      expect(await readRow(Routes, partitionKey, rowKey, ALWAYS)).toMatchObject({ partitionKey, note: TEXTS[index] });
      const rows = await readPartition(Routes, partitionKey, ALWAYS);
      expect(rows.map(({ note }) => note)).toEqual([TEXTS[index]]);
    }
    for (const [index, { partitionKey, rowKey }] of keys.entries()) {
      await Routes.deleteEntity(partitionKey, rowKey);
      expect(await readRow(Routes, partitionKey, rowKey, ALWAYS)).toBeUndefined();
      const left = await Promise.all(
        keys.slice(index + 1).map((key) => readRow(Routes, key.partitionKey, key.rowKey, ALWAYS)),
      );
      expect(left).not.toContain(undefined);
    }
  });
});

describe("readPartition", () => {
  it("reads past the thousand rows of a page", async () => {
    const { CallerLists } = azurite().tables;
    const rowKeys = Array.from({ length: 1001 }, (_, index) => `list-${String(index).padStart(4, "0")}`);
    for (let from = 0; from < rowKeys.length; from += 100) {
      const page = rowKeys.slice(from, from + 100);
      await CallerLists.submitTransaction(page.map((rowKey) => ["create", { partitionKey: "+14255550100", rowKey }]));
    }
    const rows = await readPartition(CallerLists, "+14255550100", ALWAYS);
    expect(rows.map(({ rowKey }) => rowKey)).toEqual(rowKeys);
  });

  it("is empty for a partition without rows", async () => {
    expect(await readPartition(azurite().tables.Routes, "nobody", ALWAYS)).toEqual([]);
  });

  it("gives cells with the types that the tool wrote", async () => {
    const { Schedules } = azurite().tables;
    const until = new Date("2026-12-24T14:00:00Z");
    await Schedules.createEntity({
      partitionKey: "typed",
      rowKey: "1",
      text: "x",
      small: 5,
      yes: true,
      large: 13035550100n,
      until,
    });
    expect(await readPartition(Schedules, "typed", ALWAYS)).toMatchObject([
      { text: "x", small: 5, yes: true, large: 13035550100n, until },
    ]);
  });
});

describe("readRow", () => {
  it("is undefined when there is no such row", async () => {
    expect(await readRow(azurite().tables.Lines, "line", "nobody", ALWAYS)).toBeUndefined();
  });
});

/** What every read of a broken table must come to. */
const READS = [
  ["readRow", readRow],
  [
    "readPartition",
    (table: Parameters<typeof readRow>[0], partition: string, _: string, signal: AbortSignal) =>
      readPartition(table, partition, signal),
  ],
] as const;

describe.each(READS)("%s, when the tables cannot be read", (_, read) => {
  it("says which table is missing", async () => {
    const { tables } = azurite();
    await tables.Schedules.deleteTable();
    await expect(read(tables.Schedules, "support", "hours", ALWAYS)).rejects.toMatchObject({
      name: "Fault",
      code: "tables-refused",
      message: expect.stringContaining("no table Schedules"),
    });
    await tables.Schedules.createTable();
  });

  it("is unavailable when nothing listens", async () => {
    const { Routes } = await tablesOfNobody();
    await expect(read(Routes, "default", "night", ALWAYS)).rejects.toMatchObject({
      name: "Fault",
      code: "tables-unavailable",
      message: expect.stringContaining("Routes"),
    });
  });

  it("is late when the signal ends a request that hangs", async () => {
    const given = new AbortController();
    const { tables } = await aTableService(() => given.abort());
    await expect(read(tables.Routes, "default", "night", given.signal)).rejects.toMatchObject({
      name: "Fault",
      code: "late",
    });
  });

  it("is late when the time is up before it begins", async () => {
    await expect(read(azurite().tables.Routes, "default", "night", AbortSignal.abort())).rejects.toMatchObject({
      name: "Fault",
      code: "late",
    });
  });

  it.each<[number, string]>([
    [500, "tables-unavailable"],
    [503, "tables-unavailable"],
    [429, "tables-unavailable"],
    [408, "tables-unavailable"],
    [403, "tables-refused"],
    [400, "tables-refused"],
  ])("takes a %d for %s, and asks no second time", async (status, code) => {
    const service = await aTableService((_request, response) => {
      response.writeHead(status, { "Retry-After": "1" }).end();
    });
    await expect(read(service.tables.Routes, "default", "night", ALWAYS)).rejects.toMatchObject({
      name: "Fault",
      code,
    });
    expect(service.requests()).toBe(1);
  });

  it("is unavailable when the identity gives no token", async () => {
    const tables = openTables({ endpoint: "https://127.0.0.1:9" }, () => ({
      getToken: () => Promise.reject(new Error("no managed identity here")),
    }));
    await expect(read(tables.Routes, "default", "night", ALWAYS)).rejects.toMatchObject({
      name: "Fault",
      code: "tables-unavailable",
      message: expect.stringContaining("no managed identity here"),
    });
  });
});

describe("isStatus", () => {
  it("tells the service's answers apart", async () => {
    const { Lines } = azurite().tables;
    const row = { partitionKey: "line", rowKey: "twice" };
    await Lines.createEntity(row);
    const conflict: unknown = await Lines.createEntity(row).catch((error: unknown) => error);
    expect([isStatus(conflict, 409), isStatus(conflict, 404), isStatus(new Error("409"), 409)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
