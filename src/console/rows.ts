import { isSchedule } from "../book/schedules.ts";
import { ruleStanding, scheduleStanding, type Telling } from "../cli/on-now.ts";
import { type Row, type RowTable, TABLES } from "../store/cells.ts";
import { COLUMNS, cellsOf } from "../store/layouts.ts";
import { readMembership } from "../store/list-rows.ts";
import { readAllRows } from "../store/row-edits.ts";
import { readRule } from "../store/rule-rows.ts";
import { HOURS_ROW } from "../store/schedule-rows.ts";
import { keyOf, readPartition, readRow, textOfKey } from "../store/tables.ts";
import { readKeys } from "../store/typed-keys.ts";
import type { RowsAnswer, RowView } from "./api/changing.ts";
import type { Desk } from "./desk.ts";
import { namedKeys } from "./named.ts";
import { problemsOf } from "./problems.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, canBeKey, required, tablesLimit, wholeNumber } from "./request.ts";
import type { Findings, Snapshot } from "./snapshot.ts";

const USUAL_LIMIT = 200;
const MOST_LIMIT = 1000;
const MOST_OFFSET = 10_000_000;
/** Rows of CallerLists that are looked through: the table may hold millions. */
const MOST_SEARCHED = 20_000;

/** Rows of a table or of one partition in the order of their keys, those that hold a text somewhere. */
export async function answerRows(desk: Desk, request: ApiRequest): Promise<RowsAnswer> {
  const table = tableIn(request);
  const offset = wholeNumber(request, "offset", 0, MOST_OFFSET);
  const limit = wholeNumber(request, "limit", USUAL_LIMIT, MOST_LIMIT);
  const find = request.query.get("find")?.trim().toLowerCase() ?? "";
  const snapshot = await desk.checkedSnapshot();
  const findings = desk.findings(snapshot);
  const signal = tablesLimit(request);
  const holding = (row: Row) => find === "" || holds(table, row, find, snapshot);
  const partition = request.query.get("partition");
  const { found, note } =
    partition !== null
      ? { found: (await rowsOf(table, partition, snapshot, desk, signal)).filter(holding), note: undefined }
      : table === "CallerLists"
        ? await findInLists(desk, find, holding, signal)
        : { found: snapshot.rows[table].filter(holding), note: undefined };
  return {
    total: found.length,
    offset,
    columns: COLUMNS[table],
    rows: found.slice(offset, offset + limit).map((row) => viewOf(table, row, { snapshot, findings, desk })),
    ...(note === undefined ? {} : { note }),
  };
}

/** One row as it stands in its table now. */
export async function answerRow(desk: Desk, request: ApiRequest): Promise<RowView> {
  const table = tableIn(request);
  const { query } = request;
  const [partition, name] = [query.get("partition"), query.get("row")] as const;
  if (partition === null || name === null) throw new Refused(400, "The address lacks ?partition= or &row=.");
  const snapshot = await desk.checkedSnapshot();
  const signal = tablesLimit(request);
  for (const spelling of spellingsOf(partition, name)) {
    const [partitionKey = "", rowKey = ""] = spelling;
    const row = await readRow(desk.tables[table], partitionKey, rowKey, signal);
    if (row !== undefined) return viewOf(table, row, { snapshot, findings: desk.findings(snapshot), desk });
  }
  throw new Refused(404, `There is no row ${partition}/${name} in ${table}.`);
}

function tableIn(request: ApiRequest): RowTable {
  const name = required(request, "table");
  const table = TABLES.find((each) => each === name);
  if (table === undefined) throw new Refused(400, `There is no table ${name}; there are ${TABLES.join(", ")}.`);
  return table;
}

/** The keys that may be meant: those very ones, then those that the app stores for what was typed. */
function spellingsOf(...typed: readonly string[]): readonly (readonly string[])[] {
  const stored = typed.map(keyOf);
  const isSame = stored.every((key, at) => key === typed[at]);
  return isSame || !typed.every(canBeKey) ? [stored] : [typed, stored];
}

/** The rows of one partition. */
async function rowsOf(
  table: RowTable,
  partition: string,
  snapshot: Snapshot,
  { tables }: Desk,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  for (const [key = ""] of spellingsOf(partition)) {
    const rows =
      table === "CallerLists"
        ? await readPartition(tables.CallerLists, key, signal)
        : await snapshot.source.partition(table, key, signal);
    if (rows.length > 0) return rows;
  }
  return [];
}

/** A caller's rows when one is named, in whatever spelling; else those of the table's first rows that hold the text. */
async function findInLists(desk: Desk, find: string, holding: (row: Row) => boolean, signal: AbortSignal) {
  const { tables, settings } = desk;
  const keys = readKeys("CallerLists", { partitionKey: find, rowKey: "any" }, settings.region);
  if ("partitionKey" in keys) {
    return { found: await readPartition(tables.CallerLists, keys.partitionKey, signal), note: undefined };
  }
  const found: Row[] = [];
  let searched = 0;
  for await (const row of readAllRows(tables.CallerLists, signal)) {
    if (holding(row)) found.push(row);
    if (++searched === MOST_SEARCHED)
      return { found, note: `Only the first ${MOST_SEARCHED} rows are searched; a caller's number or id finds any.` };
  }
  return { found, note: undefined };
}

/** Whether a row's keys or cells hold a text, or the names that people know its keys by. */
function holds(table: RowTable, row: Row, find: string, { names }: Snapshot): boolean {
  const keys = [row.partitionKey, row.rowKey].map(textOfKey);
  const { partitionKey, rowKey } = namedKeys(table, row, names);
  const texts = [...keys, partitionKey, rowKey, ...Object.values(cellsOf(table, row))];
  return texts.some((text) => text.toLowerCase().includes(find));
}

/** What is the same for all rows. */
interface Scene {
  readonly snapshot: Snapshot;
  readonly findings: Findings;
  readonly desk: Desk;
}

function viewOf(table: RowTable, row: Row, { snapshot, findings, desk }: Scene): RowView {
  const { partitionKey, rowKey } = row;
  const state = stateOf(table, row, snapshot, desk);
  return {
    keys: { partitionKey, rowKey },
    shown: { partitionKey: textOfKey(partitionKey), rowKey: textOfKey(rowKey) },
    named: namedKeys(table, row, snapshot.names),
    cells: cellsOf(table, row),
    etag: String(row.etag),
    ...(state === undefined ? {} : { state }),
    problems: problemsOf(findings.at(table, partitionKey, rowKey), snapshot.names),
  };
}

/** Whether a row counts now, where that can be said of it alone. */
function stateOf(table: RowTable, row: Row, { book }: Snapshot, { settings, now }: Desk): Telling | undefined {
  const atMs = now.getTime();
  switch (table) {
    case "Lines":
      return undefined;
    case "Routes": {
      const rule = readRule(row, settings.region).value;
      if (rule === undefined) return ["left out"];
      const { on, why } = ruleStanding(rule, book, atMs);
      return [on ? "counts now" : "does not count now", ...(why.length === 0 ? [] : [": ", ...why])];
    }
    case "Schedules": {
      const schedule = row.rowKey.trim().toLowerCase() === HOURS_ROW ? book.schedules.get(row.partitionKey) : undefined;
      return isSchedule(schedule) ? scheduleStanding(schedule, book, atMs) : undefined;
    }
    case "CallerLists": {
      const untilMs = readMembership(row).value?.untilMs;
      if (untilMs === undefined) return undefined;
      return [untilMs <= atMs ? "lapsed " : "until ", { atMs: untilMs }];
    }
  }
}
