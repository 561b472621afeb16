import { useEffect, useState } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import type { RowKeys } from "../../../store/layouts.ts";
import type { RowsAnswer, RowView } from "../../api.ts";
import { get, pathOf, saysOf } from "../shared/ask.ts";

/** As many as the server gives at once: other rows may hold the text that is looked for. */
export const MOST_ROWS = "1000";
/** The server reads the tables every few seconds. */
const AGAIN_MS = 1000;

export interface OneRow {
  /** Null when there is none; undefined until that is known. */
  readonly row?: RowView | null;
  readonly fault?: string;
}

/**
 * A row by its keys, asked for once: somebody may be typing over it. What others write meanwhile is found by the review.
 *
 * @param outdated the ETag of a version that is known to be old: it is asked until there is another
 */
export function useRow(table: RowTable, { partitionKey, rowKey }: RowKeys, outdated: string | undefined): OneRow {
  const [found, setFound] = useState<OneRow>({});
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const find = textOfKey(table === "Lines" ? rowKey : partitionKey);
    const path = pathOf("/api/rows", { table, find, limit: MOST_ROWS });
    const ask = async () => {
      try {
        const { rows } = await get<RowsAnswer>(path, stop.signal);
        const row = rows.find(({ keys }) => keys.partitionKey === partitionKey && keys.rowKey === rowKey) ?? null;
        if (row !== null && row.etag === outdated) timer = setTimeout(ask, AGAIN_MS);
        else setFound({ row });
      } catch (thrown) {
        if (!stop.signal.aborted) setFound({ fault: saysOf(thrown) });
      }
    };
    setFound({});
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [table, partitionKey, rowKey, outdated]);
  return found;
}

/** What a key stands for, which is what the server looks for: a key holds `/` and the like percent-encoded. */
function textOfKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // Not one that we have encoded.
    return key;
  }
}
