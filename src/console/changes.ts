import { nullable, object, enum as oneOf, optional, record, string } from "zod/mini";
import { refuses, reviewInSteps } from "../cli/rows/review-edit.ts";
import { placeFor } from "../cli/rows/row-commands.ts";
import { rowName } from "../cli/rows/row-text.ts";
import { TABLES, textOf } from "../store/cells.ts";
import { type Cells, cellsOf, rowOf, saysTheSame } from "../store/layouts.ts";
import type { RowEdit } from "../store/row-edits.ts";
import { readRule } from "../store/rule-rows.ts";
import { readRow } from "../store/tables.ts";
import { readKeys } from "../store/typed-keys.ts";
import type { ReviewAnswer, ReviewRequest, WriteAnswer } from "./api/changing.ts";
import { Breather } from "./breather.ts";
import { listsNamedBy } from "./caller-lists.ts";
import type { Desk } from "./desk.ts";
import { namedPlace } from "./named.ts";
import { problemsOf } from "./problems.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, readJson } from "./request.ts";
import { DONE, keysOf, planOf } from "./row-changes.ts";
import type { Snapshot } from "./snapshot.ts";

const reviewRequest = object({
  table: oneOf(TABLES),
  keys: object({ partitionKey: string(), rowKey: string() }),
  cells: nullable(record(string(), string())),
  etag: optional(string()),
});
const writeRequest = object({ ticket: string() });
const undoRequest = object({ undo: string() });

/** What a change of one row would do, by the checks of `ringroute … set`. */
export async function answerReview(desk: Desk, request: ApiRequest): Promise<ReviewAnswer> {
  const typed = await readJson(request, reviewRequest);
  const snapshot = await desk.snapshot();
  const edit = await editFor(typed, snapshot, desk);
  const context = await desk.reviewContext(snapshot, listsIn(edit, desk), request.signal);
  const review = await new Breather(request.signal).through(reviewInSteps(edit, snapshot.rows, context));
  const { before, after, faults, findings } = review;
  const isSound = faults.length === 0 && !findings.some((finding) => refuses(finding, edit.kind));
  const changesNothing = before !== undefined && after !== undefined && saysTheSame(before, after);
  const place = namedPlace(edit.table, edit.keys, snapshot.names);
  const says = `${DONE[edit.kind]} ${place}`;
  return {
    ...(isSound && !changesNothing ? { ticket: desk.changes.propose({ says, plans: [planOf(edit)] }) } : {}),
    keys: edit.keys,
    place,
    before: before ?? null,
    after: after ?? null,
    faults: faults.map(({ column, found, wrong }) => ({ column, found, wrong })),
    problems: problemsOf(findings, snapshot.names),
  };
}

/** The lists that a row of Routes would name. */
function listsIn(edit: RowEdit, { settings }: Desk): Iterable<string> {
  if (edit.kind === "remove" || edit.table !== "Routes") return [];
  const rule = readRule(rowOf(edit.keys, edit.cells), settings.region).value;
  return rule === undefined ? [] : listsNamedBy([rule]);
}

/** @throws Refused 409 when the row is no longer as the page shows it */
async function editFor(typed: Review, snapshot: Snapshot, desk: Desk): Promise<RowEdit> {
  const { table, etag } = typed;
  const cells = typed.cells && tidy(typed.cells);
  if (etag !== undefined) {
    const keys = keysOf(typed.keys);
    const before = await readRow(desk.tables[table], keys.partitionKey, keys.rowKey, desk.signal);
    if (before?.etag !== etag) {
      const theirs = before === undefined ? null : cellsOf(table, before);
      const what = before === undefined ? "removed" : "changed";
      throw new Refused(409, `${rowName(table, keys)} was ${what} by somebody else meanwhile.`, { theirs });
    }
    return cells === null ? { kind: "remove", table, keys, before } : { kind: "replace", table, keys, cells, before };
  }
  if (cells === null) throw new Refused(400, "A row that is to go is named with its etag.");
  const { region } = desk.settings;
  const read = readKeys(table, typed.keys, region);
  const callersKey = "partitionKey" in read ? read.partitionKey : "";
  const rows = table === "CallerLists" ? await desk.rowsOfCaller(callersKey) : snapshot.rows[table];
  const { keys, before } = placeFor({ table, rows, typed: typed.keys, region });
  if (before !== undefined)
    throw new Refused(409, `There is a row ${rowName(table, keys)} already.`, { theirs: cellsOf(table, before) });
  return { kind: "insert", table, keys, cells };
}

type Review = Pick<ReviewRequest, "table" | "keys" | "cells"> & { readonly etag?: string | undefined };

/** Texts as cells are read, without those that say nothing. */
function tidy(cells: Cells): Cells {
  const texts = Object.entries(cells).map(([column, text]) => [column, textOf(text)] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

/** Writes what was reviewed, of one row or of a file. */
export async function answerWrite(desk: Desk, request: ApiRequest): Promise<WriteAnswer> {
  return await desk.changes.write((await readJson(request, writeRequest)).ticket);
}

/** Puts rows back as they were. */
export async function answerUndo(desk: Desk, request: ApiRequest): Promise<WriteAnswer> {
  return await desk.changes.undo((await readJson(request, undoRequest)).undo);
}
