import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { END_WITH_STDIN } from "./azurite.ts";

/** The console of the command, in a process of its own. */
export interface ConsoleProcess {
  /** With the token that lets in. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the console over the stack that was announced last; its page is built already.
 *
 * @throws Error with the command's own words when it cannot start
 */
export async function startConsole(): Promise<ConsoleProcess> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  // Settings of the shell would lead to other tables.
  const { TABLES_ENDPOINT: _, TABLES_CONNECTION_STRING: __, ...env } = process.env;
  const command = ["--import", END_WITH_STDIN, "src/cli/ringroute.ts", "console", "--no-open", "--json"];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C is for whoever started it, which then stops it in its turn.
    detached: true,
  });
  const ended = once(child, "exit");
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event: unknown = JSON.parse(line);
    if (typeof event === "object" && event !== null && "url" in event) listening.resolve(String(event.url));
  });
  child.once("error", listening.reject);
  child.once("exit", () => listening.reject(new Error(`The console did not start: ${complaint.trim()}`)));
  const url = await listening.promise;
  return {
    url,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
