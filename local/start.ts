import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { buildApp, buildConsole } from "./build.ts";
import { type ConsoleProcess, startConsole } from "./console-process.ts";
import { jsonReport, personReport, type Report } from "./report.ts";
import { follow, type RungCall, readCallLog, SAMPLE_CALLS } from "./sample-calls.ts";
import { type LocalStack, startLocalStack } from "./stack.ts";
import { announceStack, withdrawStack } from "./stack-file.ts";

const USAGE = `npm start [-- OPTIONS]

Brings up the tables, the Graph simulator and the app on loopback, rings three calls, and shows the console.

  --exit        end after the three calls, with 1 when one went wrong
  --json        print one JSON object a line
  --port PORT   the app's port (7071 unless that is taken)
  --no-app      leave the app to you, for instance "func start" on the port given
`;

interface Arguments {
  readonly exit: boolean;
  readonly json: boolean;
  readonly port?: number;
  readonly withApp: boolean;
}

async function main(): Promise<number> {
  const args = readArguments();
  if (args === undefined) return 0;
  const report = args.json ? jsonReport() : personReport();
  const interrupted = Promise.withResolvers<undefined>();
  // Whoever read what is printed is gone.
  process.stdout.on("error", () => interrupted.resolve(undefined));
  // npm does not pass on every signal, but when it is gone nobody waits for this any more.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && interrupted.resolve(undefined), 1000).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interrupted.resolve(undefined));

  if (args.withApp) await buildApp();
  if (!args.exit) await buildConsole();
  // Once the stack stays up, calls that somebody else places are told of as well.
  let onCallEnded: (callId: string) => void = () => {};
  const stack = await startLocalStack({
    ...args,
    onLog: report.appLogged,
    onCallEnded: (callId) => onCallEnded(callId),
  });
  const ended = new AbortController();
  let consolePage: ConsoleProcess | undefined;
  try {
    report.started(stack, packageJson.version, args);
    // Interrupted, nobody waits for the calls any more, and they may well fail.
    const rung = appIsUp(stack, ended.signal).then(() => ringAll(stack, report));
    rung.catch(() => undefined);
    const calls = await Promise.race([rung, interrupted.promise, stack.broken]);
    if (args.exit || calls === undefined) return calls?.every(({ succeeded }) => succeeded) ? 0 : 1;
    await announceStack(stack);
    consolePage = await startConsole();
    report.staysUp(stack, consolePage.url);
    onCallEnded = (callId) => {
      follow(stack, callId).then(
        (call) => report.rang("that was placed", call),
        () => undefined,
      );
    };
    await Promise.race([interrupted.promise, stack.broken]);
    return 0;
  } finally {
    ended.abort();
    await withdrawStack();
    await consolePage?.stop();
    await stack.stop();
  }
}

/** Resolves once whoever runs the app has it up. */
async function appIsUp({ appUrl }: LocalStack, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const health = await fetch(`${appUrl}/api/health`).catch(() => undefined);
    if (health?.ok) return;
    await setTimeout(500);
  }
}

async function ringAll(stack: LocalStack, report: Report): Promise<RungCall[]> {
  const calls: RungCall[] = [];
  for (const { title, caller, called } of SAMPLE_CALLS) {
    const { id } = await stack.simulator.placeCall({ caller, called });
    const call = await follow(stack, id);
    report.rang(title, call);
    calls.push(call);
  }
  report.finished(calls, await readCallLog(stack));
  return calls;
}

function readArguments(): Arguments | undefined {
  const { values } = parseArgs({
    options: {
      exit: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      port: { type: "string" },
      "no-app": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return undefined;
  }
  const { exit, json, port } = values;
  const number = Number(port ?? 0);
  if (port !== undefined && !(/^\d+$/.test(port) && number <= 65_535)) {
    throw new TypeError(`--port is "${port}"; use a number from 0 to 65535.`);
  }
  return { exit, json, withApp: !values["no-app"], ...(port === undefined ? {} : { port: number }) };
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof TypeError;
  process.stderr.write(
    `npm start: ${error instanceof Error ? error.message : String(error)}\n${usage ? `\n${USAGE}` : ""}`,
  );
  process.exitCode = usage ? 2 : 1;
}
