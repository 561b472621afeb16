import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
        columnNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

const MOST_FUNCTIONS = 40;

/** Prints where the time of a CPU profile went: by package and by function, the functions' own time without callees. */
export async function benchProfile([file = ""]: readonly string[], print: (line: string) => void): Promise<void> {
  const { nodes, samples, timeDeltas } = profileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const ownUs = new Map<number, number>();
  samples.forEach((id, index) => {
    ownUs.set(id, (ownUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const byPackage = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busyUs = 0;
  for (const { id, callFrame } of nodes) {
    const us = ownUs.get(id) ?? 0;
    if (us === 0 || callFrame.functionName === "(idle)") continue;
    busyUs += us;
    const source = await sourceOf(callFrame.url, callFrame.lineNumber, callFrame.columnNumber);
    const name = callFrame.functionName || "(anonymous)";
    add(byPackage, packageOf(source || name), us);
    add(byFunction, `${name}  ${source}`, us);
  }
  print(`busy for ${(busyUs / 1e6).toFixed(1)} s`);
  for (const [title, times] of [
    ["by package", byPackage],
    ["by function", byFunction],
  ] as const) {
    print(`\n${title}`);
    const sorted = [...times].sort(([, one], [, other]) => other - one).slice(0, MOST_FUNCTIONS);
    for (const [name, us] of sorted) print(`${((100 * us) / busyUs).toFixed(1).padStart(5)}%  ${name}`);
  }
}

function add(times: Map<string, number>, name: string, us: number): void {
  times.set(name, (times.get(name) ?? 0) + us);
}

const maps = new Map<string, SourceMap | undefined>();

/** The file of a bundle's place before it was bundled; the place's own file where there is no map. */
async function sourceOf(url: string, line: number, column: number): Promise<string> {
  if (!url.startsWith("file:")) return url;
  if (!maps.has(url)) maps.set(url, await readMap(fileURLToPath(`${url}.map`)));
  const entry = maps.get(url)?.findEntry(line, column);
  return entry !== undefined && "originalSource" in entry ? entry.originalSource : url;
}

async function readMap(file: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** The package of a path, else the folder below the project's root, else `node:` or V8's own. */
export function packageOf(source: string): string {
  const [, installed] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
  if (installed !== undefined) return installed;
  const [, own] = /(?:^|\/)((?:src|functions|local|bench)\/[^/]*)/.exec(source) ?? [];
  return own ?? /^node:internal\/(?:deps\/)?[^/]+/.exec(source)?.[0] ?? source.replace(/\/.*/, "");
}
