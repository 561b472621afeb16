import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { object, record, string, url } from "zod/mini";

/** Where a running local stack tells of itself, below the folder that it was started in. */
export const STACK_FILE = join(".local", "stack.json");

const stackFile = object({
  appUrl: url(),
  simulatorUrl: url(),
  /** What the app of the stack runs with. */
  settings: record(string(), string()),
});

/** The local stack of `npm start`, as long as it runs. */
export interface RunningStack {
  readonly appUrl: string;
  readonly simulatorUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Looks for a local stack that was started in one of the folders and answers.
 *
 * @returns undefined when there is none; a file that a killed stack left behind is none
 */
export async function findLocalStack(folders: readonly string[]): Promise<RunningStack | undefined> {
  for (const folder of new Set(folders)) {
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
