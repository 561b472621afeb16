import { useEffect, useRef, useState } from "preact/hooks";
import type { CallView } from "../../api/calls.ts";
import { formatSecond } from "../shared/time.ts";
import { NARROW, useMedia } from "../shared/use-surroundings.ts";
import { Cell, VirtualList } from "../shared/virtual-list.tsx";
import { classOf, fateOf } from "./fates.ts";

const ROW_HEIGHT = { wide: 34, narrow: 122 } as const;

interface CallListProps {
  /** The oldest first. */
  readonly calls: readonly CallView[];
  readonly onOpen: (call: CallView) => void;
  readonly empty: string;
}

/** Calls, the newest first. While somebody reads on further down, nothing moves: newer calls wait above. */
export function CallList({ calls, onOpen, empty }: CallListProps) {
  const place = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia(NARROW);
  const isReading = useIsReading(place);
  /** The newest call that is shown; undefined while all are. */
  const [held, setHeld] = useState<string>();
  const newest = calls.at(-1)?.id;
  // What is newest at this moment stays the newest shown.
  useEffect(() => setHeld(isReading ? newest : undefined), [isReading]);

  const until = held === undefined ? -1 : calls.findIndex(({ id }) => id === held);
  const shown = until < 0 ? calls : calls.slice(0, until + 1);
  const waiting = calls.length - shown.length;
  return (
    <div class="call-list" ref={place}>
      {waiting > 0 && (
        <button type="button" class="newer" onClick={() => setHeld(newest)}>
          Show {waiting === 1 ? "1 newer call" : `${waiting} newer calls`}
        </button>
      )}
      <VirtualList<CallView>
        label="Calls, the newest first"
        headings={["Received", "Line", "Caller", "Decided by", "Rang", "Outcome", "ms"]}
        name="call-columns"
        items={shown.toReversed()}
        keyOf={({ id }) => id}
        rowHeight={isNarrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide}
        row={(call) => <CallCells call={call} />}
        onOpen={onOpen}
        empty={empty}
      />
    </div>
  );
}

/** Whether the list is scrolled away from its newest call, or has the focus. */
function useIsReading(place: { readonly current: HTMLDivElement | null }): boolean {
  const [isScrolled, setScrolled] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const onScroll = ({ target }: Event) => setScrolled(target instanceof Element && target.scrollTop > 0);
    const onFocus = () => setFocus(element.contains(document.activeElement));
    // Scrolling does not bubble.
    element.addEventListener("scroll", onScroll, true);
    element.addEventListener("focusin", onFocus);
    element.addEventListener("focusout", onFocus);
    return () => {
      element.removeEventListener("scroll", onScroll, true);
      element.removeEventListener("focusin", onFocus);
      element.removeEventListener("focusout", onFocus);
    };
  }, [place]);
  return isScrolled || hasFocus;
}

function CallCells({ call }: { call: CallView }) {
  const { receivedAtMs, line, caller, rule, targets, elapsedMs } = call;
  const fate = fateOf(call);
  return (
    <>
      <Cell>{formatSecond(receivedAtMs)}</Cell>
      {[line, caller, rule, targets].map((text, index) => (
        <Cell key={CELLS[index]}>
          <span title={text}>{text}</span>
        </Cell>
      ))}
      <Cell>
        <span class={`fate-patch ${classOf(fate)}`} aria-hidden="true" /> {fate}
      </Cell>
      <Cell name="number">{elapsedMs}</Cell>
    </>
  );
}

const CELLS = ["line", "caller", "rule", "targets"];
