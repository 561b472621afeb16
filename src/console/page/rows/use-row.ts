import { useEffect, useState } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import type { RowKeys } from "../../../store/layouts.ts";
import type { RowView } from "../../api/changing.ts";
import { AskFault, get, pathOf, saysOf } from "../shared/ask.ts";

export interface OneRow {
  /** Null when there is none; undefined until that is known. */
  readonly row?: RowView | null;
  readonly fault?: string;
}

/**
 * A row by its keys, asked for once: somebody may be typing over it. What others write meanwhile is found by the review.
 *
 * @param turn another number asks again
 */
export function useRow(table: RowTable, { partitionKey, rowKey }: RowKeys, turn: number): OneRow {
  const [found, setFound] = useState<OneRow>({});
  useEffect(() => {
    const stop = new AbortController();
    setFound({});
    get<RowView>(pathOf("/api/row", { table, partition: partitionKey, row: rowKey }), stop.signal).then(
      (row) => setFound({ row }),
      (thrown: unknown) => {
        if (stop.signal.aborted) return;
        setFound(thrown instanceof AskFault && thrown.status === 404 ? { row: null } : { fault: saysOf(thrown) });
      },
    );
    return () => stop.abort();
  }, [table, partitionKey, rowKey, turn]);
  return found;
}
