import type { Finding } from "../check/finding.ts";
import type { Names } from "../cli/names.ts";
import type { Problem, ProblemsAnswer } from "./api/changing.ts";
import type { Desk } from "./desk.ts";
import { namedPlace } from "./named.ts";

/** What `ringroute check` finds. */
export async function answerProblems(desk: Desk): Promise<ProblemsAnswer> {
  const snapshot = await desk.checkedSnapshot();
  return { problems: problemsOf(desk.findings(snapshot).all, snapshot.names) };
}

export function problemsOf(findings: readonly Finding[], names: Names): readonly Problem[] {
  return findings.map(({ partitionKey, rowKey, ...finding }) => {
    const keys = { partitionKey, rowKey };
    const column = finding.column === undefined ? "" : `, column ${finding.column}`;
    return { ...finding, keys, place: namedPlace(finding.table, keys, names) + column };
  });
}
