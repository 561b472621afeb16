import { setTimeout as pause } from "node:timers/promises";
import { type Command, Option } from "commander";
import { isWrong } from "../../errors.ts";
import { maskNumber } from "../../mask.ts";
import { readBook } from "../../store/book.ts";
import { CALL_COLUMNS, findCall, type LoggedCall, listCalls } from "../../store/call-list.ts";
import { moment } from "../../store/cells.ts";
import { parseCaller } from "../caller.ts";
import { makeInert } from "../csv/inert.ts";
import { csvText } from "../csv/write-csv.ts";
import { parseDuration } from "../duration.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { findLine } from "../find-line.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { Names } from "../names.ts";
import { localZone } from "../on-now.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { type Fate, fate, fateOf, isFailed } from "./calls-fate.ts";
import { CallFollower, followCalls } from "./calls-follow.ts";
import { CallSummary } from "./calls-summary.ts";
import { CallLines, wholeCall } from "./calls-text.ts";

/** Milliseconds between two looks for new calls. */
const FOLLOW_MS = 2000;
/** Calls are kept for a month unless CALLS_RETENTION_DAYS says otherwise. */
const KEPT = "31d";

interface ShowFlags extends CommonFlags {
  readonly since: string;
  readonly utc?: true;
}

/** Which calls are wanted, each as a person types it. */
export interface CallFilter {
  readonly to?: string;
  readonly from?: string;
  readonly failed?: true;
  readonly outcome?: string;
}

/** What a person knows the filters by. */
export type FilterNames = Readonly<Record<"since" | "to" | "from" | "outcome", string>>;

const FLAGS: FilterNames = { since: "--since", to: "--to", from: "--from", outcome: "--outcome" };

interface CallsFlags extends ShowFlags, CallFilter {
  readonly follow?: true;
  readonly watch?: true;
  readonly csv?: true;
}

/** `ringroute calls`: the call log. */
export function addCalls(program: Command, run: Run): void {
  const since = "a length of time (90m, 2d) or a moment (2026-12-24T09:00-05:00)";
  const calls = leaf(program, "calls", "Show the calls of late, newest last, with a summary", [
    "ringroute calls --since 2d",
    "ringroute calls --to PstnAppInstance --failed",
    "ringroute calls --follow",
  ]);
  // Flags after `show` are those of show, and so no parent may take them.
  for (const each of [program, calls]) each.enablePositionalOptions();
  calls
    .option("--since <when>", since, "1h")
    .option("--to <line>", "of one line: its id, number or name")
    .option("--from <caller>", "of one caller: a number, a user's object id or anonymous")
    .option("--failed", "that nobody was rung for, or nobody could be")
    .option("--outcome <word>", "that ended so, for instance answered or no-answer")
    .option("--follow", "go on with new calls, and tell how they end, until Ctrl-C")
    .addOption(new Option("--watch", "the same as --follow"))
    .addOption(new Option("--csv", "print CSV").conflicts("json"))
    .option("--utc", "times in UTC rather than local time")
    .action((flags: CallsFlags) => run(flags, (session) => list(session, flags)));
  leaf(calls, "show <call>", "One call by its id, with how it was decided", [
    "ringroute calls show 2e1a0b00-2db4-4022-9570-243709c565ab",
  ])
    .option("--since <when>", `how far to look back: ${since}`, KEPT)
    .option("--utc", "times in UTC rather than local time")
    .action((callId: string, flags: ShowFlags) => run(flags, (session) => show(session, callId, flags)));
}

async function list(session: Session, flags: CallsFlags): Promise<ExitCode> {
  const { tables, host, startedAt } = session;
  const from = readSince(flags.since, startedAt, FLAGS);
  const rows = await readWholeRows(session);
  const isWanted = wantedBy(flags, rows, session, FLAGS);
  const printer = printerFor(session, flags, rows);
  const follower = flags.follow || flags.watch ? new CallFollower(tables.Calls, startedAt) : undefined;
  const tell = (call: LoggedCall) => {
    const nowMs = host.now().getTime();
    const fate = fateOf(call, nowMs);
    if (isWanted(call, fate)) printer.print(call, fate);
  };
  try {
    for await (const call of listCalls(tables.Calls, from, startedAt, host.interrupted))
      if (follower === undefined || follower.isNews(call, host.now().getTime())) tell(call);
    if (follower !== undefined) {
      const calls = followCalls({
        pause: () => pause(FOLLOW_MS, undefined, { signal: host.interrupted }),
        poll: () => follower.poll(host.now(), host.interrupted),
        tell: (says) => session.out.tell(says),
        interrupted: host.interrupted,
      });
      for await (const call of calls) tell(call);
    }
  } catch (error) {
    // Ctrl-C ends the listing, which is good as far as it came.
    if (!host.interrupted.aborted) throw error;
  }
  printer.end();
  return EXIT.good;
}

interface Printer {
  print(call: LoggedCall, fate: Fate): void;
  end(): void;
}

function printerFor(session: Session, flags: CallsFlags, rows: WholeRows): Printer {
  const { out, settings } = session;
  const names = new Names(readBook(rows, undefined, settings.region));
  const timeZone = flags.utc ? "UTC" : localZone();
  if (flags.json)
    return { print: (call, fate) => out.printRaw(JSON.stringify(asJson(call, fate, names))), end: () => {} };
  if (flags.csv) {
    const write = (cells: readonly string[]) => out.printRaw(csvText([cells.map(makeInert)]).trimEnd());
    write([...CALL_COLUMNS, "fate"]);
    return {
      print: (call, fate) => write([...CALL_COLUMNS.map((name) => call.cells[name] ?? ""), fate]),
      end: () => {},
    };
  }
  const lines = new CallLines(names, timeZone, out.width);
  const summary = new CallSummary(timeZone);
  const isTerminal = Number.isFinite(out.width);
  let printed = 0;
  return {
    print: (call, fate) => {
      if (printed++ === 0) out.print(out.paint("bold", lines.heading()));
      summary.add(call, fate);
      const [...told] = lines.linesOf(call, fate);
      out.print(...(isFailed(fate) ? told.map((line) => out.paint("red", line)) : told));
    },
    end: () => {
      if (flags.follow || flags.watch) return;
      const histogram = summary.histogram(isTerminal);
      out.print(
        ...(printed === 0 ? [] : [""]),
        ...summary.lines(),
        ...(histogram.length === 0 ? [] : ["", ...histogram]),
      );
    },
  };
}

/** A call for a program: the cells as they are stored, beside them what people are shown. */
function asJson({ cells, claimedMs, decidedMs, elapsedMs }: LoggedCall, fate: Fate, names: Names) {
  const lineName = cells.line === undefined ? {} : { lineName: names.line(cells.line) };
  // As numbers; JSON leaves out what is undefined.
  return { ...cells, claimedMs, decidedMs, elapsedMs, ...lineName, fate };
}

/** Which calls a filter asks for. @throws UsageError for a line, a caller or an outcome that there is not */
export function wantedBy(
  filter: CallFilter,
  rows: Pick<WholeRows, "Lines">,
  { settings }: Pick<Session, "settings">,
  names: FilterNames,
): (call: LoggedCall, fate: Fate) => boolean {
  const { region } = settings;
  const line = filter.to === undefined ? undefined : findLine(filter.to, rows.Lines, region, names.to);
  const caller = filter.from === undefined ? undefined : parseCaller(filter.from, region);
  if (isWrong(caller)) throw new UsageError(`${names.from} is "${filter.from}"; ${caller.wrong}.`);
  const outcome = filter.outcome === undefined ? undefined : fate(filter.outcome);
  if (isWrong(outcome)) throw new UsageError(`${names.outcome} is "${filter.outcome}"; ${outcome.wrong}.`);
  // With MASK_CALLERS the log knows a number by its last digits only.
  const spellings = (id: string | undefined) => (id === undefined ? [] : [id, maskNumber(id)]);
  const lines = [...spellings(line?.id), ...spellings(line?.number)];
  const callers = spellings(caller?.id);
  return ({ cells }, fate) =>
    (line === undefined || lines.includes(cells.line ?? "")) &&
    (caller === undefined || callers.includes(cells.caller ?? "")) &&
    (outcome === undefined || fate === outcome) &&
    (!filter.failed || isFailed(fate));
}

/** @throws UsageError for what is neither a length of time nor a moment */
export function readSince(text: string, now: Date, { since }: Pick<FilterNames, "since">): Date {
  const length = parseDuration(text);
  if (!isWrong(length)) return new Date(now.getTime() - length);
  const at = moment(text);
  if (!isWrong(at)) return new Date(at);
  throw new UsageError(`${since} is "${text}"; write a length of time (90m, 2d) or a moment (2026-12-24T09:00-05:00).`);
}

async function show(session: Session, callId: string, flags: ShowFlags): Promise<ExitCode> {
  const { tables, host, out, startedAt, settings } = session;
  const from = readSince(flags.since, startedAt, FLAGS);
  const call = await findCall(tables.Calls, callId.trim(), from, startedAt, host.interrupted);
  if (call === undefined) throw new MistakeError(`No call ${callId} came in since ${from.toISOString()}.`);
  const names = new Names(readBook(await readWholeRows(session), undefined, settings.region));
  const fate = fateOf(call, host.now().getTime());
  if (flags.json) out.printJson(asJson(call, fate, names));
  else out.print(...wholeCall(call, fate, names, flags.utc ? "UTC" : localZone(), out.width));
  return EXIT.good;
}
