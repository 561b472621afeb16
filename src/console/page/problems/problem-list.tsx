import type { Problem } from "../../api/changing.ts";
import { linkTo } from "../shared/route.ts";

/** The address of a problem's cell; of a whole list of CallerLists, the rows that are on it. */
function linkToProblem({ table, keys: { partitionKey, rowKey }, column }: Problem): string {
  if (partitionKey === "") return linkTo("rows", { table, find: rowKey });
  return linkTo("rows", { table, partition: partitionKey, row: rowKey, column });
}

/** Problems with what to do about each. @param isLinked false where a link would lead away from what is being written */
export function ProblemList({ problems, isLinked = true }: { problems: readonly Problem[]; isLinked?: boolean }) {
  return (
    <ul class="problem-list">
      {problems.map((problem, index) => (
        <li key={index} class={`problem ${problem.severity}`}>
          <p>
            <span class={`severity ${problem.severity}`}>{problem.severity}</span>{" "}
            {isLinked ? (
              <a href={linkToProblem(problem)}>{problem.place}</a>
            ) : (
              <strong class="place">{problem.place}</strong>
            )}
          </p>
          <p>
            {problem.says}
            {problem.found !== undefined && problem.found !== "" && (
              <span class="faint">
                {" "}
                Found <code>{problem.found}</code>.
              </span>
            )}
          </p>
          <p class="remedy">{problem.remedy}</p>
        </li>
      ))}
    </ul>
  );
}
