import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, stop } from "esbuild";
import { buildApp } from "../../local/build.ts";

/** Each app that a bench compares, by the files of its functions. All are bundled alike. */
const ENTRY_POINTS = {
  ringroute: ["functions/*.ts"],
  plain: ["bench/plain/calls.ts"],
  "plain-kept": ["bench/plain/keys-kept.ts"],
  noop: ["bench/noop/*.ts"],
} as const;

export type AppName = keyof typeof ENTRY_POINTS;

/** A bundle that a Functions host can load. */
export interface BuiltApp {
  /** Folder with the package.json whose `main` names the functions. */
  readonly root: string;
  readonly metafile: Metafile;
}

/** What measured processes run besides what they are measured for. */
export interface Harness {
  /** The local Functions host. */
  readonly host: string;
  /** What tells the bench of a process' usage. */
  readonly usageHook: string;
}

/** Makes plain JavaScript of the harness: Node's TypeScript support would be 15 MB of what is measured. */
export async function buildHarness(): Promise<Harness> {
  const outdir = fileURLToPath(new URL("../../.local/bench/harness", import.meta.url));
  const entryPoints = {
    host: fileURLToPath(new URL("../../local/functions-host/main.ts", import.meta.url)),
    "usage-hook": fileURLToPath(new URL("usage-hook.ts", import.meta.url)),
  };
  await build({
    // A profile tells of the host's own files.
    ...{ entryPoints, outdir, outExtension: { ".js": ".mjs" }, sourcemap: true },
    ...{ bundle: true, packages: "external", platform: "node", target: "node22", format: "esm", logLevel: "warning" },
  });
  await stop();
  return { host: join(outdir, "host.mjs"), usageHook: join(outdir, "usage-hook.mjs") };
}

/** Bundles an app into a folder of its own, apart from `dist/`, which others may be rebuilding. */
export async function buildBenchApp(name: AppName): Promise<BuiltApp> {
  const root = fileURLToPath(new URL(`../../.local/bench/apps/${name}`, import.meta.url));
  await mkdir(root, { recursive: true });
  const metafile = await buildApp({ entryPoints: ENTRY_POINTS[name], outDir: join(root, "dist") });
  await writeFile(join(root, "package.json"), JSON.stringify({ type: "module", main: "dist/functions/*.js" }));
  return { root, metafile };
}
