import type { Command } from "commander";
import { listEdgesIn } from "../../book/edges.ts";
import { findIn } from "../../book/schedules.ts";
import { decideWeek, mondayOf } from "../../book/week.ts";
import { isWrong } from "../../errors.ts";
import type { FoundRules } from "../../ports.ts";
import type { Decision } from "../../routing/decision.ts";
import { explain } from "../../routing/explain.ts";
import { formatIso } from "../../routing/format-moment.ts";
import type { Line } from "../../routing/rule.ts";
import type { Row } from "../../store/cells.ts";
import { readAllRows } from "../../store/row-edits.ts";
import { storedRows } from "../../store/row-source.ts";
import { readLine } from "../../store/rule-rows.ts";
import { keyOf, readPartition } from "../../store/tables.ts";
import { parseAt } from "../at.ts";
import { formatCaller, parseCaller } from "../caller.ts";
import { Decider } from "../decider.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import { findLine } from "../find-line.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { Names } from "../names.ts";
import type { Session } from "../session.ts";
import { chooseZone } from "../zone.ts";
import { requestOf, tellRequest } from "./explain-request.ts";
import { type ExplainedCall, explanation } from "./explain-text.ts";
import { weekJson, weekPicture } from "./week-picture.ts";

interface ExplainFlags extends CommonFlags {
  readonly to: string;
  readonly from: string;
  readonly at?: string;
  readonly zone?: string;
  readonly body?: true;
  readonly week?: true;
}

export function addExplain(program: Command, run: Run): void {
  leaf(program, "explain", "Say where a call rings, and why", [
    "ringroute explain --to Support --from +14255550142",
    'ringroute explain --to Support --from +14255550142 --at "2026-12-25 10:00" --body',
    "ringroute explain --to Support --from +14255550142 --week",
  ])
    .requiredOption("--to <line>", "the line that is called: its id, number or name")
    .requiredOption(
      "--from <caller>",
      "a number, an object id, app:ID, resource:ID or anonymous; ID@TENANT for others'",
    )
    .option("--at <time>", 'when: 2026-12-24T09:00-05:00, "2026-12-24 09:00", 09:00, "friday 09:00" (default: now)')
    .option("--zone <zone>", "the time zone that is meant (default: that of the line's schedules)")
    .option("--body", "print what is sent to Graph as well")
    .option("--week", "draw who rings when in the week around that time")
    .action((flags: ExplainFlags) => run(flags, (session) => explainCall(session, flags)));
}

async function explainCall(session: Session, flags: ExplainFlags): Promise<ExitCode> {
  const { out, settings, startedAt, tables, host } = session;
  if (flags.body && flags.week) throw new UsageError("--body and --week are both given; keep one.");
  const caller = parseCaller(flags.from, settings.region);
  if (isWrong(caller)) throw new UsageError(`--from is "${flags.from}"; ${caller.wrong}.`);
  const rows: Row[] = [];
  for await (const row of readAllRows(tables.Lines, host.interrupted)) rows.push(row);
  const line = findLine(flags.to, rows, settings.region, "--to");
  const decider = new Decider(storedRows(tables), settings, host.interrupted);
  const { found } = await decider.decide({ line, caller, at: startedAt });
  tellMistakes(found, line, session);
  const timeZone = chooseZone(flags.zone, found.book.partitions.flat(), findIn(found.book), session);
  const at = readAt(flags, timeZone, session);
  const call: ExplainedCall = { line, caller, atMs: at.getTime(), timeZone, names: namesIn(rows, found, session) };
  if (flags.week) return await showWeek(call, decider, found, session, flags);
  // Which lists the caller is on depends on the moment, so the rows are asked again for it.
  const { decision, found: foundThen } = await decider.decide({ line, caller, at });
  if (flags.json) out.printJson(jsonOf(call, decision, foundThen, session, flags));
  else {
    out.print(...explanation(call, decision, foundThen, out));
    if (flags.body) out.print("", ...tellRequest(decision, session));
  }
  return EXIT.good;
}

function namesIn(rows: readonly Row[], { book }: FoundRules, { settings }: Session): Names {
  const lines = rows.flatMap((row) => readLine(row, settings.region).value ?? []);
  return new Names({
    lines: new Map(lines.map((line) => [line.id, line])),
    rules: Map.groupBy(book.partitions.flat(), ({ partition }) => partition),
  });
}

function readAt({ at: typed }: ExplainFlags, timeZone: string, { out, startedAt }: Session): Date {
  if (typed === undefined) return startedAt;
  const named = parseAt(typed, timeZone, startedAt);
  if (isWrong(named)) throw new UsageError(`--at is "${typed}"; ${named.wrong}.`);
  if (named.note !== undefined) out.tell(named.note);
  return named.at;
}

function tellMistakes({ newFaults, book }: FoundRules, line: Line, { out, settings }: Session): void {
  if (newFaults.length > 0)
    out.tell("Mistakes in the rows that this call touches:", ...newFaults.map((it) => `  ${it}`));
  const isKnown = book.line !== undefined || line.id === settings.botAppId;
  if (!isKnown && !book.partitions.flat().some(({ partition }) => partition === line.id))
    out.tell(`${line.id} has no row in Lines and no rules of its own; is it the id that is meant?`);
}

async function showWeek(
  call: ExplainedCall,
  decider: Decider,
  { book }: FoundRules,
  { out, tables, host }: Session,
  flags: ExplainFlags,
): Promise<ExitCode> {
  const { line, caller, atMs, timeZone } = call;
  const callersRows =
    caller.id === "" ? [] : await readPartition(tables.CallerLists, keyOf(caller.id), host.interrupted);
  const week = await decideWeek(timeZone, mondayOf(timeZone, atMs), {
    book,
    listEdges: listEdgesIn(callersRows),
    decisionAt: async (each) => (await decider.decide({ line, caller, at: new Date(each) })).decision,
  });
  if (flags.json) out.printJson({ line, caller: formatCaller(caller), ...weekJson(week) });
  else out.print(...weekPicture(week, call, out));
  return EXIT.good;
}

function jsonOf(call: ExplainedCall, decision: Decision, { lists }: FoundRules, session: Session, flags: ExplainFlags) {
  const { line, caller, atMs, timeZone } = call;
  return {
    line,
    caller: formatCaller(caller),
    callerLists: [...lists],
    at: new Date(atMs).toISOString(),
    timeZone,
    wall: formatIso(atMs, timeZone),
    decision,
    sentences: explain(decision),
    ...(flags.body ? { request: requestOf(decision, session) } : {}),
  };
}
