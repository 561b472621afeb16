import type { Finding } from "../../check/finding.ts";
import type { Steps } from "../../check/steps.ts";
import type { Region } from "../../routing/phone-number.ts";
import { type ListSummary, ListTally } from "../../store/book.ts";
import { type Row, type RowTable, TABLES } from "../../store/cells.ts";
import { rowOf } from "../../store/layouts.ts";
import { readAllRows } from "../../store/row-edits.ts";
import { readLine } from "../../store/rule-rows.ts";
import { readPartition } from "../../store/tables.ts";
import { LINE_PARTITION } from "../../store/typed-keys.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import { findNew, isDuplicate, movedTo } from "../rows/review-edit.ts";
import type { Session } from "../session.ts";
import { checkContextOf } from "../settings.ts";
import { type TablePlan, TablePlanner } from "./plan.ts";
import type { TableFile } from "./table-file.ts";

/** The tables as they are and as they would be after an import. */
export interface Survey {
  readonly plans: readonly TablePlan[];
  readonly before: WholeRows;
  readonly after: WholeRows;
  readonly listsBefore: ListSummary;
  readonly listsAfter: ListSummary;
}

/** Compares files with their tables. CallerLists is read page by page, and only what the plan needs of it is kept. */
export async function surveyTables(session: Session, files: readonly TableFile[], prune: boolean): Promise<Survey> {
  const { tables, host, out, settings, startedAt } = session;
  const before = await readWholeRows(session);
  const plans: TablePlan[] = [];
  const plannerOf = (table: RowTable) => {
    const file = files.find((each) => each.table === table);
    return file && new TablePlanner(file, { prune, region: settings.region });
  };
  const finish = (planner: TablePlanner | undefined) => {
    const plan = planner?.finish();
    if (plan !== undefined) plans.push(plan);
    return plan?.added.map(({ keys, cells }) => rowOf(keys, cells)) ?? [];
  };
  const wholeAfter = (table: keyof WholeRows): readonly Row[] => {
    const planner = plannerOf(table);
    if (planner === undefined) return before[table];
    return [...before[table].flatMap((row) => planner.see(row) ?? []), ...finish(planner)];
  };
  const after = { Lines: wholeAfter("Lines"), Routes: wholeAfter("Routes"), Schedules: wholeAfter("Schedules") };
  const planner = plannerOf("CallerLists");
  const [listsBefore, listsAfter] = [new ListTally(startedAt.getTime()), new ListTally(startedAt.getTime())];
  let count = 0;
  for await (const row of readAllRows(tables.CallerLists, host.interrupted)) {
    if (++count % 10_000 === 0) out.progress(`Compared ${count.toLocaleString("en")} rows of CallerLists`);
    listsBefore.add(row);
    const next = planner === undefined ? row : planner.see(row);
    if (next !== undefined) listsAfter.add(next);
  }
  for (const row of finish(planner)) listsAfter.add(row);
  const inOrder = TABLES.flatMap((table) => plans.find((plan) => plan.table === table) ?? []);
  return { plans: inOrder, before, after, listsBefore, listsAfter };
}

/** Mistakes of all rows together that are there only after the import. */
export function* findInSurvey(
  { plans, before, after, listsBefore, listsAfter }: Survey,
  { settings, startedAt }: Pick<Session, "settings" | "startedAt">,
): Steps<readonly Finding[]> {
  const findings = yield* findNew(
    { rows: before, lists: listsBefore },
    { rows: after, lists: listsAfter },
    checkContextOf(settings, startedAt.getTime()),
  );
  return findings.map((finding) => ofImportedLine(finding, plans, after.Lines, settings.region));
}

/** Of two lines with one number or name the check names the later by its id. Here the one that the file brings is at fault. */
function ofImportedLine(
  finding: Finding,
  plans: readonly TablePlan[],
  lines: readonly Row[],
  region: Region | undefined,
): Finding {
  const { rowKey, column, found } = finding;
  if (!isDuplicate(finding) || (column !== "number" && column !== "name")) return finding;
  const plan = plans.find(({ table }) => table === "Lines");
  const written = [...(plan?.added.map(({ keys }) => keys) ?? []), ...(plan?.changed.map((row) => row.before) ?? [])];
  const imported = new Set(
    written.filter(({ partitionKey }) => partitionKey === LINE_PARTITION).map((row) => row.rowKey),
  );
  if (imported.has(rowKey)) return finding;
  const own = lines.find(
    (row) =>
      row.partitionKey === LINE_PARTITION &&
      imported.has(row.rowKey) &&
      readLine(row, region).value?.[column]?.toLowerCase() === found?.toLowerCase(),
  );
  return own === undefined ? finding : movedTo(own, finding, lines);
}

/** A caller's rows of CallerLists as they would be: those that stand there, with what the plan makes of them. */
export function callerListsAfter(plans: readonly TablePlan[], { tables }: Pick<Session, "tables">) {
  const plan = plans.find(({ table }) => table === "CallerLists");
  const changed = Map.groupBy(plan?.changed ?? [], ({ before }) => before.partitionKey);
  const removed = Map.groupBy(plan?.removed ?? [], ({ partitionKey }) => partitionKey);
  const added = Map.groupBy(plan?.added ?? [], ({ keys }) => keys.partitionKey);
  return async (caller: string, signal: AbortSignal): Promise<readonly Row[]> => {
    const stored = await readPartition(tables.CallerLists, caller, signal);
    const gone = new Set(
      [...(changed.get(caller) ?? []).map(({ before }) => before), ...(removed.get(caller) ?? [])].map(
        ({ rowKey }) => rowKey,
      ),
    );
    return [
      ...stored.filter(({ rowKey }) => !gone.has(rowKey)),
      ...(changed.get(caller) ?? []).map(({ before, cells }) => rowOf(before, cells)),
      ...(added.get(caller) ?? []).map(({ keys, cells }) => rowOf(keys, cells)),
    ];
  };
}
