import type { Command } from "commander";
import { findMistakes } from "../check/find-mistakes.ts";
import { type Finding, placeOfFinding, SEVERITIES, type Severity } from "../check/finding.ts";
import { readBookToCheck } from "../check/read-book.ts";
import type { Book } from "../store/book.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { type CommonFlags, leaf, type Run } from "./leaf.ts";
import type { Output } from "./output.ts";
import type { Session } from "./session.ts";
import { checkContextOf } from "./settings.ts";
import { wrap } from "./text-table.ts";

export function addCheck(program: Command, run: Run): void {
  leaf(program, "check", "Find the mistakes in all tables; exit code 1 when there is an error or a warning", [
    "ringroute check",
    "ringroute check --json",
  ]).action((flags: CommonFlags) => run(flags, (session) => check(session, flags)));
}

async function check({ tables, settings, out, host, startedAt }: Session, flags: CommonFlags): Promise<ExitCode> {
  const atMs = startedAt.getTime();
  const book = await readBookToCheck(tables, {
    region: settings.region,
    atMs,
    signal: host.interrupted,
    onListRows: (count) => out.progress(`CallerLists: ${count.toLocaleString("en")} rows read`),
  });
  const findings = findMistakes(book, checkContextOf(settings, atMs));
  if (flags.json) out.printJson(findings);
  else printFindings(findings, book, out);
  return findings.some(({ severity }) => severity !== "note") ? EXIT.mistakes : EXIT.good;
}

const HEADINGS: Readonly<Record<Severity, readonly [text: string, colour: "red" | "yellow" | "cyan"]>> = {
  error: ["Errors: calls go elsewhere than these rows say", "red"],
  warning: ["Warnings: probably not meant", "yellow"],
  note: ["Notes", "cyan"],
};

function printFindings(findings: readonly Finding[], book: Book, out: Output): void {
  const bySeverity = Map.groupBy(findings, ({ severity }) => severity);
  for (const severity of SEVERITIES) {
    const [heading, colour] = HEADINGS[severity];
    const found = bySeverity.get(severity) ?? [];
    if (found.length > 0) out.print(out.paint(["bold", colour], heading), "");
    for (const finding of found) out.print(...linesOf(finding, out), "");
  }
  out.print(`${countsOf(bySeverity)} in ${sizesOf(book)}.`);
}

/** Where it is and what it holds, then what that means and what to do, each below. */
function linesOf(finding: Finding, out: Output): string[] {
  const { found, says, remedy } = finding;
  const holds = found === undefined || found === "" ? "" : `: ${found}`;
  const [first = "", ...others] = wrap(`${placeOfFinding(finding)}${holds}`, out.width);
  const below = [says, remedy].flatMap((sentence) => wrap(sentence, out.width - INDENT.length));
  return [out.paint("bold", first), ...others, ...below.map((line) => `${INDENT}${line}`)];
}

const INDENT = "  ";

function countsOf(bySeverity: ReadonlyMap<Severity, readonly Finding[]>): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = bySeverity.get(severity)?.length ?? 0;
    return count === 0 ? [] : [counted(count, severity)];
  });
  return counts.length === 0 ? "No mistakes" : counts.join(", ");
}

function sizesOf({ lines, rules, schedules, lists }: Book): string {
  const ruleCount = [...rules.values()].reduce((sum, { length }) => sum + length, 0);
  return [
    counted(lines.size, "line"),
    counted(ruleCount, "rule"),
    `${counted(schedules.size, "schedule")} and ${counted(lists?.size ?? 0, "list")}`,
  ].join(", ");
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
