import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addDoctor } from "./doctor/doctor.ts";
import { EXIT, type ExitCode, tellEnd } from "./exit.ts";
import type { Host } from "./host.ts";
import type { Run, RunAlone } from "./leaf.ts";
import { openSession } from "./session.ts";

/**
 * Runs one command line.
 *
 * @param args what follows the command's name
 * @returns the exit code; nothing is thrown
 */
export async function ringroute(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = EXIT.good;
  const run: Run = async (flags, work) => {
    code = await work(await openSession(flags, host));
  };
  const runAlone: RunAlone = async (work) => {
    code = await work();
  };
  try {
    await commands(host, run, runAlone).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    const end = tellEnd(error);
    host.stderr.write(`ringroute: ${end.message}\n`);
    return end.code;
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
  void run;
  addDoctor(program, host, runAlone);
  return program;
}
