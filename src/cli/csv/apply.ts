import { Fault } from "../../errors.ts";
import { normaliseGuid } from "../../routing/party.ts";
import type { RowTable } from "../../store/cells.ts";
import { type Cells, cellsOf, type RowKeys, saysTheSame } from "../../store/layouts.ts";
import { compareKeys, MOST_IN_TRANSACTION, type RowEdit, writeRow, writeTogether } from "../../store/row-edits.ts";
import { readRow, type Tables } from "../../store/tables.ts";
import { MistakeError } from "../exit.ts";
import { rowName } from "../rows/row-text.ts";
import { cellChanges, sizeOf, type TablePlan } from "./plan.ts";
import { formatChange } from "./plan-text.ts";

type Write = Exclude<RowEdit, { kind: "remove" }>;
type Removal = Extract<RowEdit, { kind: "remove" }>;

/** What is written at once: rows of one partition, all or none; or one row that goes. */
export type Batch =
  | { readonly kind: "write"; readonly edits: readonly Write[] }
  | { readonly kind: "remove"; readonly edits: readonly [Removal] };

/** What is under way when it is interrupted has so long to be finished; a service that hangs has no more. */
const GRACE_MS = 1000;

/** Batches under way at the same time. The service takes 2000 rows a second of one partition, and 20,000 in all. */
const AT_ONCE = 16;

export interface Applied {
  /** Rows that are written or removed. */
  readonly rows: number;
  /** Whether all of it is done; otherwise somebody interrupted it. */
  readonly whole: boolean;
}

/**
 * Carries plans out, in an order in which no line loses its answer on the way. Whatever ends it, whole batches are
 * written, and a new plan takes up the rest.
 *
 * @param interrupted ends it behind what is under way, unless that takes long
 * @param onProgress told how many rows are written
 * @throws MistakeError when somebody else changed a row meanwhile; a Fault when the tables cannot be had
 */
export async function applyPlans(
  tables: Tables,
  plans: readonly TablePlan[],
  interrupted: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<Applied> {
  let rows = 0;
  const overdue = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const startGrace = () => {
    grace = setTimeout(() => overdue.abort(), GRACE_MS);
  };
  interrupted.addEventListener("abort", startGrace, { once: true });
  try {
    for (const stage of stagesOf(plans)) {
      await inParallel(stage, interrupted, async (batch) => {
        await writeBatch(tables, batch, overdue.signal);
        rows += batch.edits.length;
        onProgress(rows);
      });
    }
  } finally {
    interrupted.removeEventListener("abort", startGrace);
    clearTimeout(grace);
  }
  return { rows, whole: rows === plans.reduce((sum, plan) => sum + sizeOf(plan), 0) };
}

/**
 * The order of writing: what rules name comes before the rules, rules that many lines share before those of one, rules
 * before the lines that lean on them. Then removals the other way round, when nothing needs the rows any more.
 *
 * @returns stages, one after the other; batches within one may go together
 */
export function stagesOf(plans: readonly TablePlan[]): readonly Iterable<Batch>[] {
  const plansOf = ({ table }: Step) => plans.filter((plan) => plan.table === table);
  return [
    ...STEPS.flatMap((step) => plansOf(step).map((plan) => writesOf(plan, step.rank))),
    ...STEPS.toReversed().flatMap((step) => plansOf(step).map((plan) => removalsOf(plan, step.rank))),
  ];
}

/** A table, or of Routes the partitions of one rank. */
interface Step {
  readonly table: RowTable;
  readonly rank?: number;
}

const SHARED_BY_ALL = 0;
const SHARED_BY_SOME = 1;
const OF_ONE_LINE = 2;

const STEPS: readonly Step[] = [
  { table: "CallerLists" },
  { table: "Schedules" },
  ...[SHARED_BY_ALL, SHARED_BY_SOME, OF_ONE_LINE].map((rank) => ({ table: "Routes" as const, rank })),
  { table: "Lines" },
];

/** Whom a partition of Routes answers for. */
function rankOf(partitionKey: string): number {
  if (partitionKey === "default") return SHARED_BY_ALL;
  const isLine = normaliseGuid(partitionKey) !== undefined || partitionKey.startsWith("+");
  return isLine ? OF_ONE_LINE : SHARED_BY_SOME;
}

/** What a plan writes, sorted by partition and made row by row, since lists are long. */
function* writesOf({ table, added, changed }: TablePlan, rank?: number): Generator<Batch> {
  const keysOf = (row: (typeof added)[number] | (typeof changed)[number]): RowKeys => {
    const { partitionKey, rowKey } = "keys" in row ? row.keys : row.before;
    // The keys alone: with the row's other cells among them, those that it is to lose would stay.
    return { partitionKey, rowKey };
  };
  const isNow = ({ partitionKey }: RowKeys) => rank === undefined || rankOf(partitionKey) === rank;
  const rows = [...added, ...changed].filter((row) => isNow(keysOf(row)));
  rows.sort((one, other) => compareKeys(keysOf(one), keysOf(other)));
  let edits: Write[] = [];
  for (const row of rows) {
    const partition = edits[0]?.keys.partitionKey;
    if (partition !== undefined && (partition !== keysOf(row).partitionKey || edits.length === MOST_IN_TRANSACTION)) {
      yield { kind: "write", edits };
      edits = [];
    }
    const { cells } = row;
    edits.push(
      "keys" in row
        ? { kind: "insert", table, keys: row.keys, cells }
        : { kind: "replace", table, keys: keysOf(row), cells, before: row.before },
    );
  }
  if (edits.length > 0) yield { kind: "write", edits };
}

function* removalsOf({ table, removed }: TablePlan, rank?: number): Generator<Batch> {
  for (const before of removed) {
    if (rank !== undefined && rankOf(before.partitionKey) !== rank) continue;
    yield { kind: "remove", edits: [{ kind: "remove", table, keys: before, before }] };
  }
}

async function writeBatch(tables: Tables, batch: Batch, signal: AbortSignal): Promise<void> {
  try {
    if (batch.kind === "write") await writeTogether(tables, batch.edits, signal);
    else await writeRow(tables, batch.edits[0], signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "row-changed") throw error;
    const standings = await Promise.all(batch.edits.map((edit) => standingOf(tables, edit, signal)));
    const differences = standings.flatMap((standing) => (Array.isArray(standing) ? standing : []));
    if (differences.length > 0)
      throw new MistakeError(`Somebody else changed rows meanwhile:\n${differences.join("\n")}`);
    // Rows that are as they should be already: the answer to our own write was lost, and the SDK wrote again.
    if (standings.every((standing) => standing === "done")) return;
    if (batch.kind === "remove" || !standings.includes("done")) throw error;
    const left = batch.edits.filter((_, at) => standings[at] !== "done");
    await writeBatch(tables, { kind: "write", edits: left }, signal);
  }
}

/** How a row stands whose writing failed: as the plan wants it, as the plan found it, or otherwise, told in lines. */
async function standingOf(tables: Tables, edit: RowEdit, signal: AbortSignal): Promise<"done" | "as-found" | string[]> {
  const { table, keys } = edit;
  const place = `  ${rowName(table, keys)}`;
  const now = await readRow(tables[table], keys.partitionKey, keys.rowKey, signal);
  if (now === undefined) {
    if (edit.kind === "replace") return [`${place} is gone`];
    return edit.kind === "remove" ? "done" : "as-found";
  }
  const cells = cellsOf(table, now);
  if (edit.kind !== "remove" && saysTheSame(cells, edit.cells)) return "done";
  if (edit.kind === "insert") return [`${place} is there now: ${summaryOf(cells)}`];
  if (now.etag === edit.before.etag) return "as-found";
  const changes = cellChanges(table, cellsOf(table, edit.before), cells, undefined);
  return changes.length === 0
    ? [`${place} was written again`]
    : changes.map((change) => `${place}: ${formatChange(change)}`);
}

function summaryOf(cells: Cells): string {
  return Object.entries(cells)
    .map(([column, text]) => `${column} ${text}`)
    .join(", ");
}

/** Works on several items at once. After a failure, or once interrupted, no further one is begun. */
async function inParallel<T>(items: Iterable<T>, interrupted: AbortSignal, work: (item: T) => Promise<void>) {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    while (!failed && !interrupted.aborted) {
      const next = iterator.next();
      if (next.done) return;
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
