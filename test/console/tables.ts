import type { RowTable } from "../../src/store/cells.ts";
import { TABLES } from "../../src/store/cells.ts";
import { type RowEdit, readAllRows, writeTogether } from "../../src/store/row-edits.ts";
import type { Tables } from "../../src/store/tables.ts";

type Cells = Readonly<Record<string, string>>;

/** Rows as people write them: by table and `PartitionKey/RowKey`. */
export type TypedRows = Partial<Readonly<Record<RowTable, Readonly<Record<string, Cells>>>>>;

const { signal } = new AbortController();

/** Makes the tables hold these rows and no others. */
export async function fill(tables: Tables, rows: TypedRows): Promise<void> {
  for (const table of TABLES) {
    for await (const { partitionKey, rowKey } of readAllRows(tables[table], signal))
      await tables[table].deleteEntity(partitionKey, rowKey);
  }
  for (const table of TABLES) {
    for (const [keys, cells] of Object.entries(rows[table] ?? {})) {
      const [partitionKey = "", rowKey = ""] = keys.split("/");
      await tables[table].createEntity({ partitionKey, rowKey, ...cells });
    }
  }
}

/** Writes many new rows of one partition, a hundred at a time. */
export async function addMany(tables: Tables, edits: readonly Extract<RowEdit, { kind: "insert" }>[]): Promise<void> {
  for (let first = 0; first < edits.length; first += 100)
    await writeTogether(tables, edits.slice(first, first + 100), signal);
}
