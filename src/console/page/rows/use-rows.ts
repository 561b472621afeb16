import { useCallback, useEffect, useState } from "preact/hooks";
import type { RowTable } from "../../../store/cells.ts";
import type { RowsAnswer, RowView } from "../../api/changing.ts";
import { get, pathOf, saysOf } from "../shared/ask.ts";
import { NOW_EVERY_MS, useTurns } from "../shared/use-surroundings.ts";

/** Rows that are asked for at once. */
const PAGE = 200;
const RETRY_MS = 5000;

/** A place in the list whose row has not come yet, by its index. */
export type Place = RowView | number;

export interface Rows {
  /** As many as the table has rows; undefined until the first have come. */
  readonly places?: readonly Place[];
  readonly fault?: string;
  /** What the server tells of the search: that it looked through a part of the table. */
  readonly note?: string;
  /** Tells which places are in view, so that their rows are asked for. */
  readonly onDrawn: (places: readonly Place[]) => void;
  /** Asks again at once, as after a write. */
  readonly again: () => void;
}

interface Held {
  /** Of which list the places are. */
  readonly list: string;
  readonly places?: readonly Place[];
  readonly fault?: string;
  readonly note?: string;
}

/**
 * The rows of a table, page by page as they come into view, and again as time passes: it changes which of them count now.
 *
 * @param version asks again when a row has changed
 */
export function useRows(table: RowTable, find: string, version: string | undefined): Rows {
  const list = `${table} ${find}`;
  const [held, setHeld] = useState<Held>({ list });
  const [pages, setPages] = useState({ first: 0, last: 0 });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  const clockTurn = useTurns(NOW_EVERY_MS);

  useEffect(() => {
    const stop = new AbortController();
    const ask = async (page: number) => {
      const offset = page * PAGE;
      const params = { table, find: find || undefined, offset: String(offset), limit: String(PAGE) };
      const answer = await get<RowsAnswer>(pathOf("/api/rows", params), stop.signal);
      const { note } = answer;
      setHeld((last) => ({
        list,
        places: filledIn(last.list === list ? last.places : undefined, answer),
        ...(note === undefined ? {} : { note }),
      }));
    };
    const wanted = Array.from({ length: pages.last - pages.first + 1 }, (_, index) => pages.first + index);
    let timer: ReturnType<typeof setTimeout> | undefined;
    Promise.all(wanted.map(ask)).catch((thrown: unknown) => {
      if (stop.signal.aborted) return;
      setHeld((last) => ({ ...(last.list === list ? last : { list }), fault: saysOf(thrown) }));
      timer = setTimeout(again, RETRY_MS);
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [table, find, version, turn, clockTurn, pages.first, pages.last, again]);

  const { places, fault, note }: Omit<Held, "list"> = held.list === list ? held : {};
  const onDrawn = (drawn: readonly Place[]) => {
    const [first, last] = [drawn[0], drawn.at(-1)].map((place) => (place === undefined ? 0 : indexOf(place, places)));
    const next = { first: Math.floor((first ?? 0) / PAGE), last: Math.floor((last ?? 0) / PAGE) };
    setPages((present) => (present.first === next.first && present.last === next.last ? present : next));
  };
  return {
    ...(places && { places }),
    ...(fault === undefined ? {} : { fault }),
    ...(note === undefined ? {} : { note }),
    onDrawn,
    again,
  };
}

function indexOf(place: Place, places: readonly Place[] = []): number {
  return typeof place === "number" ? place : places.indexOf(place);
}

/** What is known of a list, with one more page. Rows of other pages stay while the list is as long as it was. */
function filledIn(known: readonly Place[] | undefined, { total, offset, rows }: RowsAnswer): readonly Place[] {
  const isSame = known?.length === total;
  return Array.from(
    { length: total },
    (_, index) => rows[index - offset] ?? (isSame ? known[index] : undefined) ?? index,
  );
}
