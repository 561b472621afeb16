import { copyFile, readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type Plugin, stop } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface BuildOptions {
  /** A file a function, or globs of them; default: the app's own. */
  readonly entryPoints?: readonly string[];
  /** Gets `functions` and `chunks`, in place of earlier ones; default: `dist`, where package.json's `main` looks. */
  readonly outDir?: string;
  /** Default true. */
  readonly sourceMaps?: boolean;
}

/**
 * Bundles each function with all that it needs; what they share stands once, in chunks beside them, so that they also
 * share one app. `@azure/functions-core` is the host's own.
 *
 * @returns what went into each file
 */
export async function buildApp(options: BuildOptions = {}): Promise<Metafile> {
  const { entryPoints = ["functions/*.ts"], outDir = "dist", sourceMaps = true } = options;
  const out = resolve(root, outDir);
  // Chunks are named by what is in them, so those of earlier builds would stay beside the new ones.
  await Promise.all(["functions", "chunks"].map((name) => rm(`${out}/${name}`, { recursive: true, force: true })));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outdir: `${out}/functions`,
    chunkNames: "../chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node22",
    format: "esm",
    external: ["@azure/functions-core"],
    plugins: [planAsJson],
    // The CommonJS packages inside still call require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    minify: true,
    sourcemap: sourceMaps && "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  // Its service would stay for as long as whoever called.
  await stop();
  return metafile;
}

/** The numbering plan as a text of JSON, which loads in two thirds of the time that it takes as a program. */
const planAsJson: Plugin = {
  name: "plan-as-json",
  setup({ onLoad }) {
    onLoad({ filter: /libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, async ({ path }) => {
      const plan: unknown = JSON.parse(await readFile(path.replace(/\.js$/, ""), "utf8"));
      return { contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(plan))})` };
    });
  },
};

/** Makes of the command what npm installs: plain JavaScript, whose libraries npm installs beside it. */
export async function buildCommand(): Promise<void> {
  await rm(`${root}/dist/cli`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/ringroute.ts"],
    outdir: "dist/cli",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node22",
    format: "esm",
    logLevel: "warning",
  });
  await stop();
}

/** Makes of the console's page what its server gives to the browser: everything in the package, nothing from elsewhere. */
export async function buildConsole(): Promise<void> {
  await rm(`${root}/dist/console`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { page: "src/console/page/main.tsx" },
    outdir: "dist/console",
    bundle: true,
    platform: "browser",
    target: "es2022",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
  });
  await copyFile(`${root}/src/console/page/index.html`, `${root}/dist/console/index.html`);
  await stop();
}

if (import.meta.main) {
  await buildApp();
  await buildCommand();
  await buildConsole();
}
