import { findIn, isSchedule } from "../book/schedules.ts";
import { findLine } from "../cli/find-line.ts";
import { coverage } from "../cli/override/override-scope.ts";
import type { RuleBook } from "../routing/decide.ts";
import type { Decision } from "../routing/decision.ts";
import type { Party } from "../routing/party.ts";
import type { Line, Rule } from "../routing/rule.ts";
import { scheduleState } from "../routing/schedule.ts";
import { keyOf } from "../store/tables.ts";
import { LINE_PARTITION } from "../store/typed-keys.ts";
import type { LineAnswer, LinesAnswer, LineView } from "./api/looking.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { decideUnlisted, zoneOfBook } from "./line-book.ts";
import { type ApiRequest, required } from "./request.ts";
import type { Findings, Snapshot } from "./snapshot.ts";
import { wayOf } from "./ways.ts";

/** Every line that can be called, as an ordinary caller meets it now. */
export async function answerLines(desk: Desk, request: ApiRequest): Promise<LinesAnswer> {
  const snapshot = await desk.checkedSnapshot();
  const { book, directory, version } = snapshot;
  const atMs = desk.now.getTime();
  const scene: Scene = {
    desk,
    snapshot,
    findings: desk.findings(snapshot),
    caller: desk.callerFrom(null, snapshot),
    atMs,
  };
  const covered = coverage(directory.lines, book.rules.get("override") ?? [], book, atMs, desk.settings.region);
  const breather = new Breather(request.signal);
  const lines: LineView[] = [];
  for (const { line, by } of covered) {
    await breather.rest();
    lines.push(viewOf(line, by, scene));
  }
  return { version, lines };
}

/** The one line that a person means by an id, a number in any spelling or a name, as every command finds it. */
export async function answerLine(desk: Desk, request: ApiRequest): Promise<LineAnswer> {
  const snapshot = await desk.snapshot();
  const line = findLine(required(request, "line"), snapshot.rows.Lines, desk.settings.region, "Line");
  return {
    id: line.id,
    label: snapshot.names.line(line.id),
    timeZone: zoneOfBook(snapshot.lineBook(line)),
  };
}

/** What is the same for all lines. */
interface Scene {
  readonly desk: Desk;
  readonly snapshot: Snapshot;
  readonly findings: Findings;
  readonly caller: Party;
  readonly atMs: number;
}

function viewOf(line: Line, override: Rule | undefined, scene: Scene): LineView {
  const { desk, snapshot, caller, atMs } = scene;
  const { id, name, number, site, group } = line;
  const book = snapshot.lineBook(line);
  const decision = decideUnlisted(line, caller, book, desk.settings, atMs);
  const schedule = scheduleOf(decision, book, atMs);
  return {
    id,
    label: snapshot.names.line(id),
    ...(name === undefined ? {} : { name }),
    ...(number === undefined ? {} : { number }),
    ...(site === undefined ? {} : { site }),
    ...(group === undefined ? {} : { group }),
    timeZone: zoneOfBook(book),
    now: wayOf(decision, snapshot.names),
    ...(schedule === undefined ? {} : { schedule }),
    ...(override === undefined ? {} : { override: overrideView(override, snapshot) }),
    problems: problemsOf(line, scene),
  };
}

/** `office-hours is open` of the schedule on which the deciding rule stands. */
function scheduleOf({ by }: Decision, book: RuleBook, atMs: number): string | undefined {
  if (by.kind !== "rule") return undefined;
  const rule = book.partitions.flat().find((each) => each.partition === by.partition && each.name === by.name);
  const find = findIn(book);
  const schedule = rule?.schedule && find(rule.schedule.schedule);
  if (rule?.schedule === undefined || !isSchedule(schedule)) return undefined;
  return `${rule.schedule.schedule} is ${scheduleState(schedule, find, atMs).open ? "open" : "closed"}`;
}

function overrideView({ name, untilMs }: Rule, { names }: Snapshot) {
  return { scope: names.scope(name), ...(untilMs === undefined ? {} : { untilMs }) };
}

/** Errors and warnings in the line's row and in its own rules. */
function problemsOf({ id }: Line, { findings }: Scene): number {
  const key = keyOf(id);
  const own = [...findings.at("Lines", LINE_PARTITION, key), ...findings.inPartition("Routes", key)];
  return own.filter(({ severity }) => severity !== "note").length;
}
