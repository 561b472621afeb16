import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { object, record, string, url } from "zod/mini";

/** Where a running local stack tells of itself, below the folder that it was started in. */
export const STACK_FILE = join(".local", "stack.json");

const stackFile = object({
  appUrl: url(),
  simulatorUrl: url(),
  /** Opens the app's functions that are not for everybody. */
  functionKey: string(),
  /** What the app of the stack runs with. */
  settings: record(string(), string()),
});

/** The local stack of `npm start`, as long as it runs. */
export interface RunningStack {
  readonly appUrl: string;
  readonly simulatorUrl: string;
  readonly functionKey: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The folder of the package itself: in a clone, where `npm start` runs. */
const PACKAGE_FOLDER = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Looks for a local stack that answers: one that was started in the folder, or in the clone that this command is of.
 *
 * @returns undefined when there is none; a file that a killed stack left behind is none
 */
export async function findLocalStack(cwd: string, packageFolder = PACKAGE_FOLDER): Promise<RunningStack | undefined> {
  for (const folder of new Set([cwd, packageFolder])) {
    const text = await readFile(join(folder, STACK_FILE), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const stack = parseStack(text);
    if (stack !== undefined && (await answers(stack.simulatorUrl))) return stack;
  }
  return undefined;
}

function parseStack(text: string): RunningStack | undefined {
  try {
    const parsed = stackFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function answers(simulatorUrl: string): Promise<boolean> {
  try {
    await fetch(simulatorUrl, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    // Whatever a port does that is no HTTP server's answer, it is no stack.
    return false;
  }
}
