import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The app in a process of its own, of which every written word is kept. */
export interface AppInBox {
  readonly url: string;
  /** Ends it. @returns the app's own messages, and all that the process wrote, to standard output and error */
  end(): Promise<{ readonly messages: readonly string[]; readonly written: string }>;
}

const FUNCTIONS = ["calls", "health"];

/**
 * Starts the app from its source, in the local host, with the settings given and no others.
 *
 * It is not built: `dist/` is shared by everything that builds, and tests run side by side.
 *
 * @throws Error with all that it wrote when it ends before it listens
 */
export async function startAppInBox(settings: Readonly<Record<string, string>>): Promise<AppInBox> {
  const root = await mkdtemp(join(tmpdir(), "ringroute-"));
  await writeFile(join(root, "package.json"), JSON.stringify({ type: "module", main: "main.js" }));
  const imports = FUNCTIONS.map((name) => `import ${JSON.stringify(sourceUrl(`functions/${name}.ts`))};\n`);
  await writeFile(join(root, "main.js"), imports.join(""));
  const host = fileURLToPath(sourceUrl("local/functions-host/main.ts"));
  const child = spawn(process.execPath, [host, "--port", "0", "--end-with-stdin"], {
    cwd: root,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const messages: string[] = [];
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      written += chunk;
    });
  }
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("event" in said)) return;
    if (said.event === "listening" && "url" in said) listening.resolve(String(said.url));
    if ("category" in said && said.category === "user" && "message" in said) messages.push(String(said.message));
  });
  ended.then(async () => {
    await rm(root, { recursive: true, force: true });
    listening.reject(new Error(written));
  });
  return {
    url: await listening.promise,
    async end() {
      child.stdin.end();
      await ended;
      return { messages, written };
    },
  };
}

function sourceUrl(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}
