import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addCalls } from "./calls/calls.ts";
import { addCheck } from "./check.ts";
import { addConsole } from "./console.ts";
import { addExport } from "./csv/export.ts";
import { addImport } from "./csv/import.ts";
import { addDoctor } from "./doctor/doctor.ts";
import { EXIT, type ExitCode, tellEnd, UsageError } from "./exit.ts";
import { addExpect } from "./explain/expect.ts";
import { addExplain } from "./explain/explain.ts";
import type { Host } from "./host.ts";
import type { Run, RunAlone } from "./leaf.ts";
import { addOverride } from "./override/override.ts";
import { printable } from "./printable.ts";
import { addLines } from "./rows/lines.ts";
import { addLists } from "./rows/lists.ts";
import { addRoutes } from "./rows/routes.ts";
import { addSchedules } from "./rows/schedules.ts";
import { openSession } from "./session.ts";

/**
 * Runs one command line.
 *
 * @param args what follows the command's name
 * @returns the exit code; nothing is thrown
 */
export async function ringroute(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = EXIT.good;
  let byKey = false;
  const run: Run = async (flags, work) => {
    const session = await openSession(flags, host);
    byKey = "connectionString" in session.settings.tables;
    code = await work(session);
  };
  const runAlone: RunAlone = async (work) => {
    code = await work();
  };
  try {
    const program = commands(host, run, runAlone);
    refuseHelpOnUnknown(program, args);
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    // Whatever was being read then ends as if its time had run out.
    const end = host.interrupted.aborted ? { code: EXIT.mistakes, message: "stopped." } : tellEnd(error, byKey);
    host.stderr.write(`ringroute: ${printable(end.message)}\n`);
    return end.code;
  }
}

/**
 * Commander gives the help of what it knows for `help bogus` and `bogus --help`, as if the rest had not been said.
 *
 * @throws UsageError that names the word which is no command
 */
function refuseHelpOnUnknown(program: Command, args: readonly string[]): void {
  if (!args.some((arg) => ["help", "--help", "-h"].includes(arg))) return;
  let command = program;
  for (const word of args) {
    if (word === "help") continue;
    if (word.startsWith("-") || command.commands.length === 0) return;
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) {
      const names = command.commands.map((each) => each.name()).join(", ");
      throw new UsageError(`there is no command "${word}"; write one of ${names}.`);
    }
    command = next;
  }
}

function commands(host: Host, run: Run, runAlone: RunAlone): Command {
  const program = new Command("ringroute")
    .description("Looks after the rows that say where calls ring.")
    .version(packageJson.version, "--version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    });
  addLines(program, run);
  addRoutes(program, run);
  addSchedules(program, run);
  addLists(program, run);
  addExport(program, run);
  addImport(program, run);
  addCheck(program, run);
  addExplain(program, run);
  addExpect(program, run);
  addOverride(program, run);
  addCalls(program, run);
  addConsole(program, run);
  addDoctor(program, host, runAlone);
  return program;
}
