import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** A folder of one test. */
export interface Folder {
  readonly path: string;
  /** @returns the file's full path */
  write(name: string, text: string | Uint8Array): Promise<string>;
  read(name: string): Promise<string>;
}

/** Makes a folder before each test of a file and removes it after it. @returns what to ask for it */
export function useFolder(): () => Folder {
  let path = "";
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "ringroute-csv-"));
  });
  afterEach(async () => await rm(path, { recursive: true }));
  return () => ({
    path,
    write: async (name, text) => {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    read: async (name) => await readFile(join(path, name), "utf8"),
  });
}
