import { type Command, Option } from "commander";
import type { ExitCode } from "./exit.ts";
import type { Session } from "./session.ts";
import type { ConnectionFlags } from "./settings.ts";

/** Flags that every command takes. */
export interface CommonFlags extends ConnectionFlags {
  readonly json?: true;
}

/** Opens a session, runs a command in it, and keeps its exit code. */
export type Run = (flags: ConnectionFlags, work: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** Runs a command that finds its own tables, and keeps its exit code. */
export type RunAlone = (work: () => Promise<ExitCode>) => Promise<void>;

/** A command that does something, with the flags that all of them take and an example that runs as it stands. */
export function leaf(parent: Command, usage: string, summary: string, examples: readonly string[]): Command {
  const command = parent
    .command(usage)
    .description(summary)
    .addOption(new Option("--endpoint <url>", "tables in Azure, with your own sign-in"))
    .addOption(new Option("--connection-string <text>", "tables by connection string").conflicts("endpoint"))
    .option("--json", "print JSON");
  const heading = examples.length === 1 ? "Example" : "Examples";
  return command.addHelpText("after", `\n${heading}:\n${examples.map((each) => `  ${each}`).join("\n")}`);
}
