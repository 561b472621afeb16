import { odata, type TableClient, type TransactionAction } from "@azure/data-tables";
import { GUARD, HOUR_MS, hourOf } from "./call-rows.ts";
import { orFault } from "./tables.ts";

/** Rows a transaction may hold. */
const BATCH = 100;
/** A call without an end after so long will not get one: the platform's notice was lost. */
const STALE_AFTER_HOURS = 24;
/** How far back to look for them: past what an earlier run has missed. */
const STALE_UNTIL_HOURS = 27;
/** An hour's first partition sorts after all others that are older, and before the rotations' keys. */
const FIRST_YEAR = "2000";

export interface PruneCounts {
  readonly deleted: number;
  readonly closed: number;
}

/**
 * Deletes rows of calls that are older than the retention, and closes those whose end never came with outcome `unknown`.
 *
 * Works through the partitions oldest first, in batches, until the signal ends it; what is left waits for the next run.
 *
 * @throws Fault when the table does not answer
 */
export async function pruneCalls(
  calls: TableClient,
  retentionDays: number,
  now: Date,
  signal: AbortSignal,
): Promise<PruneCounts> {
  const hoursAgo = (hours: number) => hourOf(new Date(now.getTime() - hours * HOUR_MS));
  const closed = await change(calls, hoursAgo(STALE_UNTIL_HOURS), hoursAgo(STALE_AFTER_HOURS), signal, closing);
  const deleted = await change(calls, FIRST_YEAR, hoursAgo(retentionDays * 24), signal, deleting);
  return { deleted, closed };
}

interface FoundRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly status?: unknown;
  readonly outcome?: unknown;
  readonly endedAt?: unknown;
}

const deleting = ({ partitionKey, rowKey }: FoundRow): TransactionAction => ["delete", { partitionKey, rowKey }];

function closing({ partitionKey, rowKey, status, outcome, endedAt }: FoundRow): TransactionAction | undefined {
  if (status === GUARD || outcome !== undefined || endedAt !== undefined) return undefined;
  return ["update", { partitionKey, rowKey, outcome: "unknown", closedByAge: true }, "Merge"];
}

/** Applies a change to all rows of the hours from `first` until just before `end`. @returns how many rows changed */
async function change(
  calls: TableClient,
  first: string,
  end: string,
  abortSignal: AbortSignal,
  actionOn: (row: FoundRow) => TransactionAction | undefined,
): Promise<number> {
  const filter = odata`PartitionKey ge ${first} and PartitionKey lt ${end}`;
  const select = ["partitionKey", "rowKey", "status", "outcome", "endedAt"];
  let changed = 0;
  let batch: { readonly partitionKey: string; readonly actions: TransactionAction[] } | undefined;
  const flush = async () => {
    if (batch === undefined) return;
    const { actions } = batch;
    batch = undefined;
    await calls.submitTransaction(actions, { abortSignal });
    changed += actions.length;
  };
  await orFault(calls, async () => {
    for await (const row of calls.listEntities<FoundRow>({ queryOptions: { filter, select }, abortSignal })) {
      const action = actionOn(row);
      if (action === undefined) continue;
      if (batch?.partitionKey !== row.partitionKey || batch.actions.length === BATCH) await flush();
      batch ??= { partitionKey: row.partitionKey, actions: [] };
      batch.actions.push(action);
    }
    await flush();
  });
  return changed;
}
