import { readFile } from "node:fs/promises";
import path from "node:path";

/**
 * The prefix of all routes by `extensions.http.routePrefix` of host.json; `api` when it, or the file, is not there.
 *
 * @throws when host.json is there and does not hold JSON
 */
export async function readRoutePrefix(appRoot: string): Promise<string> {
  const file = path.join(appRoot, "host.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "api";
    throw error;
  }
  const prefix = property(property(property(parse(text, file), "extensions"), "http"), "routePrefix");
  return typeof prefix === "string" ? prefix : "api";
}

/**
 * The `Values` of a local.settings.json, as strings.
 *
 * @throws when the file cannot be read, has no `Values`, or holds a value that is not a string, number or boolean
 */
export async function readLocalSettings(file: string): Promise<Record<string, string>> {
  const values = property(parse(await readFile(file, "utf8"), file), "Values");
  if (typeof values !== "object" || values === null) throw new Error(`${file} has no "Values".`);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!["string", "number", "boolean"].includes(typeof value)) {
        throw new Error(`${file}: the value of ${name} must be a string, a number or a boolean.`);
      }
      return [name, String(value)];
    }),
  );
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
