import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";

const MAIN = path.resolve("local/functions-host/main.ts");
const roots: string[] = [];
const children: ChildProcessWithoutNullStreams[] = [];

const event = z.looseObject({ event: z.string(), url: z.string().optional(), message: z.string().optional() });

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true })));
});

const HANDLERS = `
  import { app } from "@azure/functions";
  app.http("setting", { handler: (request) => ({ body: process.env[request.query.get("name")] ?? "" }) });
  app.http("say", { handler: (request, context) => { context.warn("by context"); console.log("by console"); } });
  app.timer("prune", { schedule: "0 0 3 * * *", handler: () => {} });
  setInterval(() => {}, 1000);
`;

async function anApp(entry: string, files: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "functions-host-"));
  roots.push(root);
  await symlink(path.resolve("node_modules"), path.join(root, "node_modules"));
  const all = { "package.json": `{ "main": "*.mjs", "type": "module" }`, "entry.mjs": entry, ...files };
  for (const [name, content] of Object.entries(all)) await writeFile(path.join(root, name), content);
  return root;
}

function run(root: string, args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [MAIN, "--port", "0", ...args], { cwd: root, env: { ...process.env, ...env } });
  children.push(child);
  return child;
}

/** The child's JSON lines from the one that satisfies `wanted`; anything that is not JSON is a failure. */
async function nextEvent(
  child: ChildProcessWithoutNullStreams,
  wanted: (line: z.infer<typeof event>) => boolean,
): Promise<z.infer<typeof event>> {
  const lines = createInterface({ input: child.stdout });
  try {
    for await (const line of lines) {
      const parsed = event.parse(JSON.parse(line));
      if (wanted(parsed)) return parsed;
    }
  } finally {
    lines.close();
    child.stdout.resume();
  }
  throw new Error(`The process ended first: ${await text(child.stderr)}`);
}

function listening(child: ChildProcessWithoutNullStreams) {
  return nextEvent(child, (line) => line.event === "listening");
}

describe("functions-host/main", () => {
  it("prints where it listens and what it serves, as one line of JSON", async () => {
    const started = await listening(run(await anApp(HANDLERS), []));
    expect(started).toEqual({
      event: "listening",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      functions: [
        { kind: "http", name: "setting", methods: ["GET", "POST"], route: "/api/setting", authLevel: "anonymous" },
        { kind: "http", name: "say", methods: ["GET", "POST"], route: "/api/say", authLevel: "anonymous" },
        { kind: "timer", name: "prune", schedule: "0 0 3 * * *" },
      ],
    });
  });

  it("takes settings from the environment first and then from the file", async () => {
    const settings = JSON.stringify({ Values: { FROM_FILE: "file", FROM_BOTH: "file", NUMBER: 5 } });
    const root = await anApp(HANDLERS, { "local.settings.json": settings });
    const { url } = await listening(run(root, ["--settings", "local.settings.json"], { FROM_BOTH: "environment" }));
    const values = ["FROM_FILE", "FROM_BOTH", "NUMBER"].map(async (name) =>
      (await fetch(`${url}/api/setting?name=${name}`)).text(),
    );
    expect(await Promise.all(values)).toEqual(["file", "environment", "5"]);
  });

  it.each([
    ["by context", { level: "warning", category: "user", functionName: "say" }],
    ["by console", { level: "information", category: "user" }],
  ])("prints what a function writes %s as a line of JSON", async (message, expected) => {
    const child = run(await anApp(HANDLERS), []);
    const { url } = await listening(child);
    const logged = nextEvent(child, (line) => line.message === message);
    await fetch(`${url}/api/say`);
    expect(await logged).toMatchObject({ event: "log", ...expected });
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends with code 0 on %s, whatever timers the app has left",
    async (signal) => {
      const child = run(await anApp(HANDLERS), []);
      await listening(child);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([0, null]);
    },
  );

  it("ends when its stdin closes, if it was told to", async () => {
    const child = run(await anApp(HANDLERS), ["--end-with-stdin"]);
    await listening(child);
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("ends with its stdin while the app still loads", async () => {
    const child = run(
      await anApp(`console.log("loading"); setInterval(() => {}, 1000); await new Promise(() => {});`),
      ["--end-with-stdin"],
    );
    await nextEvent(child, (line) => line.message === "loading");
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("exits with 1 and the error's own message on one line when the app cannot load", async () => {
    const child = run(await anApp(`throw new Error("BOT_APP_ID is missing;\\n  CLOUD is wrong");`), []);
    const [[code], stderr] = await Promise.all([once(child, "exit"), text(child.stderr), child.stdout.resume()]);
    expect([code, stderr]).toEqual([1, "BOT_APP_ID is missing; CLOUD is wrong\n"]);
  });

  it("exits with 1 and says so when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    const child = run(await anApp(HANDLERS), ["--port", port]);
    const [[code], stderr] = await Promise.all([once(child, "exit"), text(child.stderr), child.stdout.resume()]);
    expect([code, stderr]).toEqual([1, `Port ${port} is already in use.\n`]);
    other.close();
  });

  it.each([[["--prot", "1"]], [["--port", "http"]]])("exits with 2 for %j", async (args) => {
    const child = run(await anApp(HANDLERS), args);
    const [[code]] = await Promise.all([once(child, "exit"), text(child.stderr)]);
    expect(code).toBe(2);
  });
});
