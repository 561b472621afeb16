import { useEffect, useRef } from "preact/hooks";
import { unreachable } from "../../../errors.ts";
import type { StateAnswer } from "../../api/looking.ts";
import { CallsView } from "../calls/index.tsx";
import { ImportView } from "../import/index.tsx";
import { LinesView } from "../lines/index.tsx";
import { ProblemsView } from "../problems/index.tsx";
import { QuarterView } from "../quarter/index.tsx";
import { RowsView } from "../rows/index.tsx";
import { Announcer } from "../shared/announce.tsx";
import { useRoute, type View } from "../shared/route.ts";
import { ConsoleState } from "../shared/state.ts";
import { useAnswer } from "../shared/use-answer.ts";
import { TryView } from "../try/index.tsx";
import { WeekView } from "../week/index.tsx";
import "./shell.css";
import { Navigation, TITLES } from "./navigation.tsx";
import { Standing } from "./standing.tsx";
import { Trouble } from "./trouble.tsx";

const STATE_EVERY_MS = 3000;

/** The frame around every view: where the rows are from, how old they are, what is wrong with them, and the ways around. */
export function Shell() {
  const route = useRoute();
  const state = useAnswer<StateAnswer>("/api/state", { everyMs: STATE_EVERY_MS });
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${TITLES[route.view]}: Ringroute`;
    // The focus stays where the browser put it when the page opens.
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [route.view]);

  return (
    <ConsoleState.Provider value={state.value ?? null}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div class="frame">
        <header class="side">
          <a class="brand" href="#/lines">
            Ringroute
          </a>
          <Navigation route={route} state={state.value} />
          <Standing state={state.value} onUndone={state.again} />
        </header>
        <main ref={main} tabIndex={-1}>
          <Trouble answer={state} />
          <ViewOf view={route.view} />
        </main>
      </div>
      <Announcer />
    </ConsoleState.Provider>
  );
}

function ViewOf({ view }: { view: View }) {
  switch (view) {
    case "lines":
      return <LinesView />;
    case "week":
      return <WeekView />;
    case "quarter":
      return <QuarterView />;
    case "try":
      return <TryView />;
    case "calls":
      return <CallsView />;
    case "rows":
      return <RowsView />;
    case "import":
      return <ImportView />;
    case "problems":
      return <ProblemsView />;
    default:
      return unreachable(view);
  }
}
