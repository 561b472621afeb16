import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MistakeError } from "../cli/exit.ts";

/** Where the build puts the page, as seen from this file and from the command's bundle alike. */
const FOLDER = fileURLToPath(new URL("../../dist/console", import.meta.url));

const FILES: ReadonlyMap<string, readonly [file: string, contentType: string]> = new Map([
  ["/", ["index.html", "text/html; charset=utf-8"]],
  ["/page.js", ["page.js", "text/javascript; charset=utf-8"]],
  ["/page.css", ["page.css", "text/css; charset=utf-8"]],
]);

export interface PageFile {
  readonly body: Buffer;
  readonly contentType: string;
}

/** @returns undefined when the page has no such file */
export async function readPageFile(path: string): Promise<PageFile | undefined> {
  const [file, contentType] = FILES.get(path) ?? [];
  if (file === undefined || contentType === undefined) return undefined;
  return { body: await readFile(join(FOLDER, file)), contentType };
}

/** @throws MistakeError when the page has not been built, as in a fresh clone */
export async function requirePage(): Promise<void> {
  try {
    for (const path of FILES.keys()) await readPageFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new MistakeError("The console's page is not built yet: run npm run build first.");
  }
}
