import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { ringroute } from "../../src/cli/main.ts";

export interface CommandOptions {
  /** Where the tables are; absent where the command is to find that out. */
  readonly connectionString?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What comes in from a pipe. */
  readonly stdin?: string;
}

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, at a moment of the test's choosing. */
export async function runCommand(
  args: readonly string[],
  {
    connectionString,
    env = {},
    cwd = tmpdir(),
    stdin = "",
    now = new Date(),
  }: CommandOptions & { readonly now?: Date } = {},
): Promise<CommandRun> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [said, told] = [collect(stdout), collect(stderr)];
  const code = await ringroute(args, {
    env: { ...addressOf(connectionString), ...env },
    cwd,
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    now: () => now,
    interrupted: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  return { code, stdout: await said, stderr: await told };
}

/** Runs a command line as people do: as a process of its own. */
export async function runProcess(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  const { connectionString, env = {}, cwd = tmpdir(), stdin = "" } = options;
  const main = fileURLToPath(new URL("../../src/cli/ringroute.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...addressOf(connectionString), ...env },
  });
  const [said, told] = [collect(child.stdout), collect(child.stderr)];
  child.stdin.end(stdin);
  const [code] = await once(child, "exit");
  return { code, stdout: await said, stderr: await told };
}

function addressOf(connectionString: string | undefined): Record<string, string> {
  return connectionString === undefined ? {} : { TABLES_CONNECTION_STRING: connectionString };
}

async function collect(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return text;
}
