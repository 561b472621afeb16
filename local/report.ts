import { styleText } from "node:util";
import type { RungCall } from "./sample-calls.ts";
import { type LocalStack, USUAL_PORTS } from "./stack.ts";

interface StartOptions {
  readonly withApp: boolean;
  readonly port?: number;
}

/** What is told while a stack runs. */
export interface Report {
  /** @param options as they were given */
  started(stack: LocalStack, version: string, options: StartOptions): void;
  rang(title: string, call: RungCall): void;
  finished(calls: readonly RungCall[], log: readonly Record<string, unknown>[]): void;
  /** What a person may try next, since the stack stays up. @param consoleUrl lets into the console */
  staysUp(stack: LocalStack, consoleUrl: string): void;
  appLogged(line: { readonly level: string; readonly message: string }): void;
}

/** One JSON object a line. */
export function jsonReport(): Report {
  return {
    started: ({ appUrl, simulator, tablesConnectionString }, version) =>
      print(JSON.stringify({ event: "started", version, appUrl, graphUrl: simulator.url, tablesConnectionString })),
    rang: (_, call) => print(JSON.stringify(call)),
    finished: (calls) => print(JSON.stringify({ event: "summary", ...count(calls) })),
    staysUp: (_, consoleUrl) => print(JSON.stringify({ event: "console", url: consoleUrl })),
    appLogged: () => {},
  };
}

function count(calls: readonly RungCall[]) {
  const redirected = calls.filter(({ succeeded }) => succeeded).length;
  return { calls: calls.length, redirected, failed: calls.length - redirected };
}

/** Text for a person. */
export function personReport(): Report {
  return {
    started(stack, version, { withApp, port }) {
      print(`${bold(`Ringroute ${version}`)} on this machine\n`);
      print(`  webhook  ${stack.appUrl}/api/calls${withApp ? "" : "  (not started here)"}`);
      print(`  Graph    ${stack.simulator.url}  (simulator)`);
      print(`  tables   ${endpointOf(stack)}  (Azurite)`);
      const taken = withApp && port === undefined && new URL(stack.appUrl).port !== String(USUAL_PORTS.app);
      print(
        taken
          ? dim(`
  Port ${USUAL_PORTS.app} is taken, perhaps by another npm start; -- --port chooses one.
`)
          : "",
      );
    },
    rang(title, call) {
      const mark = call.succeeded ? styleText("green", "✓") : styleText("red", "✗");
      print(`${mark} ${bold(`A call ${title}`)}`);
      print(`    caller    ${call.callerKind} ${call.caller}`);
      print(`    called    ${call.line}${call.lineName === undefined ? "" : ` (${call.lineName})`}`);
      print(`    rule      ${ruleName(call.rule, call.line)}`);
      for (const target of targetsOf(call.request)) print(`    rings     ${target}`);
      print(
        `    Graph     ${call.status ?? "not asked"}${call.elapsedMs === null ? "" : `, ${call.elapsedMs} ms after the call came in`}`,
      );
      print(`    outcome   ${call.outcome}\n`);
    },
    finished(calls, log) {
      printLog(log);
      const { redirected, failed } = count(calls);
      print(`\n${redirected} redirected, ${failed} failed.`);
    },
    staysUp: printNext,
    appLogged({ level, message }) {
      if (level === "warning" || level === "error") print(dim(`  app: ${plain(message)}`));
    },
  };
}

/** A line of the app's log for reading: what happened, and the fields beside it. */
function plain(message: string): string {
  if (!message.startsWith("{")) return message;
  const { event, ...fields }: Record<string, unknown> = JSON.parse(message);
  if (event === "row_fault") return String(fields.fault);
  const told = Object.entries(fields).filter(([name]) => name !== "trace");
  return `${event} ${told.map(([name, value]) => `${name}=${value}`).join(" ")}`;
}

function printLog(log: readonly Record<string, unknown>[]): void {
  const rows = log.map((row) => [
    row.receivedAt instanceof Date ? row.receivedAt.toISOString().slice(11, 23) : "",
    `${row.callerKind} ${String(row.caller).slice(0, 13)}`,
    ruleName(String(row.rule ?? ""), String(row.line)),
    String(row.status ?? ""),
    `${row.elapsedMs ?? "?"} ms`,
    String(row.outcome ?? "open"),
  ]);
  const table = [["received", "caller", "rule", "status", "took", "outcome"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  print(bold("Call log"));
  table.forEach((row, index) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
    print(index === 0 ? dim(`  ${line}`) : `  ${line}`);
  });
}

function printNext(stack: LocalStack, consoleUrl: string): void {
  print(`
${bold("Next")}
  Look:         ${consoleUrl}
  Ring again:   curl -s -X POST ${stack.simulator.url}/simulator/calls -H "content-type: application/json" \\
                  -d '{"caller":{"phone":{"id":"+14255550123"}},"called":{"applicationInstance":{"id":"84292c1d-8acc-582c-b421-be858516a6a1"}}}'
  Edit a row:   Azure Storage Explorer, "Attach to a resource", Storage account, Connection string:
                ${stack.tablesConnectionString}
  End:          Ctrl-C
`);
}

/** A line's own rule goes by its name alone; any other says in which partition it stands. */
function ruleName(rule: string, line: string): string {
  return rule.startsWith(`${line}/`) ? rule.slice(line.length + 1) : rule;
}

function targetsOf(request: unknown): string[] {
  if (typeof request !== "object" || request === null || !("targets" in request) || !Array.isArray(request.targets))
    return [];
  return request.targets.map((target: { identity?: Record<string, unknown> }) => {
    const [kind, identity] = Object.entries(target.identity ?? {}).find(([key]) => !key.startsWith("@")) ?? [
      "nobody",
      {},
    ];
    const { id, displayName } = identity as { id?: string; displayName?: string };
    return `${kind} ${id ?? ""}${displayName === undefined ? "" : ` "${displayName}"`}`;
  });
}

function endpointOf({ tablesConnectionString }: LocalStack): string {
  return /TableEndpoint=([^;]+)/.exec(tablesConnectionString)?.[1] ?? "";
}

function bold(text: string): string {
  return styleText("bold", text);
}

function dim(text: string): string {
  return styleText("dim", text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
