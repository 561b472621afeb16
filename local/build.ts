import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the deployable app goes; package.json's `main` names the same place. */
const OUT = "dist/functions";

/**
 * Bundles each function with all that it needs; what they share stands once, in chunks beside them, so that they also
 * share one app. `@azure/functions-core` is the host's own.
 */
export async function buildApp(): Promise<void> {
  // Chunks are named by what is in them, so those of earlier builds would stay beside the new ones.
  await rm(`${root}/dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["functions/*.ts"],
    outdir: OUT,
    chunkNames: "../chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node22",
    format: "esm",
    external: ["@azure/functions-core"],
    // The CommonJS packages inside still call require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
  });
  // Its service would stay for as long as whoever called.
  await stop();
}

if (import.meta.main) await buildApp();
