import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import settingsFile from "../local.settings.sample.json" with { type: "json" };
import { LOCAL_KEY } from "./app-process.ts";
import type { LocalStack } from "./stack.ts";

const folder = new URL("../.local/", import.meta.url);
const file = new URL("stack.json", folder);

/** Tells whoever looks after the rows where the running stack is: the command finds it by this file. */
export async function announceStack({ appUrl, simulator, tablesConnectionString }: LocalStack): Promise<void> {
  const settings = {
    ...settingsFile.Values,
    LOCAL_STACK_URL: simulator.url,
    TABLES_CONNECTION_STRING: tablesConnectionString,
  };
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify(
    { pid: process.pid, appUrl, simulatorUrl: simulator.url, functionKey: LOCAL_KEY, settings },
    null,
    2,
  );
  await writeFile(file, text, { mode: 0o600 });
}

/** Takes the file away again, unless a stack that was started later has written its own. */
export async function withdrawStack(): Promise<void> {
  const text = await readFile(fileURLToPath(file), "utf8").catch(() => "");
  if (text.includes(`"pid": ${process.pid},`)) await rm(file, { force: true });
}
