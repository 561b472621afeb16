import { fileURLToPath } from "node:url";
import { figure } from "./figures.ts";
import type { Flags } from "./flags.ts";
import { type BenchResult, type Goal, resultOf } from "./result.ts";
import { buildBenchApp } from "./stage/apps.ts";
import type { Usage } from "./stage/child.ts";
import { callerNumber, LISTS_A_CALLER, lineId } from "./stage/made-up-rows.ts";
import { startStage } from "./stage/stage.ts";
import { postCalls } from "./webhook/posts.ts";

export const amounts = {
  calls: { full: 100_000, short: 5000 },
  lines: { full: 10_000, short: 1000 },
  listings: { full: 100_000, short: 10_000 },
};

const GOALS: readonly Goal[] = [
  { figure: "resident MB at most", bound: "at most", value: 160 },
  { figure: "resident at the end/after half", bound: "at most", value: 1.05 },
  { figure: "live heap at the end/after half", bound: "at most", value: 1.05 },
];

/** Lines printed of a run. */
const STEPS = 10;

const CONNECTIONS = 10;
const MB = 2 ** 20;
const TABLES = fileURLToPath(new URL("stage/made-up-tables-process.ts", import.meta.url));

type Print = (line: string) => void;

/**
 * What the app's process takes of memory after its start and over many calls, to lines in turn and from callers in turn, so
 * that as much is remembered as can be.
 */
export async function run({ amounts: { calls, lines, listings } }: Flags<keyof typeof amounts>, print: Print) {
  const { root } = await buildBenchApp("ringroute");
  const args = [String(lines), String(listings)];
  const stage = await startStage((start) => start(TABLES, { args }));
  try {
    const app = await stage.startApp(root, ["--expose-gc"]);
    const usages = [await app.usage()];
    print("memory: the app's process\n\n  calls  resident MB  live heap MB");
    printUsage(0, usages[0], print);
    const tokens = await stage.tokens(16);
    const callers = listings / LISTS_A_CALLER;
    let placed = 0;
    let redirected = 0;
    for (let step = 1; step <= STEPS; step++) {
      const end = (step * calls) / STEPS;
      await postCalls({
        url: `${app.url}/api/calls`,
        connections: CONNECTIONS,
        tokens,
        isWanted: () => placed < end,
        partiesOf: () => ({ line: lineId(placed % lines), caller: callerNumber(placed++ % callers) }),
        onPost: ({ status }) => {
          if (status !== 202) throw new Error(`a call was answered ${status}`);
        },
      });
      // A call that nobody redirected would have taken no memory either.
      redirected += (await stage.arrivals()).size;
      const usage = await app.usage();
      usages.push(usage);
      printUsage(end, usage, print);
    }
    if (redirected !== placed) throw new Error(`${placed - redirected} calls were not redirected`);
    return resultOf("memory", { calls, lines, listings }, figuresOf(usages), GOALS);
  } finally {
    await stage.stop();
  }
}

function figuresOf(usages: readonly Usage[]): BenchResult["figures"] {
  const resident = usages.map(({ residentBytes }) => residentBytes / MB);
  const live = usages.map(({ heapBytes }) => heapBytes / MB);
  const growth = (sizes: readonly number[]) => (sizes.at(-1) ?? 0) / (sizes[STEPS / 2] ?? Number.NaN);
  return {
    "resident MB after start": figure(resident.slice(0, 1), "MB"),
    "resident MB at most": figure([Math.max(...resident)], "MB"),
    "resident at the end/after half": figure([growth(resident)], ""),
    "live heap MB at the end": figure(live.slice(-1), "MB"),
    "live heap at the end/after half": figure([growth(live)], ""),
  };
}

function printUsage(calls: number, usage: Usage | undefined, print: Print): void {
  if (usage === undefined) return;
  const { residentBytes, heapBytes } = usage;
  print(
    [String(calls).padStart(7), megabytes(residentBytes).padStart(11), megabytes(heapBytes).padStart(12)].join("  "),
  );
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(1);
}
