import { SEVERITIES } from "../check/finding.ts";
import type { StateAnswer } from "./api.ts";
import type { Desk } from "./desk.ts";

/** How the tables stand, for the head of the page. */
export async function answerState(desk: Desk): Promise<StateAnswer> {
  const { value: snapshot, readAtMs, trouble } = await desk.reading();
  const found = desk.findings(snapshot).all;
  const counts = SEVERITIES.map((severity) => [severity, found.filter((each) => each.severity === severity).length]);
  return {
    where: desk.settings.where,
    canRing: desk.settings.stack !== undefined,
    readAtMs,
    version: snapshot.version,
    ...(trouble === undefined ? {} : { trouble }),
    ordinaryCaller: snapshot.ordinaryCaller,
    problems: Object.fromEntries(counts),
    undoable: desk.changes.undoable,
  };
}
