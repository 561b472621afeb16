import { readFile } from "node:fs/promises";
import { array, object, record, string, union } from "zod/mini";
import { type Config, ConfigError, loadConfig } from "../../config.ts";
import { messageOf } from "../../errors.ts";
import type { Environment } from "../../settings.ts";
import { UsageError } from "../exit.ts";
import { good, type Verdict, wrong } from "./examination.ts";

/** The app's settings in a file: `local.settings.json`, what `az functionapp config appsettings list` prints, or names and values. */
const settingsFile = union([
  object({ Values: record(string(), string()) }),
  array(object({ name: string(), value: string() })),
  record(string(), string()),
]);

/** @throws UsageError when the file cannot be read or holds no settings */
export async function readSettingsFile(path: string): Promise<Environment> {
  try {
    const parsed = settingsFile.parse(JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, "")));
    if (Array.isArray(parsed)) return Object.fromEntries(parsed.map(({ name, value }) => [name, value]));
    // A plain map would have no object under Values.
    return "Values" in parsed && typeof parsed.Values === "object" ? parsed.Values : (parsed as Environment);
  } catch (error) {
    const why =
      error instanceof Error && error.name === "$ZodError" ? "it holds no names and values" : messageOf(error);
    throw new UsageError(
      `--settings is "${path}", and ${why}; give local.settings.json, or the output of: az functionapp config appsettings list --name APP --resource-group GROUP`,
    );
  }
}

/** Whether the app would start with these settings. */
export function examineSettings(env: Environment): { readonly config?: Config; readonly verdicts: readonly Verdict[] } {
  try {
    const config = loadConfig(env);
    const cloud = config.credential.kind === "local" ? "the local stack" : new URL(config.cloud.graphRoot).host;
    return {
      config,
      verdicts: [good("settings", `bot ${config.botAppId} of tenant ${config.botTenantId}, Graph at ${cloud}`)],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      verdicts: error.faults.map((fault) =>
        wrong("settings", fault, "Set it among the app's settings; the app does not start until then."),
      ),
    };
  }
}
