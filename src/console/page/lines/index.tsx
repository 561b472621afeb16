import { useState } from "preact/hooks";
import type { LineView, NextAnswer } from "../../api/looking.ts";
import { pathOf } from "../shared/ask.ts";
import { useLines } from "../shared/lines.ts";
import { goTo, useRoute } from "../shared/route.ts";
import { searchLines } from "../shared/search-lines.ts";
import { useConsoleState } from "../shared/state.ts";
import { StillChecking } from "../shared/still-checking.tsx";
import { useAnswer } from "../shared/use-answer.ts";
import { NARROW, NOW_EVERY_MS, useMedia, useSettled } from "../shared/use-surroundings.ts";
import { VirtualList } from "../shared/virtual-list.tsx";
import { LineRow } from "./line-row.tsx";
import "./lines.css";

const ROW_HEIGHT = { wide: 58, narrow: 192 } as const;
const NEXT_EVERY_MS = 30_000;
/** While a hand scrolls, nothing is asked. */
const SETTLED_MS = 120;

/** Every line: who rings now and why, what changes next, what is wrong. */
export function LinesView() {
  const find = useRoute().params.find ?? "";
  const isNarrow = useMedia(NARROW);
  const lines = useLines(NOW_EVERY_MS);
  const [drawn, setDrawn] = useState<readonly string[]>([]);
  const version = useConsoleState()?.version;
  const asked = useSettled(drawn.join(","), SETTLED_MS);
  const next = useAnswer<NextAnswer>(asked === "" ? undefined : pathOf("/api/next", { lines: asked }), {
    everyMs: NEXT_EVERY_MS,
    version,
  });

  const all = lines.value?.lines ?? [];
  const found = searchLines(all, find);
  return (
    <div class="view lines-view">
      <header>
        <h1>Lines</h1>
        <p class="faint" role="status">
          {lines.value &&
            (found.length === all.length ? `${all.length} lines` : `${found.length} of ${all.length} lines`)}
        </p>
        <StillChecking />
      </header>
      <div class="controls">
        <div class="field find-line">
          <label for="find-line">Find a line</label>
          <input
            id="find-line"
            type="search"
            placeholder="Name, number in any spelling, id, site or group"
            value={find}
            onInput={({ currentTarget }) => goTo("lines", { find: currentTarget.value }, "replace")}
          />
        </div>
      </div>
      {lines.fault && lines.value === undefined && <p class="fault">{lines.fault}</p>}
      <VirtualList<LineView>
        label="Lines, as an ordinary caller meets them now"
        headings={["Line", "Rings now", "Changes next", "Standing"]}
        name="line-columns"
        items={found}
        keyOf={({ id }) => id}
        rowHeight={isNarrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide}
        row={(line, tabIndex) => <LineRow line={line} next={next.value?.next[line.id]} tabIndex={tabIndex} />}
        onOpen={({ id }) => goTo("week", { line: id })}
        onDrawn={(items) => setDrawn(items.map(({ id }) => id))}
        empty={emptyBecause(lines.value !== undefined, all.length, find)}
      />
    </div>
  );
}

function emptyBecause(hasAnswer: boolean, count: number, find: string): string {
  if (!hasAnswer) return "Asking for the lines…";
  if (count > 0) return `No line is called "${find}".`;
  return "There are no lines yet: add a row to Lines or Routes.";
}
