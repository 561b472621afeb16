import type { TableClient, TransactionAction } from "@azure/data-tables";
import { Fault } from "../errors.ts";
import type { Row, RowTable } from "./cells.ts";
import { type Cells, foreignCellsOf, placeOf, type RowKeys } from "./layouts.ts";
import { asRow, isMissingTable, isStatus, orFault, type Tables } from "./tables.ts";

/** One row to be written. A row that stood there is named by its etag, so that nobody's change is overwritten unseen. */
export type RowEdit =
  | { readonly kind: "insert"; readonly table: RowTable; readonly keys: RowKeys; readonly cells: Cells }
  | {
      readonly kind: "replace";
      readonly table: RowTable;
      readonly keys: RowKeys;
      readonly cells: Cells;
      /** The row as it was read. */
      readonly before: Row;
    }
  | { readonly kind: "remove"; readonly table: RowTable; readonly keys: RowKeys; readonly before: Row };

/** The most operations that one transaction takes. */
export const MOST_IN_TRANSACTION = 100;

/** The order in which the table service gives rows: by partition, then by row, code unit by code unit. */
export function compareKeys(one: RowKeys, other: RowKeys): number {
  return compareText(one.partitionKey, other.partitionKey) || compareText(one.rowKey, other.rowKey);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Every row of a table, page by page. */
export async function* readAllRows(table: TableClient, abortSignal: AbortSignal): AsyncGenerator<Row> {
  const pages = table.listEntities({ abortSignal }).byPage({ maxPageSize: 1000 });
  for (;;) {
    const page = await orFault(table, () => pages.next());
    if (page.done) return;
    for (const entity of page.value) yield asRow(entity);
  }
}

/**
 * Writes one row.
 *
 * @throws Fault `row-changed` when somebody wrote or removed the row since it was read, or made it meanwhile
 */
export async function writeRow(tables: Tables, edit: RowEdit, abortSignal: AbortSignal): Promise<void> {
  const table = tables[edit.table];
  await orChanged(table, placeOf({ table: edit.table, ...edit.keys }), () => {
    switch (edit.kind) {
      case "insert":
        return table.createEntity({ ...edit.keys, ...edit.cells }, { abortSignal });
      case "replace":
        return table.updateEntity(entityOf(edit), "Replace", { etag: etagOf(edit.before), abortSignal });
      case "remove":
        return table.deleteEntity(edit.keys.partitionKey, edit.keys.rowKey, {
          etag: etagOf(edit.before),
          abortSignal,
        });
    }
  });
}

/**
 * Writes rows of one partition of one table, all or none. Removals go one by one, by `writeRow`: in a transaction the
 * SDK sends them without an etag.
 *
 * @param edits at most `MOST_IN_TRANSACTION`
 * @throws Fault `row-changed` when one of the rows is no longer as it was read
 */
export async function writeTogether(
  tables: Tables,
  edits: readonly Exclude<RowEdit, { kind: "remove" }>[],
  abortSignal: AbortSignal,
): Promise<void> {
  const [first, ...others] = edits;
  if (first === undefined) return;
  if (others.length === 0) return await writeRow(tables, first, abortSignal);
  const actions = edits.map((edit): TransactionAction => {
    if (edit.kind === "insert") return ["create", { ...edit.keys, ...edit.cells }];
    return ["update", entityOf(edit), "Replace", { etag: etagOf(edit.before) }];
  });
  const where = `one of ${edits.length} rows of ${first.table} ${first.keys.partitionKey}`;
  await orChanged(tables[first.table], where, () => tables[first.table].submitTransaction(actions, { abortSignal }));
}

/** What a row will hold: the cells, and whatever columns it has that are none of ours. */
function entityOf({ table, keys, cells, before }: Extract<RowEdit, { kind: "replace" }>) {
  return { ...foreignCellsOf(table, before), ...keys, ...cells };
}

function etagOf(row: Row): string {
  if (typeof row.etag !== "string") throw new TypeError("a row that was read has an etag");
  return row.etag;
}

async function orChanged(table: TableClient, where: string, write: () => Promise<unknown>): Promise<void> {
  await orFault(table, async () => {
    try {
      await write();
    } catch (error) {
      if (isMissingTable(error) || ![404, 409, 412].some((status) => isStatus(error, status))) throw error;
      throw new Fault("row-changed", `${where} was changed by somebody else meanwhile`, { cause: error });
    }
  });
}
