import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../exit.ts";
import { FILE_NAMES, tableNamed } from "./table-file.ts";

/** The tables' files that a path means: one file, or those of a folder. */
export interface FoundFiles {
  readonly files: readonly string[];
  /** Other CSV files of the folder, which are left alone. */
  readonly others: readonly string[];
}

/**
 * @param known a file that may lie in the folder as well and is no other
 * @throws UsageError when there is nothing to import
 */
export async function findFiles(path: string, cwd: string, known?: string): Promise<FoundFiles> {
  const full = resolve(cwd, path);
  if (!(await statOf(path, full)).isDirectory()) return { files: [full], others: [] };
  const names = (await readdir(full)).filter((name) => name.toLowerCase().endsWith(".csv")).sort();
  const isKnown = (name: string) => known !== undefined && join(full, name) === resolve(cwd, known);
  const files = names.filter((name) => tableNamed(name) !== undefined);
  const double = files.find((name, at) => files.slice(0, at).some((each) => tableNamed(each) === tableNamed(name)));
  if (double !== undefined)
    throw new UsageError(`${path} holds two files for one table, ${double} is one: keep one of them.`);
  if (files.length === 0)
    throw new UsageError(
      `${path} holds none of ${Object.values(FILE_NAMES).join(", ")}: name the file itself, or another folder.`,
    );
  return {
    files: files.map((name) => join(full, name)),
    others: names.filter((name) => !files.includes(name) && !isKnown(name)),
  };
}

/** @returns the file's full path @throws UsageError when it is none */
export async function existingFile(path: string, cwd: string): Promise<string> {
  const full = resolve(cwd, path);
  if ((await statOf(path, full)).isDirectory()) throw new UsageError(`${path} is a folder: name a file in it.`);
  return full;
}

async function statOf(path: string, full: string) {
  try {
    return await stat(full);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new UsageError(`${path} is not there: name a file or a folder, such as ${basename(FILE_NAMES.Lines)}.`);
  }
}
