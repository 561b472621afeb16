import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import type { LogLine } from "../../local/functions-host/core-types.ts";
import { startFunctionsHost } from "../../local/functions-host/host.ts";
import { loadFunctions } from "../../local/functions-host/load-functions.ts";

const roots: string[] = [];

afterEach(async () => {
  await Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true })));
});

/** A temporary app that finds the packages of this repository. */
async function anApp(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "functions-host-"));
  roots.push(root);
  await symlink(path.resolve("node_modules"), path.join(root, "node_modules"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return root;
}

function packageJson(main: string | undefined, type: "module" | "commonjs" = "module"): string {
  return JSON.stringify({ main, type });
}

function aFunction(name: string): string {
  return `import { app } from "@azure/functions"; app.http("${name}", { handler: () => ({ body: "${name}" }) });`;
}

describe("loadFunctions", () => {
  it("loads every file that the glob in main names, in the order of their names", async () => {
    const root = await anApp({
      "package.json": packageJson("dist/functions/*.js"),
      "dist/functions/b.js": aFunction("b"),
      "dist/functions/a.js": aFunction("a"),
      "dist/functions/a.js.map": "{}",
      "dist/other.js": "throw new Error('not an entry');",
    });
    expect([...(await loadFunctions(root)).functions.keys()]).toEqual(["a", "b"]);
  });

  it("requires entry files that are no ES modules, as the worker does", async () => {
    const cjs = (name: string) => `require("@azure/functions").app.get("${name}", () => ({}));`;
    const root = await anApp({ "package.json": packageJson("index.js", "commonjs"), "index.js": cjs("cjs") });
    expect([...(await loadFunctions(root)).functions.keys()]).toEqual(["cjs"]);
  });

  it("loads entry files given as paths or URLs", async () => {
    const root = await anApp({
      "package.json": packageJson(undefined),
      "a.js": aFunction("a"),
      "b.js": aFunction("b"),
    });
    const entries = [path.join(root, "a.js"), pathToFileURL(path.join(root, "b.js"))];
    expect([...(await loadFunctions(entries)).functions.keys()]).toEqual(["a", "b"]);
  });

  it("fails with the very error that an entry file throws, and logs which file it was", async () => {
    const root = await anApp({
      "package.json": packageJson("functions/*.js"),
      "functions/calls.js": `throw Object.assign(new Error("CLOUD is wrong"), { code: "config" });`,
    });
    const lines: LogLine[] = [];
    const load = loadFunctions(root, (line) => lines.push(line));
    await expect(load).rejects.toMatchObject({ message: "CLOUD is wrong", code: "config" });
    const errors = lines.filter((line) => line.level === "error").map((line) => line.message);
    expect(errors).toEqual(['Worker was unable to load entry point "functions/calls.js": CLOUD is wrong']);
  });

  it("can load another app after one that failed", async () => {
    const bad = await anApp({ "package.json": packageJson("a.js"), "a.js": "throw new Error('bad');" });
    const good = await anApp({ "package.json": packageJson("a.js"), "a.js": aFunction("good") });
    await expect(loadFunctions(bad)).rejects.toThrow("bad");
    expect([...(await loadFunctions(good)).functions.keys()]).toEqual(["good"]);
  });

  it.each([
    ["dist/*.js", "Found zero files matching the supplied pattern"],
    ["index.js", "File does not exist"],
    [undefined, 'has no "main"'],
  ])("fails when main is %s and there is no such file", async (main, message) => {
    await expect(loadFunctions(await anApp({ "package.json": packageJson(main) }))).rejects.toThrow(message);
  });

  it("says so when no function was registered", async () => {
    const lines: LogLine[] = [];
    await loadFunctions(
      () => {},
      (line) => lines.push(line),
    );
    expect(lines).toMatchObject([{ level: "warning", message: "No functions were registered." }]);
  });
});

describe("startFunctionsHost with an app root", () => {
  it("runs an esbuild bundle in ES module format whose banner makes its own require", async () => {
    const root = await anApp({
      "package.json": packageJson("dist/functions/*.js"),
      "host.json": `\uFEFF{ "version": "2.0", "extensions": { "http": { "routePrefix": "hooks" } } }`,
      "src/calls.ts": aFunction("calls"),
    });
    await build({
      entryPoints: [path.join(root, "src/calls.ts")],
      outfile: path.join(root, "dist/functions/calls.js"),
      bundle: true,
      format: "esm",
      platform: "node",
      external: ["@azure/functions-core"],
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "silent",
    });
    await rm(path.join(root, "node_modules"));
    const host = await startFunctionsHost({ port: 0, appRoot: root });
    const response = await fetch(`${host.url}/hooks/calls`);
    expect([response.status, await response.text()]).toEqual([200, "calls"]);
    await host.close();
  });

  it("fails when host.json is not JSON, and names the file", async () => {
    const root = await anApp({ "package.json": packageJson("a.js"), "a.js": aFunction("a"), "host.json": "{" });
    await expect(startFunctionsHost({ port: 0, appRoot: root })).rejects.toThrow("host.json is not JSON");
  });

  it("refuses an app that turns HTTP streaming on, rather than let its requests hang", async () => {
    const source = `${aFunction("a")} app.setup({ enableHttpStream: true });`;
    const root = await anApp({ "package.json": packageJson("a.mjs"), "a.mjs": source });
    await build({
      entryPoints: [path.join(root, "a.mjs")],
      outfile: path.join(root, "a.mjs"),
      allowOverwrite: true,
      bundle: true,
      format: "esm",
      platform: "node",
      external: ["@azure/functions-core"],
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "silent",
    });
    await expect(startFunctionsHost({ port: 0, appRoot: root })).rejects.toThrow("enableHttpStream");
  });
});
