import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CsvFault } from "../cli/csv/faults.ts";
import type { TablePlan } from "../cli/csv/plan.ts";
import { findInSurvey, surveyTables } from "../cli/csv/survey.ts";
import { FILE_NAMES, readTableFile, type TableFile } from "../cli/csv/table-file.ts";
import type { Names } from "../cli/names.ts";
import { refuses } from "../cli/rows/review-edit.ts";
import { cellsOf } from "../store/layouts.ts";
import type { ImportAnswer } from "./api/changing.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { namedPlace } from "./named.ts";
import { problemsOf } from "./problems.ts";
import { type ApiRequest, csvOf, required } from "./request.ts";
import { keysOf, rowsIn } from "./row-changes.ts";

/** Changes that are shown; a file may hold many thousands. */
const MOST_SHOWN = 200;

/** What to do about a file whose table nothing tells: here is no flag that does. */
const NAME_IT = `Give the file one of these names: ${Object.values(FILE_NAMES).join(", ")}.`;

/** Longest part of a file's name that is kept; systems take 255 bytes. */
const MOST_NAME = 100;

/** What `ringroute import` would do with a file, without removing anything that it does not name. */
export async function answerImport(desk: Desk, request: ApiRequest): Promise<ImportAnswer> {
  const name = required(request, "name");
  const file = await readFile(desk, request, name);
  const nothing = { table: file.table, added: 0, changed: 0, unchanged: 0, changes: [], problems: [] };
  const notes = file.notes.items.map(faultView);
  const { count: faultCount, items } = file.faults;
  if (faultCount > 0) return { ...nothing, faults: items.map(faultView), faultCount, notes };
  const session = desk.sessionNow();
  const { names } = await desk.snapshot();
  const survey = await surveyTables(session, [file], false);
  const findings = await new Breather(request.signal).through(findInSurvey(survey, session));
  const [plan] = survey.plans;
  if (plan === undefined) return { ...nothing, faults: [], faultCount, notes };
  const rows = rowsIn([plan]);
  const isSound = rows > 0 && !findings.some((finding) => refuses(finding, "replace"));
  const says = `Imported ${rows === 1 ? "1 row" : `${rows} rows`} of ${name} into ${plan.table}`;
  return {
    ...(isSound ? { ticket: desk.changes.propose({ says, plans: [plan] }) } : {}),
    table: plan.table,
    added: plan.added.length,
    changed: plan.changed.length,
    unchanged: plan.same,
    changes: changesIn(plan, names),
    faults: [],
    faultCount,
    notes,
    problems: problemsOf(findings, names),
  };
}

/** Parses the file by way of a folder of its own, which is gone afterwards: it may be too long to hold. */
async function readFile(desk: Desk, request: ApiRequest, name: string): Promise<TableFile> {
  const folder = await mkdtemp(join(tmpdir(), "ringroute-import-"));
  try {
    // The name tells the table; whatever else it holds is no path here.
    const plain = name.replace(/^\.+|[^\w. -]/g, "_").slice(-MOST_NAME);
    const path = join(folder, plain);
    await pipeline(csvOf(request), createWriteStream(path, { mode: 0o600 }));
    return await readTableFile(path, undefined, desk.settings.region, NAME_IT);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function changesIn({ table, added, changed }: TablePlan, names: Names): ImportAnswer["changes"] {
  return [
    ...changed.map(({ before, cells }) => ({
      kind: "changed" as const,
      keys: keysOf(before),
      before: cellsOf(table, before),
      after: cells,
    })),
    ...added.map(({ keys, cells }) => ({ kind: "added" as const, keys, before: null, after: cells })),
  ]
    .slice(0, MOST_SHOWN)
    .map((change) => ({ ...change, place: namedPlace(table, change.keys, names) }));
}

function faultView({ line, column = "", found = "", expected }: CsvFault) {
  return { line, column, found, expected };
}
