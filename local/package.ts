import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { buildApp } from "./build.ts";
import { zip } from "./zip.ts";

const USAGE = `npm run package [-- --out DIR]

Builds what is deployed: the folder DIR/package and the same as DIR/ringroute.zip. The same sources give the same bytes.

  --out DIR   default: dist
`;

/** A larger one would start more slowly than a call can wait for. */
const LIMIT_BYTES = 5 * 1024 * 1024;

const root = fileURLToPath(new URL("..", import.meta.url));

/** What was written. */
export interface Package {
  readonly folder: string;
  readonly zipFile: string;
  readonly zipBytes: number;
  readonly sha256: string;
  /** Sizes in bytes by path within the folder, in order. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Builds the deployable folder and its archive: the bundled code, host.json, and a package.json with nothing to install.
 *
 * Source maps stay out: the worker reads them only with a Node.js option that Flex Consumption leaves to no app.
 *
 * @param outDir gets `package` and `ringroute.zip`, in place of earlier ones
 * @throws Error when the archive is larger than 5 MiB
 */
export async function packageApp(outDir: string): Promise<Package> {
  const folder = join(outDir, "package");
  const zipFile = join(outDir, "ringroute.zip");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await buildApp({ outDir: join(folder, "dist"), sourceMaps: false });
  await writeFile(join(folder, "host.json"), await readFile(join(root, "host.json")));
  await writeFile(join(folder, "package.json"), deployedPackageJson());
  const files = await readFolder(folder);
  const archive = await zip(files);
  if (archive.length > LIMIT_BYTES)
    throw new Error(`${zipFile} would have ${archive.length} bytes, over ${LIMIT_BYTES}`);
  await writeFile(zipFile, archive);
  return {
    folder,
    zipFile,
    zipBytes: archive.length,
    sha256: createHash("sha256").update(archive).digest("hex"),
    files: new Map([...files].map(([path, content]) => [path, content.length])),
  };
}

/** No dependencies: what the app uses of them is in the bundle, and nothing is to be installed in Azure. */
function deployedPackageJson(): string {
  const { name, version, type, main } = packageJson;
  return `${JSON.stringify({ name, version, private: true, type, main }, null, 2)}\n`;
}

/** The folder's files by their path within it, with `/` between folders, in order. */
async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [relative(folder, path).split(sep).join("/"), await readFile(path)] as const);
  return new Map((await Promise.all(files)).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What is told of a package, for people. */
function report({ folder, zipFile, zipBytes, sha256, files }: Package): string {
  const sizes = [...files].map(([path, bytes]) => `  ${bytes.toLocaleString("en").padStart(9)}  ${path}\n`);
  return `${folder}\n${sizes.join("")}${zipFile}\n  ${zipBytes.toLocaleString("en").padStart(9)}  bytes\n  sha256     ${sha256}\n`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: "string", default: join(root, "dist") }, help: { type: "boolean", short: "h" } },
  });
  process.stdout.write(values.help ? USAGE : report(await packageApp(resolve(values.out))));
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    const usage = error instanceof TypeError;
    process.stderr.write(
      `npm run package: ${error instanceof Error ? error.message : String(error)}\n${usage ? `\n${USAGE}` : ""}`,
    );
    process.exitCode = usage ? 2 : 1;
  }
}
