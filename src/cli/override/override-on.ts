import { isWrong } from "../../errors.ts";
import { MS_PER_MINUTE } from "../../routing/dates.ts";
import { formatIso } from "../../routing/format-moment.ts";
import type { Rule } from "../../routing/rule.ts";
import { formatTarget } from "../../routing/targets.ts";
import { readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { type Cells, cellsOf, type RowKeys, rowOf } from "../../store/layouts.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { readRule } from "../../store/rule-rows.ts";
import { parseAt } from "../at.ts";
import { parseDuration } from "../duration.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { Names } from "../names.ts";
import { scheduleNamed } from "../on-now.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import { findingsAfter } from "../rows/review-edit.ts";
import { write } from "../rows/row-commands.ts";
import { describeFinding, showChange } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { checkContextOf } from "../settings.ts";
import { chooseZone } from "../zone.ts";
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

export interface OverrideOnFlags extends CommonFlags {
  readonly scope: string;
  readonly target?: string;
  readonly reject?: string;
  readonly for?: string;
  readonly until?: string;
  readonly zone?: string;
  readonly note?: string;
  readonly yes?: true;
}

/** `ringroute override on`: shows what changes and for whom, then writes. Only all lines at once need a yes. */
export async function overrideOn(session: Session, flags: OverrideOnFlags): Promise<ExitCode> {
  const { out, startedAt } = session;
  const { region } = session.settings;
  checkFlags(flags);
  const rows = await readWholeRows(session);
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const scope = readScope(flags.scope, rows.Lines, book, region);
  const lines = linesOf(book, scope);
  const keys = { partitionKey: OVERRIDES, rowKey: keyOfScope(scope) };
  const timeZone = chooseZone(flags.zone, rulesFor(scope, lines, book), (name) => scheduleNamed(book, name), session);
  const untilMs = readUntil(flags, timeZone, session);
  const { cells, rule } = readOverride(keys, flags, untilMs, timeZone, session);
  refuseOwnLine(rule, scope);
  const replaced = rows.Routes.filter((row) => row.partitionKey === OVERRIDES && isOfScope(row, scope, region));
  const edits = editsFor(keys, cells, replaced);
  const others = (book.rules.get(OVERRIDES) ?? []).filter(
    ({ name }) => !replaced.some(({ rowKey }) => rowKey === name),
  );
  const covered = coverage(lines, [...others, rule], book, startedAt.getTime(), region);
  if (!flags.json) {
    out.print(...edits.flatMap((edit) => showEdit(edit, session)), "", ...affectedText(covered, scope, rule, names));
  }
  out.tell(...limitsText({ rule, scope, lines, book, names, timeZone, atMs: startedAt.getTime() }));
  out.tell(...warningsOf(edits, rows, session));
  const question = `Every line ${actionOf(rule, names)} from now on. Go on?`;
  const mayWrite = scope.kind !== "all" || flags.yes === true || (await out.confirm(question));
  const written = mayWrite && (await writeAll(edits, session));
  if (flags.json) {
    const affected = covered.filter(({ by }) => by === rule).map(({ line }) => line.id);
    const before = replaced.map((row) => cellsOf("Routes", row));
    out.printJson({ scope: keys.rowKey, before, after: cells, affected, written });
  }
  const refused = mayWrite ? "Nothing more was written." : "Nothing was written.";
  out.tell(written ? "Calls follow within seconds." : refused);
  return written ? EXIT.good : EXIT.mistakes;
}

/** What `check` would find in the override. It is told and never refuses: this is the emergency switch. */
function warningsOf(edits: readonly RowEdit[], rows: WholeRows, session: Session): string[] {
  return findingsAfter(edits, rows, checkContextOf(session.settings, session.startedAt.getTime()))
    .filter(({ table, partitionKey }) => table === "Routes" && partitionKey === OVERRIDES)
    .filter(({ kind }) => kind !== "unknown-scope") // limitsText asks whether the id is meant
    .map((finding) => describeFinding(finding, false));
}

async function writeAll(edits: readonly RowEdit[], session: Session): Promise<boolean> {
  for (const edit of edits) if (!(await write(session, edit))) return false;
  return true;
}

function checkFlags(flags: OverrideOnFlags): void {
  if ((flags.target === undefined) === (flags.reject === undefined))
    throw new UsageError("Say either who rings, with --target, or --reject busy (or forbidden, or none).");
  if (flags.for !== undefined && flags.until !== undefined)
    throw new UsageError("--for and --until are both given; keep one.");
}

/** Epoch milliseconds, or undefined for an override that stands until it is switched off. */
function readUntil(flags: OverrideOnFlags, timeZone: string, { startedAt, out }: Session): number | undefined {
  if (flags.for !== undefined) {
    const ms = parseDuration(flags.for);
    if (isWrong(ms)) throw new UsageError(`--for is "${flags.for}"; ${ms.wrong}.`);
    // To the next whole minute, which people can read.
    return Math.ceil((startedAt.getTime() + ms) / MS_PER_MINUTE) * MS_PER_MINUTE;
  }
  if (flags.until === undefined) return undefined;
  const named = parseAt(flags.until, timeZone, startedAt);
  if (isWrong(named)) throw new UsageError(`--until is "${flags.until}"; ${named.wrong}.`);
  if (named.at <= startedAt)
    throw new UsageError(`--until is "${flags.until}", which is ${formatIso(named.at.getTime(), timeZone)} and past.`);
  if (named.note !== undefined) out.tell(named.note);
  return named.at.getTime();
}

const FLAG_OF: Readonly<Record<string, string>> = { targets: "--target", reason: "--reject", note: "--note" };

/** The row, and the rule that calls would read from it. */
function readOverride(
  keys: RowKeys,
  flags: OverrideOnFlags,
  untilMs: number | undefined,
  timeZone: string,
  { settings }: Pick<Session, "settings">,
): { readonly cells: Cells; readonly rule: Rule } {
  const { target, reject, note = "" } = flags;
  const typed: Cells = {
    ...(untilMs === undefined ? {} : { until: formatIso(untilMs, timeZone) }),
    ...(reject === undefined ? { targets: target ?? "" } : { action: "reject", reason: reject }),
    ...(note === "" ? {} : { note }),
  };
  const { value: rule, faults } = readRule(rowOf(keys, typed), settings.region);
  if (rule === undefined || faults.length > 0) {
    const sentences = faults.map(({ column, found, wrong }) => `${FLAG_OF[column] ?? column} is "${found}"; ${wrong}.`);
    throw new UsageError(sentences.join("\n"));
  }
  // Numbers as they are dialled everywhere: the app may know another region than whoever typed them.
  const isRedirect = rule.action.kind === "redirect";
  const cells = isRedirect ? { ...typed, targets: rule.action.targets.map(formatTarget).join(", ") } : typed;
  return { cells, rule };
}

function refuseOwnLine({ action }: Rule, scope: Scope): void {
  if (scope.kind !== "line" || action.kind !== "redirect") return;
  const own = action.targets.find((target) => isOwn(target, scope.line));
  if (own !== undefined)
    throw new UsageError(`--target is ${formatTarget(own)}, which is the line itself; name somebody else.`);
}

/** The new row first, so that no call between two writes is without an override; then rows of another spelling go. */
function editsFor(keys: RowKeys, cells: Cells, replaced: readonly Row[]): RowEdit[] {
  const before = replaced.find(({ rowKey }) => rowKey === keys.rowKey);
  const written: RowEdit =
    before === undefined
      ? { kind: "insert", table: "Routes", keys, cells }
      : { kind: "replace", table: "Routes", keys, cells, before };
  const others = replaced.filter((row) => row !== before);
  return [written, ...others.map(removalOf)];
}

function showEdit(edit: RowEdit, { out }: Session): string[] {
  const before = edit.kind === "insert" ? {} : { before: cellsOf("Routes", edit.before) };
  return showChange(out, { edit, ...before, ...(edit.kind === "remove" ? {} : { after: edit.cells }) });
}
