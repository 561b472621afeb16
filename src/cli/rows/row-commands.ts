import type { Finding } from "../../check/finding.ts";
import { Fault } from "../../errors.ts";
import { normaliseGuid } from "../../routing/party.ts";
import type { Region } from "../../routing/phone-number.ts";
import type { Row, RowTable } from "../../store/cells.ts";
import { type Cells, cellsOf, type RowKeys, saysTheSame } from "../../store/layouts.ts";
import { type RowEdit, writeRow } from "../../store/row-edits.ts";
import { keyOf, readRow, textOfKey } from "../../store/tables.ts";
import { readKeys, SHARED_PARTITIONS } from "../../store/typed-keys.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { readListSummary, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { checkContextOf } from "../settings.ts";
import { findingsAfter, type Review, refuses, reviewEdit } from "./review-edit.ts";
import { describeFault, describeFinding, describeKeyFault, rowName, showChange, showRow } from "./row-text.ts";

/** For edits of CallerLists, on which no other row depends. */
export const NO_ROWS: WholeRows = { Lines: [], Routes: [], Schedules: [] };

/** The rows among which one is looked for, and its keys as a person types them. */
export interface TypedPlace {
  readonly table: RowTable;
  readonly rows: readonly Row[];
  readonly typed: RowKeys;
  readonly region: Region | undefined;
}

/**
 * The row that stands at keys as a person types them: under those very keys, else encoded, else where a tool stored it
 * under keys that no call looks for.
 *
 * @throws MistakeError when there is none
 */
export function storedRow({ table, rows, typed, region }: TypedPlace): Row {
  const asTyped = trimmed(typed);
  const exact = { partitionKey: keyOf(asTyped.partitionKey), rowKey: keyOf(asTyped.rowKey) };
  const read = readKeys(table, typed, region);
  const keys = "partitionKey" in read ? read : exact;
  const likeIt = rows.filter(
    (row) => sameName(row.partitionKey, keys.partitionKey) && sameName(row.rowKey, keys.rowKey),
  );
  const found =
    rows.find((row) => isAt(row, asTyped)) ??
    rows.find((row) => isAt(row, exact)) ??
    likeIt.find((row) => isAt(row, keys)) ??
    (likeIt.length === 1 ? likeIt[0] : undefined);
  if (found === undefined) throw new MistakeError(`There is no row ${rowName(table, keys)}.`);
  return found;
}

/**
 * Where a row is to be written: under the keys that calls look for, in the letter case that names have already.
 *
 * @throws UsageError when no row can stand there
 */
export function placeFor({ table, rows, typed, region }: TypedPlace): {
  readonly keys: RowKeys;
  readonly before?: Row;
} {
  const keys = readKeys(table, typed, region);
  if (!("partitionKey" in keys)) throw new UsageError(keys.map(describeKeyFault).join("\n"));
  const isName = isNamed(table, keys.partitionKey);
  const inPartition = rows.filter(({ partitionKey }) =>
    isName ? sameName(partitionKey, keys.partitionKey) : partitionKey === keys.partitionKey,
  );
  const likeIt = inPartition.filter(({ rowKey }) => table !== "Lines" && sameName(rowKey, keys.rowKey));
  const asTyped = trimmed(typed);
  const before =
    inPartition.find((row) => isAt(row, asTyped)) ?? inPartition.find((row) => isAt(row, keys)) ?? likeIt[0];
  if (before !== undefined) return { keys: keysOf(before), before };
  return { keys: { ...keys, partitionKey: inPartition[0]?.partitionKey ?? keys.partitionKey } };
}

/** Whether people chose the partition's name, so that its letter case is theirs. */
function isNamed(table: RowTable, partitionKey: string): boolean {
  if (table === "Schedules") return true;
  const isOfLine = normaliseGuid(partitionKey) !== undefined || SHARED_PARTITIONS.some((name) => name === partitionKey);
  return table === "Routes" && !isOfLine;
}

function trimmed({ partitionKey, rowKey }: RowKeys): RowKeys {
  return { partitionKey: partitionKey.trim(), rowKey: rowKey.trim() };
}

function isAt(row: Row, { partitionKey, rowKey }: RowKeys): boolean {
  return row.partitionKey === partitionKey && row.rowKey === rowKey;
}

function keysOf({ partitionKey, rowKey }: Row): RowKeys {
  return { partitionKey, rowKey };
}

/** Whether people write two keys alike. One with a `%` of its own, which Azure allows, reads as its encoded form does. */
function sameName(one: string, other: string): boolean {
  return textOfKey(one).trim().toLowerCase() === textOfKey(other).trim().toLowerCase();
}

/**
 * Changes the named columns of a row, or makes the row: reviewed first, shown, and written only over the row as it was
 * read.
 */
export async function setRow(
  session: Session,
  place: TypedPlace,
  typed: Cells,
  all: WholeRows,
  json: boolean,
): Promise<ExitCode> {
  const { keys, before } = placeFor(place);
  const { table } = place;
  const known = before === undefined ? {} : cellsOf(table, before);
  const cells = Object.fromEntries(Object.entries({ ...known, ...typed }).filter(([, text]) => text !== ""));
  const edit: RowEdit =
    before === undefined ? { kind: "insert", table, keys, cells } : { kind: "replace", table, keys, cells, before };
  if (before !== undefined && saysTheSame(known, cells)) {
    if (json) session.out.printJson({ ...keys, before: known, after: known, written: false });
    session.out.tell(`Nothing to do: ${rowName(table, keys)} says so already.`);
    return EXIT.good;
  }
  const review = await reviewOf(session, edit, all);
  if (!json) session.out.print(...showChange(session.out, review));
  const written = tellProblems(session, review) && (await write(session, edit));
  const { faults, findings } = review;
  if (json) session.out.printJson({ ...keys, before: known, after: cells, written, faults, findings });
  return written ? EXIT.good : EXIT.mistakes;
}

/** Removes a row that no other needs, once the person has seen it and said yes. */
export async function removeRow(
  session: Session,
  table: RowTable,
  before: Row,
  all: WholeRows,
  yes: boolean,
): Promise<ExitCode> {
  const keys = keysOf(before);
  session.out.print(...showRow(session.out, table, before));
  return await removeRows(session, rowName(table, keys), [{ kind: "remove", table, keys, before }], all, yes);
}

/** Removes rows together, that no other needs, once the person has said yes. @param what they are, for the question */
export async function removeRows(
  session: Session,
  what: string,
  edits: readonly RowEdit[],
  all: WholeRows,
  yes: boolean,
): Promise<ExitCode> {
  const inLists = edits.some(({ table }) => table === "CallerLists");
  const findings = inLists
    ? []
    : findingsAfter(edits, all, checkContextOf(session.settings, session.startedAt.getTime()));
  if (!tellFindings(session, findings, "remove")) {
    session.out.tell("Nothing was removed.");
    return EXIT.mistakes;
  }
  if (!yes && !(await session.out.confirm(`Remove ${what}?`))) {
    session.out.tell("Nothing was removed.");
    return EXIT.mistakes;
  }
  for (const edit of edits) if (!(await write(session, edit))) return EXIT.mistakes;
  return EXIT.good;
}

/** Reads a change among all rows, and the lists as well where the change names one. */
async function reviewOf(session: Session, edit: RowEdit, all: WholeRows): Promise<Review> {
  const namesList = edit.kind !== "remove" && edit.table === "Routes" && /list\s*:/i.test(edit.cells.caller ?? "");
  const lists = namesList ? { lists: await readListSummary(session) } : {};
  return reviewEdit(edit, all, { ...checkContextOf(session.settings, session.startedAt.getTime()), ...lists });
}

/** Says what is wrong. @returns whether the change may be written all the same */
function tellProblems(session: Session, { edit, faults, findings }: Review): boolean {
  session.out.tell(...faults.map(describeFault));
  const mayStand = tellFindings(session, findings, edit.kind);
  if (faults.length === 0 && mayStand) return true;
  session.out.tell("Nothing was written.");
  return false;
}

function tellFindings({ out }: Session, findings: readonly Finding[], edit: RowEdit["kind"]): boolean {
  const refused = findings.filter((finding) => refuses(finding, edit));
  out.tell(...findings.map((finding) => describeFinding(finding, refused.includes(finding))));
  return refused.length === 0;
}

/** @returns false when somebody else changed the row meanwhile, having said what */
export async function write(session: Session, edit: RowEdit): Promise<boolean> {
  const { tables, host, out } = session;
  const { table, keys } = edit;
  try {
    await writeRow(tables, edit, host.interrupted);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "row-changed") throw error;
    const now = await readRow(tables[table], keys.partitionKey, keys.rowKey, host.interrupted);
    tellConflict(session, edit, now);
    return false;
  }
  out.tell(`${{ insert: "Added", replace: "Changed", remove: "Removed" }[edit.kind]} ${rowName(table, keys)}.`);
  return true;
}

function tellConflict({ out }: Session, edit: RowEdit, now: Row | undefined): void {
  const { table, keys } = edit;
  const name = rowName(table, keys);
  if (now === undefined) {
    out.tell(`${name} was removed by somebody else meanwhile. Nothing was written.`);
    return;
  }
  const before = edit.kind === "insert" ? undefined : cellsOf(table, edit.before);
  out.tell(
    `${name} was ${before === undefined ? "added" : "changed"} by somebody else meanwhile:`,
    ...showChange(out, { edit, ...(before === undefined ? {} : { before }), after: cellsOf(table, now) }),
    "Nothing was written. Look at it, and say again what you want.",
  );
}
