import { moment, type Row, RowReader } from "./cells.ts";
import type { ReadRow } from "./rule-rows.ts";

export const LIST_COLUMNS = ["until", "note"] as const;

/** That a caller is on a list. */
export interface ListMembership {
  /** In lower case. */
  readonly list: string;
  /** Epoch milliseconds: on the list until just before. */
  readonly untilMs?: number;
}

/** A row of CallerLists. */
export function readMembership(row: Row): ReadRow<ListMembership> {
  const read = new RowReader("CallerLists", row, LIST_COLUMNS);
  const untilMs = read.optional("until", moment);
  const list = row.rowKey.trim().toLowerCase();
  return {
    faults: read.faults,
    ...(read.usable ? { value: { list, ...(untilMs === undefined ? {} : { untilMs }) } } : {}),
  };
}
