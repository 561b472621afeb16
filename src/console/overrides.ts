import { object, optional, string } from "zod/mini";
import { OVERRIDES } from "../cli/override/override-scope.ts";
import { readWishes, WishError, type WishWords } from "../cli/override/override-wishes.ts";
import { findInOverride, type PlanningContext, planOverride } from "../cli/override/plan-override.ts";
import { planOverrideOff } from "../cli/override/plan-override-off.ts";
import type { ReviewContext } from "../cli/rows/review-edit.ts";
import { zoneOfRules } from "../cli/zone.ts";
import { isWrong } from "../errors.ts";
import { parseTimeZone } from "../routing/time-zone.ts";
import { cellsOf, saysTheSame } from "../store/layouts.ts";
import type { RowEdit } from "../store/row-edits.ts";
import { readPartition } from "../store/tables.ts";
import type { OverrideReviewAnswer } from "./api.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { namedPlace } from "./named.ts";
import { problemsOf } from "./problems.ts";
import { type ApiRequest, readJson, tablesLimit } from "./request.ts";
import { planOf } from "./row-changes.ts";
import type { Snapshot } from "./snapshot.ts";

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

/** Wishes as the fields of the page's form. */
const FIELD_WORDS: WishWords = {
  names: {
    scope: "the scope",
    target: "the target",
    reject: "the reason",
    for: "the length",
    until: "the end",
    zone: "the zone",
    note: "the note",
  },
  standsUntilOff: () => "It stands until somebody switches it off.",
};

/** What switching an override on would do, by the planning of `ringroute override on`. */
export async function answerOverrideOn(desk: Desk, request: ApiRequest): Promise<OverrideReviewAnswer> {
  const typed = await readJson(request, onRequest);
  const { value: snapshot } = await desk.reading();
  try {
    const wishes = readWishes(typed, FIELD_WORDS);
    const context = { ...(await contextOf(snapshot, desk, request)), chooseZone };
    const plan = planOverride(wishes, context);
    const steps = findInOverride(plan, context.rows, checkContextFor(snapshot, desk));
    const findings = await new Breather(request.signal).through(steps);
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
  const { value: snapshot } = await desk.reading();
  const { edits, followedBy } = planOverrideOff(scope, await contextOf(snapshot, desk, request));
  return { ...reviewOf(edits, snapshot, desk), says: followedBy, problems: [] };
}

/** The rows that the page shows, with the overrides as they stand at this moment: somebody may just have switched one. */
async function contextOf({ rows }: Snapshot, { tables, settings, now }: Desk, request: ApiRequest) {
  const overrides = await readPartition(tables.Routes, OVERRIDES, tablesLimit(request));
  const others = rows.Routes.filter(({ partitionKey }) => partitionKey !== OVERRIDES);
  return { rows: { ...rows, Routes: [...others, ...overrides] }, region: settings.region, now, words: FIELD_WORDS };
}

/** Takes what was found in the same rows already, by the clock of that check. */
function checkContextFor(snapshot: Snapshot, desk: Desk): ReviewContext {
  const checked = desk.checked(snapshot);
  if (checked?.snapshot !== snapshot) return snapshot.checkContext(desk.now.getTime());
  const { atMs, lists, findings } = checked;
  return { ...snapshot.checkContext(atMs), found: findings.all, ...(lists === undefined ? {} : { lists }) };
}

const chooseZone: PlanningContext["chooseZone"] = (typed, rules, find) => {
  if (typed === undefined) return zoneOfRules(rules, find).timeZone;
  const zone = parseTimeZone(typed);
  if (isWrong(zone)) throw new WishError({ wish: "zone", says: `${FIELD_WORDS.names.zone}: ${zone.wrong}.` });
  return zone;
};

function reviewOf(edits: readonly RowEdit[], { names }: Snapshot, { changes }: Desk) {
  const shown = edits.map((edit) => ({
    place: namedPlace(edit.table, edit.keys, names),
    before: edit.kind === "insert" ? null : cellsOf(edit.table, edit.before),
    after: edit.kind === "remove" ? null : edit.cells,
  }));
  const changesNothing = shown.every(({ before, after }) => before && after && saysTheSame(before, after));
  const says = edits.map(({ kind }, at) => `${DONE[kind]} ${shown[at]?.place}`).join(", ");
  return {
    ...(changesNothing ? {} : { ticket: changes.propose({ says, plans: edits.map(planOf) }) }),
    faults: [],
    edits: shown,
  };
}

const DONE: Readonly<Record<RowEdit["kind"], string>> = { insert: "Added", replace: "Changed", remove: "Removed" };
