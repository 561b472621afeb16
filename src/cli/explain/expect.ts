import type { Command } from "commander";
import { readBook } from "../../store/book.ts";
import { type RowSource, rowsInMemory, storedRows } from "../../store/row-source.ts";
import { formatCaller } from "../caller.ts";
import { shorten } from "../csv/faults.ts";
import { existingFile } from "../csv/find-files.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { Names } from "../names.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { judgeExpectations, type Verdict } from "./expect-file.ts";
import { explanation } from "./explain-text.ts";

/** What --zone does, here and in import. */
export const ZONE_HELP = "the time zone of expected calls (default: that of the line's schedules)";

const FILE_HELP = `
The file has the columns to, from, at and expected, and for people name or note:

  to,from,at,expected,note
  Support,+12065550100,2026-12-25T10:00-08:00,phone:+12345678901,on Christmas
  Support,+18005550199,2026-12-24 10:00,reject busy,blocked
  Support,anonymous,2026-12-24 10:00,rule support/day,

A time without an offset is read from the wall of the line's schedules.`;

interface ExpectFlags extends CommonFlags {
  readonly zone?: string;
}

export function addExpect(program: Command, run: Run): void {
  leaf(program, "expect <file>", "Hold a CSV file of expected calls against the rows", [
    "echo to,from,at,expected > calls.csv",
    "echo Support,+14255550142,2026-12-25 10:00,rule support/night >> calls.csv",
    "ringroute expect calls.csv",
  ])
    .option("--zone <zone>", ZONE_HELP)
    .addHelpText("after", FILE_HELP)
    .action((path: string, flags: ExpectFlags) => run(flags, (session) => expectCalls(session, path, flags)));
}

async function expectCalls(session: Session, path: string, { json, zone }: ExpectFlags): Promise<ExitCode> {
  const { tables, out, host } = session;
  const file = await existingFile(path, host.cwd);
  const whole = await readWholeRows(session);
  const stored = storedRows(tables);
  const source = sourceOf(whole, (caller, signal) => stored.partition("CallerLists", caller, signal));
  const verdicts = await judgeExpectations(file, { whole, source }, session, zone);
  if (json) out.printJson(verdictsAsJson(verdicts));
  else printVerdicts(verdicts, whole, session);
  return verdicts.every(({ met }) => met) ? EXIT.good : EXIT.mistakes;
}

/** Rows at hand, and of CallerLists, which may be long, only the partitions that are asked for. */
export function sourceOf(
  whole: WholeRows,
  lists: (caller: string, signal: AbortSignal) => ReturnType<RowSource["partition"]>,
): RowSource {
  const atHand = rowsInMemory({ ...whole, CallerLists: [] });
  return {
    ...atHand,
    partition: (table, partitionKey, signal) =>
      table === "CallerLists" ? lists(partitionKey, signal) : atHand.partition(table, partitionKey, signal),
  };
}

/** A table of what holds and what does not, then how each call that goes elsewhere was decided. */
export function printVerdicts(verdicts: readonly Verdict[], whole: WholeRows, { out, settings }: Session): void {
  out.printTable(
    ["Line", "Holds", "To", "From", "At", "Expected", "Note"],
    verdicts.map(({ expectation: { line, to, from, at, expected, name }, met }) => [
      String(line),
      met ? "yes" : "NO",
      to,
      from,
      at,
      shorten(expected),
      name,
    ]),
  );
  const names = new Names(readBook(whole, undefined, settings.region));
  const failed = verdicts.filter(({ met }) => !met);
  for (const { expectation, line, caller, atMs, timeZone, decision, found } of failed) {
    const title = `Line ${expectation.line} expects ${expectation.expected}. What decides:`;
    out.print(
      "",
      out.paint("red", title),
      ...explanation({ line, caller, atMs, timeZone, names }, decision, found, out),
    );
  }
  const count = `${verdicts.length - failed.length} of ${verdicts.length} expectations hold.`;
  out.print("", out.paint(failed.length === 0 ? "green" : "red", count));
}

export function verdictsAsJson(verdicts: readonly Verdict[]): unknown {
  return verdicts.map(({ expectation, line, caller, atMs, decision, met }) => ({
    ...expectation,
    holds: met,
    lineId: line.id,
    caller: formatCaller(caller),
    atUtc: new Date(atMs).toISOString(),
    decision,
  }));
}
