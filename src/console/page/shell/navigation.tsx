import { useEffect, useState } from "preact/hooks";
import type { StateAnswer } from "../../api/looking.ts";
import { linkTo, type Params, type Route, VIEWS, type View } from "../shared/route.ts";

export const TITLES: Readonly<Record<View, string>> = {
  lines: "Lines",
  week: "Week",
  quarter: "Quarter",
  try: "Try a call",
  calls: "Calls",
  rows: "Change",
  import: "Import",
  problems: "Problems",
};

/** Views that show one line and one caller: going from one to another keeps both. */
const OF_A_LINE: ReadonlySet<View> = new Set(["week", "quarter", "try"]);

/** The ways to the views; on a narrow screen behind a button. */
export function Navigation({ route, state }: { route: Route; state: StateAnswer | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const { view: present, params } = route;
  // Who has arrived needs the menu no more.
  useEffect(() => setOpen(false), [present]);
  const kept: Params = OF_A_LINE.has(present) ? { line: params.line, caller: params.caller } : {};
  return (
    <>
      <button
        type="button"
        class="menu"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => setOpen(!isOpen)}
      >
        {TITLES[present]} <span aria-hidden="true">{isOpen ? "▴" : "▾"}</span>
      </button>
      <nav id="navigation" aria-label="Views" class={isOpen ? "open" : ""}>
        <ul>
          {VIEWS.map((view) => (
            <li key={view}>
              <a
                href={linkTo(view, OF_A_LINE.has(view) ? kept : {})}
                aria-current={view === present ? "page" : undefined}
              >
                {TITLES[view]}
                {view === "problems" && state && <ProblemCount state={state} />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

/** How many problems the last check found, with `…` while the rows as they are now are still being checked. */
function ProblemCount({ state: { problems, isChecked } }: { state: StateAnswer }) {
  const { error, warning, note } = problems;
  const count = error + warning + note;
  if (count === 0 && isChecked) return null;
  const worst = error > 0 ? "error" : warning > 0 ? "warning" : "note";
  return (
    <span class={`count ${worst}`}>
      {count}
      {!isChecked && <span aria-hidden="true">…</span>}
      <span class="hidden">
        : {error} errors, {warning} warnings, {note} notes{!isChecked && ", still checking"}
      </span>
    </span>
  );
}
