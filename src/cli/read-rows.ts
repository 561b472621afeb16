import type { TableClient } from "@azure/data-tables";
import { type ListSummary, summariseLists } from "../store/book.ts";
import type { Row } from "../store/cells.ts";
import { readAllRows } from "../store/row-edits.ts";
import type { RowsByTable } from "../store/row-source.ts";
import type { Session } from "./session.ts";

/** The rows of the tables that are read whole. CallerLists may be too long for that. */
export type WholeRows = Pick<RowsByTable, "Lines" | "Routes" | "Schedules">;

/** Every row of Lines, Routes and Schedules, etags included. */
export async function readWholeRows({ tables, host }: Pick<Session, "tables" | "host">): Promise<WholeRows> {
  const all = async (table: TableClient) => {
    const rows: Row[] = [];
    for await (const row of readAllRows(table, host.interrupted)) rows.push(row);
    return rows;
  };
  const [Lines, Routes, Schedules] = await Promise.all([all(tables.Lines), all(tables.Routes), all(tables.Schedules)]);
  return { Lines, Routes, Schedules };
}

/** What CallerLists holds, counted as it is read. */
export async function readListSummary({ tables, host, startedAt }: Session): Promise<ListSummary> {
  return await summariseLists(readAllRows(tables.CallerLists, host.interrupted), startedAt.getTime());
}
