import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildApp } from "../build.ts";
import { gather, type Records } from "./evidence.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { formatFigures } from "./report.ts";
import { startStand } from "./stand.ts";
import { type Aftermath, runStorm } from "./storm.ts";
import { fateOf } from "./verdicts.ts";

const USAGE = `npm run soak [-- OPTIONS]

Lets callers call two instances of the app while Graph, the tables, the keys and the notifications go wrong now and then,
and one instance after the other is restarted. Then every call is accounted for.

  --minutes N   how long (1)
  --callers C   how many call at a time (20)
  --seed S      of everything that is left to chance (a new one)
  --json        print one JSON object instead of a table
  --evidence F  write all that is known of the calls that a promise broke for to the file F, as JSON

Exit codes: 0 every promise held, 1 one broke, 2 wrong usage.
`;

interface Arguments {
  readonly minutes: number;
  readonly callers: number;
  readonly seed: number;
  readonly json: boolean;
  readonly evidence: string | undefined;
}

async function main(): Promise<number> {
  const args = readArguments();
  if (args === undefined) return 0;
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
  tell(`seed ${args.seed}`);
  await buildApp();
  const stand = await startStand(args.seed);
  try {
    const storm = { ...args, interrupted: interrupted.signal, onProgress: tell };
    const aftermath = await runStorm(stand, storm);
    const figures = judge(aftermath);
    if (args.evidence !== undefined) await writeEvidence(args.evidence, aftermath.records, figures);
    process.stdout.write(`${args.json ? JSON.stringify(figures) : formatFigures(figures)}\n`);
    return figures.breaches.length === 0 ? 0 : 1;
  } finally {
    await stand.stop();
  }
}

function judge({ records, counts, unsettled }: Aftermath): Figures {
  const figures = figuresOf(records, counts);
  const left = unsettled.map((callId) => ({ promise: "every call comes to an end", callId }));
  return { ...figures, breaches: [...figures.breaches, ...left] };
}

async function writeEvidence(file: string, records: Records, { breaches }: Figures): Promise<void> {
  const broken = Map.groupBy(breaches, ({ callId }) => callId);
  const evidence = gather({ ...records, calls: records.calls.filter(({ id }) => broken.has(id)) }).map((each) => ({
    promises: broken.get(each.call.id)?.map(({ promise }) => promise),
    fate: fateOf(each),
    ...each,
    logged: records.log.lines(each.call.id),
    killed: [...each.killed],
  }));
  await writeFile(file, JSON.stringify(evidence, null, 1));
}

function readArguments(): Arguments | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      callers: { type: "string", default: "20" },
      seed: { type: "string" },
      json: { type: "boolean", default: false },
      evidence: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return undefined;
  }
  const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 32));
  return {
    minutes: numberOf("minutes", values.minutes, { above: 0, most: 24 * 60 }),
    callers: wholeNumberOf("callers", values.callers, { above: 0, most: 1000 }),
    seed: wholeNumberOf("seed", seed, { above: -1, most: 2 ** 32 - 1 }),
    json: values.json,
    evidence: values.evidence,
  };
}

interface Range {
  readonly above: number;
  readonly most: number;
}

function wholeNumberOf(name: string, text: string, range: Range): number {
  const number = numberOf(name, text, range);
  if (!Number.isInteger(number)) throw new TypeError(`--${name} is "${text}"; use a whole number.`);
  return number;
}

function numberOf(name: string, text: string, { above, most }: Range): number {
  const number = Number(text);
  if (text.trim() === "" || !(number > above && number <= most)) {
    throw new TypeError(`--${name} is "${text}"; use a number above ${above}, at most ${most}.`);
  }
  return number;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError && error.message.startsWith("--");
  const message = error instanceof Error ? (isUsage ? error.message : error.stack) : String(error);
  tell(`npm run soak: ${message}${isUsage ? `\n\n${USAGE}` : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}
