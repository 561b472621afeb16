import type { Command } from "commander";
import { openDesk } from "../console/desk.ts";
import { requirePage } from "../console/page-files.ts";
import { serveConsole } from "../console/server.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { type CommonFlags, leaf, type Run } from "./leaf.ts";
import type { Session } from "./session.ts";

interface ConsoleFlags extends CommonFlags {
  readonly port: string;
  readonly open: boolean;
}

/** `ringroute console`: a page on the administrator's own machine. */
export function addConsole(program: Command, run: Run): void {
  leaf(program, "console", "Shows who rings when on a page of this machine, until Ctrl-C", [
    "ringroute console",
    "ringroute console --no-open --port 8123",
  ])
    .option("--port <number>", "the page's port on 127.0.0.1; 0 is any free one", "0")
    .option("--no-open", "print the address, and leave it to you to open it")
    .action((flags: ConsoleFlags) => run(flags, (session) => showConsole(session, flags)));
}

async function showConsole(session: Session, { port, open, json }: ConsoleFlags): Promise<ExitCode> {
  const { out, host } = session;
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port is "${port}"; write a number from 0 to 65535.`);
  await requirePage();
  const desk = await openDesk(session);
  const server = await serveConsole(desk, Number(port), (message) => out.tell(`console: ${message}`));
  try {
    if (json) out.print(JSON.stringify({ event: "listening", url: server.url }));
    else out.print(server.url);
    if (open && host.stdout.isTTY) await openInBrowser(server.url, session);
    await untilInterrupted(host.interrupted);
    return EXIT.good;
  } finally {
    await server.close();
  }
}

async function openInBrowser(url: string, { out }: Session): Promise<void> {
  const { default: openAddress } = await import("open");
  const browser = await openAddress(url);
  browser.on("error", () => out.tell("No browser could be opened here; open the address yourself."));
}

async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
