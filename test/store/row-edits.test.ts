import { describe, expect, it } from "vitest";
import type { Row } from "../../src/store/cells.ts";
import { cellsOf } from "../../src/store/layouts.ts";
import { type RowEdit, readAllRows, writeRow, writeTogether } from "../../src/store/row-edits.ts";
import { readRow } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";

const azurite = useAzurite();
const signal = new AbortController().signal;
const TARGETS = `user:${IDS.adele}`;

let partition = 0;
const aPartition = () => `partition-${++partition}`;

async function stored(partitionKey: string, rowKey: string): Promise<Row> {
  const row = await readRow(azurite().tables.Routes, partitionKey, rowKey, signal);
  if (row === undefined) throw new Error(`there is no ${partitionKey}/${rowKey}`);
  return row;
}

const insert = (partitionKey: string, rowKey: string, cells = { targets: TARGETS }): RowEdit & { kind: "insert" } => ({
  kind: "insert",
  table: "Routes",
  keys: { partitionKey, rowKey },
  cells,
});

describe("writeRow", () => {
  it("inserts, replaces and removes a row", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    await writeRow(tables, insert(partitionKey, "night"), signal);
    const keys = { partitionKey, rowKey: "night" };
    const before = await stored(partitionKey, "night");
    const cells = { action: "reject" };
    await writeRow(tables, { kind: "replace", table: "Routes", keys, cells, before }, signal);
    const after = await stored(partitionKey, "night");
    expect(cellsOf("Routes", after)).toEqual({ action: "reject" });
    await writeRow(tables, { kind: "remove", table: "Routes", keys, before: after }, signal);
    expect(await readRow(tables.Routes, partitionKey, "night", signal)).toBeUndefined();
  });

  it("overwrites nobody's change unseen", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    const keys = { partitionKey, rowKey: "night" };
    await writeRow(tables, insert(partitionKey, "night"), signal);
    const before = await stored(partitionKey, "night");
    await tables.Routes.updateEntity({ ...keys, note: "theirs" }, "Merge");
    const ours: RowEdit = { kind: "replace", table: "Routes", keys, cells: { note: "ours" }, before };
    await expect(writeRow(tables, ours, signal)).rejects.toMatchObject({ code: "row-changed" });
    const removal: RowEdit = { kind: "remove", table: "Routes", keys, before };
    await expect(writeRow(tables, removal, signal)).rejects.toMatchObject({ code: "row-changed" });
    expect((await stored(partitionKey, "night")).note).toBe("theirs");
  });

  it("makes no second row where somebody made one meanwhile, and none where one was removed", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    const keys = { partitionKey, rowKey: "night" };
    await writeRow(tables, insert(partitionKey, "night"), signal);
    await expect(writeRow(tables, insert(partitionKey, "night"), signal)).rejects.toMatchObject({
      code: "row-changed",
    });
    const before = await stored(partitionKey, "night");
    await tables.Routes.deleteEntity(partitionKey, "night");
    const replace: RowEdit = { kind: "replace", table: "Routes", keys, cells: {}, before };
    await expect(writeRow(tables, replace, signal)).rejects.toMatchObject({ code: "row-changed" });
  });

  it("keeps columns that are not ours, and drops another spelling of one that is", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    const keys = { partitionKey, rowKey: "night" };
    await tables.Routes.createEntity({ ...keys, Targets: TARGETS, priority: 5, owner: "front office" });
    const before = await stored(partitionKey, "night");
    expect(cellsOf("Routes", before)).toEqual({ targets: TARGETS, priority: "5" });
    const cells = { targets: TARGETS, priority: "6" };
    await writeRow(tables, { kind: "replace", table: "Routes", keys, cells, before }, signal);
    const { etag: _, timestamp: __, ...after } = await stored(partitionKey, "night");
    expect(after).toMatchObject({ targets: TARGETS, priority: "6", owner: "front office" });
    expect(after).not.toHaveProperty("Targets");
  });
});

describe("writeTogether", () => {
  it("writes all rows or none", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    await writeRow(tables, insert(partitionKey, "b"), signal);
    const three = ["a", "b", "c"].map((name) => insert(partitionKey, name));
    await expect(writeTogether(tables, three, signal)).rejects.toMatchObject({ code: "row-changed" });
    expect(await readRow(tables.Routes, partitionKey, "a", signal)).toBeUndefined();
    const two = ["a", "c"].map((name) => insert(partitionKey, name));
    await writeTogether(tables, two, signal);
    const before = await stored(partitionKey, "a");
    const replace: RowEdit & { kind: "replace" } = {
      kind: "replace",
      table: "Routes",
      keys: { partitionKey, rowKey: "a" },
      cells: { action: "reject" },
      before,
    };
    await tables.Routes.updateEntity({ partitionKey, rowKey: "a", note: "theirs" }, "Merge");
    const conflicting = writeTogether(tables, [insert(partitionKey, "d"), replace], signal);
    await expect(conflicting).rejects.toMatchObject({ code: "row-changed" });
    expect(await readRow(tables.Routes, partitionKey, "d", signal)).toBeUndefined();
  });
});

describe("readAllRows", () => {
  it("reads every row of a table, however many pages they take", async () => {
    const { tables } = azurite();
    const partitionKey = aPartition();
    for (let first = 0; first < 1100; first += 100) {
      const hundred = Array.from({ length: 100 }, (_, index) => insert(partitionKey, `rule-${first + index}`));
      await writeTogether(tables, hundred, signal);
    }
    let count = 0;
    for await (const row of readAllRows(tables.Routes, signal)) if (row.partitionKey === partitionKey) count++;
    expect(count).toBe(1100);
  });
});
