import type { Finding } from "../check/finding.ts";
import type { Problem, ProblemsAnswer } from "./api.ts";
import type { Desk } from "./desk.ts";

/** What `ringroute check` finds. */
export async function answerProblems(desk: Desk): Promise<ProblemsAnswer> {
  return { problems: desk.findings(await desk.snapshot()).all.map(problemOf) };
}

export function problemOf({ partitionKey, rowKey, ...finding }: Finding): Problem {
  return { ...finding, keys: { partitionKey, rowKey } };
}
