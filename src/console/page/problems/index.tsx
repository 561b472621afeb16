import { SEVERITIES, type Severity } from "../../../check/finding.ts";
import type { Problem, ProblemsAnswer } from "../../api/changing.ts";
import { useLine } from "../shared/lines.ts";
import { linkTo, useRoute } from "../shared/route.ts";
import { useConsoleState } from "../shared/state.ts";
import { StillChecking, useStillChecking } from "../shared/still-checking.tsx";
import { useAnswer } from "../shared/use-answer.ts";
import { ProblemList } from "./problem-list.tsx";
import "./problems.css";

const HEADINGS: Readonly<Record<Severity, string>> = {
  error: "Errors: calls go elsewhere than a row says",
  warning: "Warnings: probably not meant",
  note: "Notes: worth knowing",
};

/** What the check finds, the gravest first, each with the way to its cell. */
export function ProblemsView() {
  const { line: named } = useRoute().params;
  const { line, fault } = useLine(named);
  const answer = useAnswer<ProblemsAnswer>("/api/problems", { version: useConsoleState()?.version });
  const isChecking = useStillChecking();
  const isFinding = named !== undefined && line === undefined && fault === undefined;
  const all = isFinding ? undefined : answer.value?.problems;
  const shown = all?.filter((problem) => line === undefined || isOfLine(problem, line.id)) ?? [];
  return (
    <div class="view">
      <header>
        <h1>Problems</h1>
        {all && <p class="faint">{countsOf(shown)}</p>}
        <StillChecking />
      </header>
      {answer.fault && <p class="fault">{answer.fault}</p>}
      {fault && <p class="fault">{fault}</p>}
      {line && (
        <p class="note">
          Only those in the own rows of {line.label}. <a href={linkTo("problems")}>Show all</a>
        </p>
      )}
      {all === undefined && !answer.fault && <p class="empty">Checking the tables…</p>}
      {all && shown.length === 0 && (
        <p class="empty">The {isChecking ? "last check found" : "check finds"} nothing wrong.</p>
      )}
      {SEVERITIES.map((severity) => {
        const those = shown.filter((each) => each.severity === severity);
        if (those.length === 0) return null;
        return (
          <section key={severity} aria-labelledby={`problems-${severity}`}>
            <h2 id={`problems-${severity}`}>
              {HEADINGS[severity]} ({those.length})
            </h2>
            <ProblemList problems={those} />
          </section>
        );
      })}
    </div>
  );
}

/** Whether a problem is in a line's own row or in one of its own rules. */
function isOfLine({ table, keys: { partitionKey, rowKey } }: Problem, line: string): boolean {
  return (table === "Lines" && rowKey === line) || (table === "Routes" && partitionKey === line);
}

function countsOf(problems: readonly Problem[]): string {
  return SEVERITIES.map((severity) => {
    const count = problems.filter((each) => each.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  }).join(", ");
}
