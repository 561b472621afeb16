import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Opens the local app's functions that are not for everybody. */
export const LOCAL_KEY = "local";

/** The app in a process of its own, as the Functions host would run it. */
export interface AppProcess {
  /** Origin, such as `http://127.0.0.1:7071`. */
  readonly url: string;
  /** Resolves with the exit code when it ends, by itself or because it was stopped. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
  /** Ends it as a power cut would: nothing that is under way is finished. */
  kill(): Promise<void>;
}

/**
 * Starts the built app.
 *
 * @param port on 127.0.0.1; 0 is any free one
 * @param settings laid over those of local.settings.sample.json
 * @param onLog told each line that the app logs
 * @param nodeOptions for Node.js itself, such as `--expose-gc`
 * @throws Error with the app's own words when it cannot start
 */
export async function startAppProcess(
  port: number,
  settings: Readonly<Record<string, string>>,
  onLog: (line: { readonly level: string; readonly message: string }) => void,
  nodeOptions: readonly string[] = [],
): Promise<AppProcess> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const host = [
    "local/functions-host/main.ts",
    "--port",
    String(port),
    "--settings",
    "local.settings.sample.json",
    "--key",
    LOCAL_KEY,
  ];
  const child = spawn(process.execPath, [...nodeOptions, ...host, "--end-with-stdin"], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const ended = once(child, "exit").then(([code]) => (typeof code === "number" ? code : null));
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    // A process that was killed may have been in the middle of a line.
    const event: unknown = line.startsWith("{") && line.endsWith("}") ? JSON.parse(line) : undefined;
    if (typeof event !== "object" || event === null || !("event" in event)) return;
    if (event.event === "listening" && "url" in event) listening.resolve(String(event.url));
    if (event.event === "log" && "message" in event && "level" in event) {
      onLog({ level: String(event.level), message: String(event.message) });
    }
  });
  child.once("error", listening.reject);
  ended.then((code) => listening.reject(new Error(complaint.trim() || `the app ended with ${code}`)));
  const url = await listening.promise;
  return {
    url,
    ended,
    async stop() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
