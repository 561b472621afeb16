import { TableClient, type TransactionAction } from "@azure/data-tables";
import { figure } from "./figures.ts";
import type { Flags } from "./flags.ts";
import { type BenchResult, type Goal, resultOf } from "./result.ts";
import { buildBenchApp } from "./stage/apps.ts";
import type { Usage } from "./stage/child.ts";
import { writeDialPlan } from "./stage/dial-plan.ts";
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
];

/** Lines printed of a run. */
const STEPS = 10;
/** Calls after which the Calls table is emptied. */
const CALLS_A_TABLE = 1000;
const CONNECTIONS = 10;
/** Lists that each listed caller is on. */
const LISTS_A_CALLER = 10;
/** Rows that a transaction may hold. */
const BATCH = 100;
const MB = 2 ** 20;
const TARGETS = "user:98da8a1a-1b87-452c-a713-65d3f10b1253";

type Print = (line: string) => void;

/**
 * What the app's process takes of memory after its start and over many calls, to lines in turn and from callers in turn, so
 * that as much is remembered as can be.
 */
export async function run({ amounts: { calls, lines, listings } }: Flags<keyof typeof amounts>, print: Print) {
  const { root } = await buildBenchApp("ringroute");
  const stage = await startStage();
  try {
    await writeDialPlan(stage.connectionString);
    await writeRows(stage.connectionString, lines, listings);
    const app = await stage.startApp(root);
    const usages = [await app.usage()];
    print("memory: the app's process\n\n  calls  resident MB  heap MB");
    printUsage(0, usages[0], print);
    const tokens = await stage.tokens(16);
    const callers = listings / LISTS_A_CALLER;
    let placed = 0;
    for (let step = 1; step <= STEPS; step++) {
      const end = (step * calls) / STEPS;
      while (placed < end) {
        const pause = Math.min(end, placed + CALLS_A_TABLE);
        await stage.emptyTable("Calls");
        await postCalls({
          url: `${app.url}/api/calls`,
          connections: CONNECTIONS,
          tokens,
          isWanted: () => placed < pause,
          partiesOf: () => ({ line: lineId(placed % lines), caller: callerNumber(placed++ % callers) }),
          onPost: ({ status }) => {
            if (status !== 202) throw new Error(`a call was answered ${status}`);
          },
        });
        // What the platform noted is its memory, not the app's.
        await stage.arrivals();
      }
      const usage = await app.usage();
      usages.push(usage);
      printUsage(end, usage, print);
    }
    return resultOf("memory", { calls, lines, listings }, figuresOf(usages), GOALS);
  } finally {
    await stage.stop();
  }
}

function figuresOf(usages: readonly Usage[]): BenchResult["figures"] {
  const resident = usages.map(({ residentBytes }) => residentBytes / MB);
  const [atStart = Number.NaN, ...later] = resident;
  const half = later[STEPS / 2 - 1] ?? Number.NaN;
  const end = later.at(-1) ?? Number.NaN;
  return {
    "resident MB after start": figure([atStart], "MB"),
    "resident MB at most": figure([Math.max(...resident)], "MB"),
    "resident at the end/after half": figure([end / half], ""),
  };
}

function printUsage(calls: number, usage: Usage | undefined, print: Print): void {
  if (usage === undefined) return;
  const { residentBytes, heapBytes } = usage;
  print(
    [String(calls).padStart(7), megabytes(residentBytes).padStart(11), megabytes(heapBytes).padStart(7)].join("  "),
  );
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(1);
}

/** Lines, each with a rule of its own, and callers, each on some lists. */
async function writeRows(connectionString: string, lines: number, listings: number): Promise<void> {
  const table = (name: string) =>
    TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  const [linesTable, routes, lists] = [table("Lines"), table("Routes"), table("CallerLists")];
  // Lists are read where a rule names one.
  await routes.createEntity({ partitionKey: "all", rowKey: "listed", caller: "list:blocked", action: "reject" });
  const numbers = Array.from({ length: lines }, (_, number) => number);
  for (let first = 0; first < lines; first += BATCH) {
    await linesTable.submitTransaction(
      numbers
        .slice(first, first + BATCH)
        .map(
          (number): TransactionAction => [
            "create",
            { partitionKey: "line", rowKey: lineId(number), name: `Line ${number}` },
          ],
        ),
    );
  }
  await inParallel(lines, (number) =>
    routes.createEntity({ partitionKey: lineId(number), rowKey: "desk", caller: "*", targets: TARGETS }),
  );
  await inParallel(listings / LISTS_A_CALLER, (number) =>
    lists.submitTransaction(
      Array.from(
        { length: LISTS_A_CALLER },
        (_, list): TransactionAction => ["create", { partitionKey: callerNumber(number), rowKey: `list ${list}` }],
      ),
    ),
  );
}

async function inParallel(count: number, write: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const writer = async () => {
    while (next < count) await write(next++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, writer));
}

function lineId(number: number): string {
  return `7629bdce-046c-4903-86b4-${number.toString(16).padStart(12, "0")}`;
}

function callerNumber(number: number): string {
  return `+1206${String(5_550_000 + number)}`;
}
