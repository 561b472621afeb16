import { glob, readFile } from "node:fs/promises";
import { enableCompileCache, flushCompileCache } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { startFunctionsHost } from "../../local/functions-host/host.ts";

/*
 * Loads the app in the working directory as a fresh instance does and serves it. Says how long the loading took:
 *
 *   node load-process.ts [CACHE]    a folder where Node keeps what it has compiled, for the next process
 */

const [cache] = process.argv.slice(2);
const { main }: { main: string } = JSON.parse(await readFile("package.json", "utf8"));
const settings: { Values: Record<string, string> } = JSON.parse(
  await readFile(new URL("../../local.settings.sample.json", import.meta.url), "utf8"),
);
for (const [name, value] of Object.entries(settings.Values)) process.env[name] ??= value;
const entries: string[] = [];
for await (const file of glob(main)) entries.push(pathToFileURL(path.resolve(file)).href);

let loadMs = 0;
const host = await startFunctionsHost({
  port: 0,
  load: async () => {
    if (cache !== undefined) enableCompileCache(cache);
    const startedAt = performance.now();
    for (const entry of entries.sort()) await import(entry);
    loadMs = performance.now() - startedAt;
    if (cache !== undefined) flushCompileCache();
  },
});
process.stdout.write(`${host.url} loaded in ${loadMs} ms\n`);
