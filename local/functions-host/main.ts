import { Console } from "node:console";
import path from "node:path";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import type { LogLevel, LogLine } from "./core-types.ts";
import { type FunctionsHost, startFunctionsHost } from "./host.ts";
import { readLocalSettings } from "./settings.ts";

/*
 * Runs the app of the working directory: its package.json names the entry files, its settings are the environment.
 *
 *   node local/functions-host/main.ts [--port 7071] [--settings local.settings.json] [--key KEY]... [--end-with-stdin]
 *
 * Standard output carries one JSON object a line: {"event":"listening",...} once, {"event":"log",...} at any time.
 * Exit codes: 0 ended by a signal or by the end of stdin, 1 the app cannot start, 2 wrong usage.
 */

interface Arguments {
  readonly port: number;
  readonly settings: string | undefined;
  readonly functionKeys: readonly string[];
  readonly endWithStdin: boolean;
}

const CLOSE_LIMIT_MS = 10_000;
let host: FunctionsHost | undefined;
let ending = false;

try {
  const args = readArguments();
  endOn("SIGTERM", "SIGINT");
  // Nobody reads on: the parent is gone.
  process.stdout.on("error", () => process.exit(0));
  if (args?.endWithStdin) process.stdin.on("error", end).on("close", end).resume();
  if (args !== undefined) await start(args);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error), 1);
}

function readArguments(): Arguments | undefined {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "7071" },
        settings: { type: "string" },
        key: { type: "string", multiple: true, default: [] },
        "end-with-stdin": { type: "boolean", default: false },
      },
    });
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
    if (!(port <= 65535)) throw new Error(`--port is "${values.port}"; use a number from 0 to 65535.`);
    return { port, settings: values.settings, functionKeys: values.key, endWithStdin: values["end-with-stdin"] };
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error), 2);
    return undefined;
  }
}

async function start(args: Arguments): Promise<void> {
  if (args.settings !== undefined) {
    const values = await readLocalSettings(path.resolve(args.settings));
    // As with the Core Tools, what the environment says already stays.
    for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
  }
  globalThis.console = new Console({ stdout: logStream("information"), stderr: logStream("error") });
  const { port, functionKeys } = args;
  try {
    host = await startFunctionsHost({ port, functionKeys, onLog: (line) => emit({ event: "log", ...line }) });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(`Port ${port} is already in use.`, { cause: error });
    }
    throw error;
  }
  emit({ event: "listening", url: host.url, functions: host.functions });
}

/** What the app writes by `console`, turned into log lines, so that standard output stays JSON. */
function logStream(level: LogLevel): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const message = String(chunk).replace(/\n$/, "");
      const line: LogLine = { level, message, category: "user", invocationId: undefined, functionName: undefined };
      emit({ event: "log", ...line });
      done();
    },
  });
}

function emit(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function endOn(...signals: readonly NodeJS.Signals[]): void {
  for (const signal of signals) process.on(signal, end);
}

/** Closes the host and ends the process, whatever timers and sockets the app has left. */
function end(): void {
  if (ending) return;
  ending = true;
  if (host === undefined) process.exit(0);
  // An appTerminate hook that hangs must not leave an orphan.
  setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
  host.close().finally(() => process.exit(0));
}

function fail(message: string, code: number): void {
  const line = message.trim().replace(/\s*\n\s*/g, " ");
  process.stderr.write(`${line}\n`, () => process.exit(code));
}
