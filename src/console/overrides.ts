import { object, optional, string } from "zod/mini";
import { OVERRIDES } from "../cli/override/override-scope.ts";
import { readWishes, WishError, type WishWords } from "../cli/override/override-wishes.ts";
import { findInOverride, type PlanningContext, planOverride } from "../cli/override/plan-override.ts";
import { planOverrideOff } from "../cli/override/plan-override-off.ts";
import { zoneOfRules } from "../cli/zone.ts";
import { isWrong } from "../errors.ts";
import { parseTimeZone } from "../routing/time-zone.ts";
import type { Row } from "../store/cells.ts";
import { cellsOf, saysTheSame } from "../store/layouts.ts";
import type { RowEdit } from "../store/row-edits.ts";
import { readPartition } from "../store/tables.ts";
import type { OverrideReviewAnswer } from "./api/changing.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { namedPlace } from "./named.ts";
import { problemsOf } from "./problems.ts";
import { type ApiRequest, readJson, tablesLimit } from "./request.ts";
import { DONE, planOf } from "./row-changes.ts";
import { Snapshot } from "./snapshot.ts";

const onRequest = object({
  scope: string(),
  target: optional(string()),
  reject: optional(string()),
  for: optional(string()),
  until: optional(string()),
  zone: optional(string()),
  note: optional(string()),
});
const offRequest = object({ scope: string() });

/** Wishes by the labels of the page's form, where it has such a field. */
const FIELD_WORDS: WishWords = {
  names: {
    scope: "Whose calls",
    target: "Who rings",
    reject: "Their calls",
    for: "For how long",
    until: "Until",
    zone: "Zone",
    note: "Note",
  },
  sayWhich: "Say either who rings or why the calls are rejected.",
  standsUntilOff: () => "It stands until somebody switches it off.",
};

/** What switching an override on would do, by the planning of `ringroute override on`. */
export async function answerOverrideOn(desk: Desk, request: ApiRequest): Promise<OverrideReviewAnswer> {
  const typed = await readJson(request, onRequest);
  try {
    const wishes = readWishes(typed, FIELD_WORDS);
    const snapshot = await snapshotNow(desk, request);
    const plan = planOverride(wishes, { ...contextOf(snapshot, desk), chooseZone });
    // An override names no lists.
    const context = await desk.reviewContext(snapshot, [], request.signal);
    const findings = await new Breather(request.signal).through(findInOverride(plan, snapshot.rows, context));
    return {
      ...reviewOf(plan.edits, snapshot, desk),
      says: [...plan.affectedSays, ...plan.remarks, ...plan.limits],
      problems: problemsOf(findings, snapshot.names),
    };
  } catch (error) {
    if (!(error instanceof WishError)) throw error;
    return { faults: error.faults, edits: [], says: [], problems: [] };
  }
}

/** What switching off the overrides of a scope would do, by the planning of `ringroute override off`. */
export async function answerOverrideOff(desk: Desk, request: ApiRequest): Promise<OverrideReviewAnswer> {
  const { scope } = await readJson(request, offRequest);
  const snapshot = await snapshotNow(desk, request);
  const { edits, followedBy } = planOverrideOff(scope, contextOf(snapshot, desk));
  return { ...reviewOf(edits, snapshot, desk), says: followedBy, problems: [] };
}

/**
 * The rows that the page shows, with the overrides as they stand at this moment: somebody may just have switched one. The
 * very same snapshot where nobody has, so that what was found in it counts.
 */
async function snapshotNow(desk: Desk, request: ApiRequest): Promise<Snapshot> {
  const snapshot = await desk.snapshot();
  const overrides = await readPartition(desk.tables.Routes, OVERRIDES, tablesLimit(request));
  const isOverride = ({ partitionKey }: Row) => partitionKey === OVERRIDES;
  const { Routes } = snapshot.rows;
  if (stateOf(Routes.filter(isOverride)) === stateOf(overrides)) return snapshot;
  const others = Routes.filter((row) => !isOverride(row));
  return new Snapshot({ ...snapshot.rows, Routes: [...others, ...overrides] }, desk.settings);
}

/** Another text whenever one of the rows is another. */
function stateOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map(({ rowKey, etag }) => [rowKey, String(etag)]));
}

function contextOf({ rows }: Snapshot, { settings, now }: Desk) {
  return { rows, region: settings.region, now, words: FIELD_WORDS };
}

const chooseZone: PlanningContext["chooseZone"] = (typed, rules, find) => {
  if (typed === undefined) return zoneOfRules(rules, find).timeZone;
  const zone = parseTimeZone(typed);
  if (isWrong(zone)) throw new WishError({ wish: "zone", says: `${FIELD_WORDS.names.zone}: ${zone.wrong}.` });
  return zone;
};

function reviewOf(edits: readonly RowEdit[], { names }: Snapshot, { changes }: Desk) {
  const reviewed = edits.map((edit) => ({
    kind: edit.kind,
    place: namedPlace(edit.table, edit.keys, names),
    before: edit.kind === "insert" ? null : cellsOf(edit.table, edit.before),
    after: edit.kind === "remove" ? null : edit.cells,
  }));
  const changesNothing = reviewed.every(({ before, after }) => before && after && saysTheSame(before, after));
  const says = reviewed.map(({ kind, place }) => `${DONE[kind]} ${place}`).join(", ");
  return {
    ...(changesNothing ? {} : { ticket: changes.propose({ says, plans: edits.map(planOf) }) }),
    faults: [],
    edits: reviewed.map(({ kind: _, ...edit }) => edit),
  };
}
