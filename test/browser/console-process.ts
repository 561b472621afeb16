import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { BOT, CONTOSO, FUNCTION_KEY, type TestStack } from "../support/stack.ts";

/** The console in a process of its own, as people run it. */
export interface ConsoleProcess {
  /** With the token that lets in. */
  readonly url: string;
  end(): Promise<void>;
}

/**
 * Starts `ringroute console` over tables that a local stack or a connection string leads to.
 *
 * @throws Error with the command's own words when it does not start
 */
export async function startConsole(tables: TestStack | string): Promise<ConsoleProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ringroute-"));
  if (typeof tables !== "string") await announce(tables, folder);
  const main = fileURLToPath(new URL("../../src/cli/ringroute.ts", import.meta.url));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main, "console", "--no-open", "--json"], {
    cwd: folder,
    env: {
      PATH,
      HOME,
      DEFAULT_REGION: "US",
      ...(typeof tables === "string" ? { TABLES_CONNECTION_STRING: tables } : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).once("line", (line) => listening.resolve(String(JSON.parse(line).url)));
  ended.then(() => listening.reject(new Error(said || "the console ended")));
  return {
    url: await listening.promise,
    async end() {
      child.kill("SIGINT");
      const [code] = await ended;
      await rm(folder, { recursive: true, force: true });
      // What goes wrong in the program itself is told with its name before it.
      expect({ code, faults: said.match(/^console: .*$/gm) }).toEqual({ code: 0, faults: null });
    },
  };
}

/** Tells of a stack as `npm start` does, so that the command finds it. */
async function announce({ host, simulator, azurite }: TestStack, folder: string): Promise<void> {
  const settings = {
    CLOUD: "local",
    LOCAL_STACK_URL: simulator.url,
    TABLES_CONNECTION_STRING: azurite.connectionString,
    BOT_APP_ID: BOT,
    BOT_TENANT_ID: CONTOSO,
  };
  await mkdir(join(folder, ".local"));
  await writeFile(
    join(folder, ".local", "stack.json"),
    JSON.stringify({ appUrl: host.url, simulatorUrl: simulator.url, functionKey: FUNCTION_KEY, settings }),
  );
}
