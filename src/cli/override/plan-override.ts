import type { Finding } from "../../check/finding.ts";
import type { Steps } from "../../check/steps.ts";
import { isWrong } from "../../errors.ts";
import { MS_PER_MINUTE } from "../../routing/dates.ts";
import { formatIso } from "../../routing/format-moment.ts";
import type { Region } from "../../routing/phone-number.ts";
import type { NonEmpty, Rule } from "../../routing/rule.ts";
import { formatTarget } from "../../routing/targets.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { type Cells, type RowKeys, rowOf } from "../../store/layouts.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { readRule } from "../../store/rule-rows.ts";
import { parseAt } from "../at.ts";
import { parseDuration } from "../duration.ts";
import { UsageError } from "../exit.ts";
import { Names } from "../names.ts";
import { scheduleNamed } from "../on-now.ts";
import type { WholeRows } from "../read-rows.ts";
import { type ReviewContext, reviewInSteps } from "../rows/review-edit.ts";
import type { FindSchedule } from "../zone.ts";
import {
  coverage,
  isOfScope,
  isOwn,
  keyOfScope,
  linesOf,
  OVERRIDES,
  readScope,
  removalOf,
  rulesFor,
  type Scope,
} from "./override-scope.ts";
import { actionOf, affectedText, limitsText } from "./override-text.ts";
import { type Wish, WishError, type Wishes, type WishWords } from "./override-wishes.ts";

/** What an override is planned over, and for whom. */
export interface PlanningContext {
  /** All rows as they stand, etags included. */
  readonly rows: WholeRows;
  readonly region: Region | undefined;
  readonly now: Date;
  readonly words: WishWords;
  /**
   * The zone whose clock is meant.
   *
   * @param typed what the wish `zone` holds
   * @param rules those that calls within the scope ask
   */
  readonly chooseZone: (typed: string | undefined, rules: readonly Rule[], find: FindSchedule) => string;
}

/** What switching an override on would do. */
export interface OverridePlan {
  readonly scope: Scope;
  readonly keys: RowKeys;
  readonly cells: Cells;
  /** Rows of the same scope, however spelled, in whose place the override comes. */
  readonly replaced: readonly Row[];
  /** To be written in this order, so that no call between two writes is without an override. */
  readonly edits: NonEmpty<RowEdit>;
  /** Ids of the lines whose calls it takes. */
  readonly affected: readonly string[];
  /** `rings Carol`, `rejects busy` */
  readonly does: string;
  /** Which moment was taken for a time that exists twice or not at all. */
  readonly remarks: readonly string[];
  /** Whose calls it takes, and who keeps a narrower override. */
  readonly affectedSays: readonly string[];
  /** What it does not do, and how long it stands. */
  readonly limits: readonly string[];
}

/**
 * What switching an override on would do. Writes nothing and prints nothing.
 *
 * @throws WishError with the wishes that cannot be granted
 */
export function planOverride(wishes: Wishes, context: PlanningContext): OverridePlan {
  const { rows, region, now, words } = context;
  const atMs = now.getTime();
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const scope = scopeOf(wishes, book, context);
  const lines = linesOf(book, scope);
  const keys = { partitionKey: OVERRIDES, rowKey: keyOfScope(scope) };
  const find: FindSchedule = (name) => scheduleNamed(book, name);
  const timeZone = context.chooseZone(wishes.zone, rulesFor(scope, lines, book), find);
  const { untilMs, remarks } = endOf(wishes, timeZone, context);
  const until = untilMs === undefined ? {} : { until: formatIso(untilMs, timeZone) };
  const { cells, rule } = readOverride(keys, wishes, until, context);
  refuseOwnLine(rule, scope, words);
  const replaced = rows.Routes.filter((row) => row.partitionKey === OVERRIDES && isOfScope(row, scope, region));
  const others = (book.rules.get(OVERRIDES) ?? []).filter(
    ({ name }) => !replaced.some(({ rowKey }) => rowKey === name),
  );
  const covered = coverage(lines, [...others, rule], book, atMs, region);
  return {
    scope,
    keys,
    cells,
    replaced,
    edits: editsFor(keys, cells, replaced),
    affected: covered.filter(({ by }) => by === rule).map(({ line }) => line.id),
    does: actionOf(rule, names),
    remarks,
    affectedSays: affectedText(covered, scope, rule, names),
    limits: limitsText({ rule, scope, lines, book, names, timeZone, atMs, words }),
  };
}

/**
 * What the check would find in an override once it is on. It is told and never refuses: this is the emergency switch.
 *
 * @param rows those that it was planned over
 */
export function* findInOverride(
  { keys, replaced, edits: [written] }: OverridePlan,
  rows: WholeRows,
  context: ReviewContext,
): Steps<readonly Finding[]> {
  const Routes = rows.Routes.filter((row) => row.rowKey === keys.rowKey || !replaced.includes(row));
  const { findings } = yield* reviewInSteps(written, { ...rows, Routes }, context);
  return findings
    .filter(({ table, partitionKey }) => table === "Routes" && partitionKey === OVERRIDES)
    .filter(({ kind }) => kind !== "unknown-scope"); // limitsText asks whether the id is meant
}

function scopeOf({ scope }: Wishes, book: Book, { rows, region, words }: PlanningContext): Scope {
  try {
    return readScope(scope, rows.Lines, book, region, words.names.scope);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new WishError({ wish: "scope", says: error.message });
  }
}

/** Epoch milliseconds, or undefined for an override that stands until it is switched off. */
function endOf(
  { end }: Wishes,
  timeZone: string,
  { now, words: { names } }: PlanningContext,
): { readonly untilMs: number | undefined; readonly remarks: readonly string[] } {
  if (end === undefined) return { untilMs: undefined, remarks: [] };
  if ("for" in end) {
    const ms = parseDuration(end.for);
    if (isWrong(ms)) throw new WishError({ wish: "for", says: `${names.for} is "${end.for}"; ${ms.wrong}.` });
    // To the next whole minute, which people can read.
    return { untilMs: Math.ceil((now.getTime() + ms) / MS_PER_MINUTE) * MS_PER_MINUTE, remarks: [] };
  }
  const named = parseAt(end.until, timeZone, now);
  const holds = `${names.until} is "${end.until}"`;
  if (isWrong(named)) throw new WishError({ wish: "until", says: `${holds}; ${named.wrong}.` });
  const untilMs = named.at.getTime();
  if (named.at <= now)
    throw new WishError({ wish: "until", says: `${holds}, which is ${formatIso(untilMs, timeZone)} and past.` });
  return { untilMs, remarks: named.note === undefined ? [] : [named.note] };
}

/** Which wish fills a column. */
const WISH_OF: Readonly<Record<string, Wish>> = { targets: "target", reason: "reject", note: "note" };

/** The row, and the rule that calls would read from it. */
function readOverride(
  keys: RowKeys,
  { calls, note }: Wishes,
  until: Cells,
  { region, words: { names } }: PlanningContext,
): { readonly cells: Cells; readonly rule: Rule } {
  const typed: Cells = {
    ...until,
    ...("reject" in calls ? { action: "reject", reason: calls.reject } : { targets: calls.target }),
    ...(note === "" ? {} : { note }),
  };
  const { value: rule, faults } = readRule(rowOf(keys, typed), region);
  if (rule === undefined || faults.length > 0) {
    const told = faults.map(({ column, found, wrong }) => {
      const wish = WISH_OF[column];
      // A key that is too long is the scope's.
      return { wish: wish ?? "scope", says: `${wish === undefined ? column : names[wish]} is "${found}"; ${wrong}.` };
    });
    throw new WishError(...told);
  }
  // Numbers as they are dialled everywhere: the app may know another region than whoever typed them.
  const isRedirect = rule.action.kind === "redirect";
  const cells = isRedirect ? { ...typed, targets: rule.action.targets.map(formatTarget).join(", ") } : typed;
  return { cells, rule };
}

function refuseOwnLine({ action }: Rule, scope: Scope, { names }: WishWords): void {
  if (scope.kind !== "line" || action.kind !== "redirect") return;
  const own = action.targets.find((target) => isOwn(target, scope.line));
  if (own === undefined) return;
  const says = `${names.target} is ${formatTarget(own)}, which is the line itself; name somebody else.`;
  throw new WishError({ wish: "target", says });
}

/** The new row first, so that no call between two writes is without an override; then rows of another spelling go. */
function editsFor(keys: RowKeys, cells: Cells, replaced: readonly Row[]): NonEmpty<RowEdit> {
  const before = replaced.find(({ rowKey }) => rowKey === keys.rowKey);
  const written: RowEdit =
    before === undefined
      ? { kind: "insert", table: "Routes", keys, cells }
      : { kind: "replace", table: "Routes", keys, cells, before };
  const others = replaced.filter((row) => row !== before);
  return [written, ...others.map(removalOf)];
}
