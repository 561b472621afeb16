import type { Row, RowTable } from "./cells.ts";
import { readPartition, readRow, type Tables } from "./tables.ts";

/** Where rows are read from: the tables, or a copy of them in memory. */
export interface RowSource {
  /** All rows of a partition, in the order of their keys; none when there is no such partition. */
  partition(table: RowTable, partitionKey: string, signal: AbortSignal): Promise<readonly Row[]>;
  row(table: RowTable, partitionKey: string, rowKey: string, signal: AbortSignal): Promise<Row | undefined>;
}

/** Rows of each table. */
export type RowsByTable = Readonly<Record<RowTable, readonly Row[]>>;

/** @returns the rows as they stand in the tables; reading throws a Fault when they cannot be had */
export function storedRows(tables: Tables): RowSource {
  return {
    partition: (table, partitionKey, signal) => readPartition(tables[table], partitionKey, signal),
    row: (table, partitionKey, rowKey, signal) => readRow(tables[table], partitionKey, rowKey, signal),
  };
}

/** Rows that are at hand: tables as they were read, or as they would be after a change. */
export function rowsInMemory(rows: RowsByTable): RowSource {
  const indexes = new Map<RowTable, Map<string, Row[]>>();
  const partition = (table: RowTable, partitionKey: string): readonly Row[] => {
    let index = indexes.get(table);
    if (index === undefined) {
      index = Map.groupBy(rows[table], (row) => row.partitionKey);
      indexes.set(table, index);
    }
    return index.get(partitionKey) ?? [];
  };
  return {
    partition: async (table, partitionKey) => partition(table, partitionKey),
    row: async (table, partitionKey, rowKey) => partition(table, partitionKey).find((row) => row.rowKey === rowKey),
  };
}
