// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by their height are no rows of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to rows and to what is in them
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import "./virtual-list.css";

/** Rows above and below what is seen, so that scrolling shows no blank. */
const SPARE_ROWS = 6;

export interface VirtualListProps<T> {
  /** What the list holds, for screen readers. */
  readonly label: string;
  /** Headings of the columns; the grid's own layout is the style sheet's, by `name`. */
  readonly headings: readonly string[];
  /** A class for rows and heads: their columns' widths. */
  readonly name: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** CSS pixels; every row has the same height, or ten thousand could not be placed unseen. */
  readonly rowHeight: number;
  /** The cells of a row, each a `Cell`. @param tabIndex for what can be focused inside: 0 in the present row */
  readonly row: (item: T, tabIndex: 0 | -1) => ComponentChildren;
  /** Enter on a row, or a click where nothing else takes it. */
  readonly onOpen?: (item: T) => void;
  /** The rows that are drawn, whenever they change. */
  readonly onDrawn?: (items: readonly T[]) => void;
  /** The row to scroll to and make the present one, by its key. */
  readonly reveal?: string;
  readonly empty: string;
}

/**
 * A grid that draws only the rows in view. One stop of the Tab key; arrows, Page Up and Down, Home and End move between
 * rows, Tab goes on to what is inside the present row.
 */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, headings, name, items, keyOf, rowHeight, row, onOpen, onDrawn, reveal, empty } = props;
  const port = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ top: 0, height: 0 });
  const [present, setPresent] = useState(0);
  /** A row that is to have the focus as soon as it is drawn. */
  const wanted = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = port.current;
    if (element === null) return;
    // Only another first row draws anew.
    const measure = () => {
      const top = Math.floor(element.scrollTop / rowHeight) * rowHeight;
      const height = element.clientHeight;
      setScroll((last) => (last.top === top && last.height === height ? last : { top, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [rowHeight]);

  const first = Math.max(0, Math.min(items.length, Math.floor(scroll.top / rowHeight)) - SPARE_ROWS);
  const last = Math.min(items.length, Math.ceil((scroll.top + scroll.height) / rowHeight) + 1 + SPARE_ROWS);
  const drawn = items.slice(first, last);
  const drawnKeys = drawn.map(keyOf).join("\n");
  // The present row stays a stop of the Tab key even when it is scrolled out of view.
  const stop = present >= first && present < last ? present : Math.min(first + SPARE_ROWS, last - 1);

  // The keys stand for the rows.
  useEffect(() => onDrawn?.(drawn), [drawnKeys]);

  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const element = port.current?.querySelector<HTMLElement>(`[aria-rowindex="${wanted.current + 2}"]`);
    if (element === null || element === undefined) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });

  const bringIntoView = (index: number) => {
    const element = port.current;
    if (element === null) return;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  };
  const moveTo = (index: number) => {
    const target = Math.max(0, Math.min(items.length - 1, index));
    wanted.current = target;
    setPresent(target);
    bringIntoView(target);
  };

  // Only a new wish reveals, not every new list.
  useEffect(() => {
    const index = reveal === undefined ? -1 : items.findIndex((item) => keyOf(item) === reveal);
    if (index < 0) return;
    setPresent(index);
    bringIntoView(index);
  }, [reveal, items.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const isOnRow = event.target instanceof HTMLElement && event.target.role === "row";
    const page = Math.max(1, Math.floor(scroll.height / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: stop + 1,
      ArrowUp: stop - 1,
      PageDown: stop + page,
      PageUp: stop - page,
      Home: 0,
      End: items.length - 1,
    };
    const target = steps[event.key];
    const item = items[stop];
    if (target !== undefined) moveTo(target);
    else if (event.key === "Enter" && isOnRow && item !== undefined) onOpen?.(item);
    else return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent, item: T, index: number) => {
    setPresent(index);
    const isTaken = event.target instanceof Element && event.target.closest("a, button, input, select") !== null;
    if (!isTaken) onOpen?.(item);
  };

  return (
    <div class="virtual-list" role="grid" aria-label={label} aria-rowcount={items.length + 1} onKeyDown={onKeyDown}>
      <div class={`virtual-head ${name}`} role="row" aria-rowindex={1}>
        {headings.map((heading) => (
          <span key={heading} role="columnheader">
            {heading}
          </span>
        ))}
      </div>
      <div class="virtual-port" ref={port} role="presentation">
        <div role="rowgroup" class="virtual-space" style={{ height: `${items.length * rowHeight}px` }}>
          {drawn.map((item, offset) => {
            const index = first + offset;
            const tabIndex = index === stop ? 0 : -1;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
              <div
                key={keyOf(item)}
                role="row"
                class={`virtual-row ${name}`}
                aria-rowindex={index + 2}
                tabIndex={tabIndex}
                style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
                onClick={(event) => onClick(event, item, index)}
                onFocusIn={() => setPresent(index)}
              >
                {row(item, tabIndex)}
              </div>
            );
          })}
        </div>
      </div>
      {items.length === 0 && <p class="empty">{empty}</p>}
    </div>
  );
}

interface CellProps {
  readonly name?: string;
  /** Of its column, for a style sheet that labels cells where headings have no room. */
  readonly heading?: string;
  readonly children: ComponentChildren;
}

/** A cell of a row of a `VirtualList`. */
export function Cell({ name, heading, children }: CellProps) {
  return (
    <div role="gridcell" class={name ?? ""} data-heading={heading}>
      {children}
    </div>
  );
}
