import { SEVERITIES } from "../check/finding.ts";
import type { StateAnswer } from "./api/looking.ts";
import type { Desk } from "./desk.ts";

/** Milliseconds that the very first answer waits for a check: few rows are checked by then, and the page asks but once. */
const MOMENT_MS = 100;

/** How the tables stand, for the head of the page. */
export async function answerState(desk: Desk): Promise<StateAnswer> {
  const { value: snapshot, readAtMs, trouble } = await desk.reading();
  if (desk.checked(snapshot) === undefined) await desk.checkedWithin(snapshot, MOMENT_MS);
  const checked = desk.checked(snapshot);
  const found = checked?.findings.all ?? [];
  const counts = SEVERITIES.map((severity) => [severity, found.filter((each) => each.severity === severity).length]);
  return {
    where: desk.settings.where,
    canRing: desk.settings.stack !== undefined,
    readAtMs,
    version: `${snapshot.version}.${checked?.findings.version ?? ""}`,
    ...(trouble === undefined ? {} : { trouble }),
    ordinaryCaller: snapshot.ordinaryCaller,
    problems: Object.fromEntries(counts),
    isChecked: checked?.snapshot.version === snapshot.version,
    undoable: desk.changes.undoable,
  };
}
