import { glob, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { OnLog } from "./core-types.ts";
import type { FunctionsApp } from "./functions-app.ts";
import { installFunctionsCore } from "./functions-core.ts";

/**
 * What to load: an app's root directory, whose package.json names the entry files in `main`; or the entry files
 * themselves, as paths or file URLs; or a callback that imports them in its own way.
 */
export type AppSource = string | readonly (string | URL)[] | (() => unknown);

/** `main` and `type` of a package.json, as far as they matter here. */
interface PackageJson {
  readonly main: string | undefined;
  readonly isModule: boolean;
}

/**
 * Loads an app's entry files one after the other and collects the functions and hooks that they register.
 *
 * A file that throws is a failed start: the promise rejects with that very error, and the log names the file.
 * A process evaluates a module once, so loading the same files a second time registers nothing.
 *
 * @param source the app root, the entry files, or a callback; `main` may be a glob such as `dist/functions/*.js`
 * @throws when there is no package.json or `main`, when `main` matches no file, or what an entry file threw
 */
export function loadFunctions(source: AppSource, onLog: OnLog = () => {}): Promise<FunctionsApp> {
  return installFunctionsCore().collect(onLog, async (app) => {
    if (typeof source === "function") await source();
    else if (typeof source === "string") await loadAppRoot(source, app);
    else await loadEntries(source.map(toPath), app);
    if (app.functions.size === 0) app.systemLog("warning", "No functions were registered.");
  });
}

async function loadAppRoot(appRoot: string, app: FunctionsApp): Promise<void> {
  const root = path.resolve(appRoot);
  const packageJson = await readPackageJson(root);
  if (packageJson.main === undefined) {
    throw new Error(`${path.join(root, "package.json")} has no "main", which names the entry files.`);
  }
  const files = await findEntries(root, packageJson.main);
  await loadEntries(files, app, packageJson, root);
}

async function findEntries(root: string, pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const found of glob(pattern, { cwd: root })) {
    const file = path.join(root, found);
    if ((await stat(file)).isFile()) files.push(file);
  }
  if (files.length === 0) {
    const fault = /[*?[\]{}()!]/.test(pattern)
      ? "Found zero files matching the supplied pattern"
      : "File does not exist";
    throw new Error(`Worker was unable to load entry point "${pattern}": ${fault}.`);
  }
  return files.sort();
}

async function loadEntries(
  files: readonly string[],
  app: FunctionsApp,
  packageJson: PackageJson = { main: undefined, isModule: true },
  root: string = process.cwd(),
): Promise<void> {
  for (const file of files) {
    const shown = path.relative(root, file);
    app.systemLog("debug", `Loading entry point file "${shown}"`);
    try {
      await loadEntry(file, packageJson);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      app.systemLog("error", `Worker was unable to load entry point "${shown}": ${error.message}`);
      throw error;
    }
  }
}

/** The worker goes by extension and then by the app's package.json, and `require`s whatever is not an ES module. */
async function loadEntry(file: string, packageJson: PackageJson): Promise<void> {
  const isModule = file.endsWith(".mjs") || (!file.endsWith(".cjs") && packageJson.isModule);
  if (isModule) await import(pathToFileURL(file).href);
  else createRequire(file)(file);
}

function toPath(entry: string | URL): string {
  if (entry instanceof URL || entry.startsWith("file:")) return fileURLToPath(entry);
  return path.resolve(entry);
}

async function readPackageJson(root: string): Promise<PackageJson> {
  const file = path.join(root, "package.json");
  const content: unknown = JSON.parse(await readFile(file, "utf8"));
  if (typeof content !== "object" || content === null) throw new Error(`${file} does not hold an object.`);
  const main = "main" in content && typeof content.main === "string" ? content.main : undefined;
  return { main, isModule: "type" in content && content.type === "module" };
}
