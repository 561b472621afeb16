import { benchCompare } from "./compare.ts";
import { type Amount, type Flags, readFlags, UsageError } from "./flags.ts";
import { type BenchResult, formatGoals, writeResult } from "./result.ts";

/** What a bench's module exports. */
interface Bench {
  readonly amounts: Readonly<Record<string, Amount>>;
  /** Flags that take a text. */
  readonly texts?: readonly string[];
  run(flags: Flags, print: Print): Promise<BenchResult>;
}

type Print = (line: string) => void;

/** Loaded when named, so that none is in another's way. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  webhook: () => import("./webhook/bench.ts"),
  cold: () => import("./cold/bench.ts"),
  memory: () => import("./memory.ts"),
  decide: () => import("./decide.ts"),
  remember: () => import("./remember.ts"),
  import: () => import("./import.ts"),
};

const USAGE = `npm run bench -- NAME [--short] [--json FILE] [FLAGS OF THE BENCH]
npm run bench -- compare OLD NEW
npm run bench -- profile FILE

  webhook   from the post to the redirect, beside the floor, a bare host and a plain handler
            [--rounds 7] [--seconds 1] [--warmup 6000] [--against APP] another build, a folder with a package.json
            [--profile DIR] a CPU profile of the app goes there
  cold      load of the bundle and first call of a fresh process  [--rounds 9]
  memory    resident size over many calls  [--calls 100000] [--lines 10000] [--listings 100000]
  decide    decisions a second, by rules and schedules  [--rounds 7]
  remember  rows kept and heap, of many lines  [--lines 100000]
  import    rows a second of ringroute import  [--rounds 3] [--rows 50000] [--heap 64]
  compare   what moved between two results
  profile   where the time of a CPU profile went, by package and by function

Results go to FILE, else to .local/bench/NAME.json. Exit codes: 0 measured, 1 a contender gave wrong answers, 2 wrong usage.`;

async function main([name = "", ...args]: readonly string[]): Promise<void> {
  if (name === "compare" || name === "profile") {
    const wanted = name === "compare" ? 2 : 1;
    if (args.length !== wanted) throw new UsageError(`${name} takes ${wanted} file${wanted === 1 ? "" : "s"}.`);
    return name === "compare" ? benchCompare(args, print) : (await import("./profile.ts")).benchProfile(args, print);
  }
  const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (load === undefined) throw new UsageError(name === "" ? "Name a bench." : `There is no bench "${name}".`);
  const bench = await load();
  const flags = readFlags(args, bench.amounts, bench.texts);
  const result = await bench.run(flags, print);
  print("");
  for (const line of formatGoals(result)) print(line);
  await writeResult(result, flags.json);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${isUsage ? `\n${USAGE}\n` : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}
