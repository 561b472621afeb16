import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Figure, figure, ratio, short } from "../figures.ts";
import type { Flags } from "../flags.ts";
import { type BenchResult, type Goal, resultOf } from "../result.ts";
import { buildBenchApp } from "../stage/apps.ts";
import { writeDialPlan } from "../stage/dial-plan.ts";
import { type Stage, startStage } from "../stage/stage.ts";
import { postCalls } from "./posts.ts";
import { type Contender, emptyTables, measureRound, type Round } from "./round.ts";

export const amounts = {
  rounds: { full: 11, short: 3 },
  seconds: { full: 1, short: 0.5 },
  /** Posts to each contender before anything counts: by then V8 has compiled what is busy. */
  warmup: { full: 6000, short: 300 },
};
export const texts = ["against", "profile"];

const WARM_UP_BATCH = 500;
/** Connections that post at the same time. */
const LEVELS = [1, 10, 50];

const GOALS: readonly Goal[] = [
  { figure: "ringroute/floor redirectMs at 1", bound: "at most", value: 1.8 },
  { figure: "ringroute/floor redirectMs at 10", bound: "at most", value: 2 },
  { figure: "ringroute/plain postsPerSecond at 10", bound: "at least", value: 1.3 },
  { figure: "ringroute p99/median at 50", bound: "at most", value: 4 },
];

/** Rounds of one contender at one level. */
interface Series {
  readonly contender: string;
  readonly connections: number;
  readonly rounds: readonly Round[];
}

/**
 * From the post to the redirect: Ringroute beside the floor, a host with a function that does nothing, and a plain handler.
 * The contenders take turns within each round, so that what else the machine does strikes them alike.
 */
export async function run(
  { amounts: { rounds, seconds, warmup }, texts: given }: Flags<keyof typeof amounts>,
  print: Print,
): Promise<BenchResult> {
  const roots = new Map<string, string>();
  for (const name of ["noop", "plain", "plain-kept", "ringroute"] as const)
    roots.set(name, (await buildBenchApp(name)).root);
  if (given.against !== undefined) roots.set("against", resolve(given.against));
  const stage = await startStage();
  try {
    const contenders = await startContenders(stage, roots, given.profile);
    await warmUp(stage, contenders, warmup);
    const series = await measure(stage, contenders, rounds, seconds);
    const result = resultOf("webhook", { rounds, seconds, warmup }, figuresOf(series), GOALS);
    printTable(result, series, print);
    return result;
  } finally {
    await stage.stop();
  }
}

type Print = (line: string) => void;

async function startContenders(
  stage: Stage,
  roots: ReadonlyMap<string, string>,
  profileDir: string | undefined,
): Promise<Contender[]> {
  await stage.emptyTable("Floor");
  await writeDialPlan(stage.connectionString);
  const floor = await stage.start(fileURLToPath(new URL("floor-process.ts", import.meta.url)), { env: stage.settings });
  const contenders: Contender[] = [{ name: "floor", process: floor, redirects: true }];
  for (const [name, root] of roots) {
    const isProfiled = name === "ringroute" && profileDir !== undefined;
    const nodeOptions = isProfiled ? ["--cpu-prof", "--cpu-prof-dir", resolve(profileDir)] : [];
    const process = await stage.startApp(root, nodeOptions);
    contenders.push({ name, process, redirects: name !== "noop" });
  }
  return contenders;
}

/** In turns: V8 throws away what it compiled of a process that is left idle for some seconds. */
async function warmUp(stage: Stage, contenders: readonly Contender[], posts: number): Promise<void> {
  const tokens = await stage.tokens(1);
  for (let left = posts; left > 0; left -= WARM_UP_BATCH) {
    const isWanted = (posted: number) => posted < Math.min(left, WARM_UP_BATCH);
    for (const { process } of contenders) {
      await emptyTables(stage);
      await postCalls({ url: `${process.url}/api/calls`, connections: 10, tokens, isWanted, onPost: () => {} });
      await stage.arrivals();
    }
  }
}

async function measure(stage: Stage, contenders: readonly Contender[], rounds: number, seconds: number) {
  const series = LEVELS.flatMap((connections) =>
    contenders.map((contender) => ({ contender, connections, rounds: [] as Round[] })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const each of series) {
      each.rounds.push(await measureRound(stage, each.contender, each.connections, seconds));
    }
  }
  return series.map((each): Series => ({ ...each, contender: each.contender.name }));
}

const QUANTITIES = [
  "redirectMs",
  "redirectP99Ms",
  "answerMs",
  "postsPerSecond",
  "cpuMsPerPost",
  "tablesCpuMsPerPost",
] as const;

function figuresOf(series: readonly Series[]): Record<string, Figure> {
  const figures: Record<string, Figure> = {};
  for (const { contender, connections, rounds } of series) {
    const of = (quantity: keyof Round) => rounds.map((round) => round[quantity]);
    for (const quantity of QUANTITIES) {
      const isRate = quantity === "postsPerSecond";
      const name = `${contender} ${quantity} at ${connections}`;
      figures[name] = figure(of(quantity), isRate ? "/s" : "ms", isRate ? "more" : "less");
    }
    figures[`${contender} p99/median at ${connections}`] = ratio(of("redirectP99Ms"), of("redirectMs"));
    if (contender !== "ringroute") continue;
    for (const other of series) {
      if (other.connections !== connections || [contender, "noop"].includes(other.contender)) continue;
      const theirs = (quantity: keyof Round) => other.rounds.map((round) => round[quantity]);
      const name = `${contender}/${other.contender}`;
      figures[`${name} redirectMs at ${connections}`] = ratio(of("redirectMs"), theirs("redirectMs"));
      figures[`${name} postsPerSecond at ${connections}`] = ratio(
        of("postsPerSecond"),
        theirs("postsPerSecond"),
        "more",
      );
    }
  }
  return figures;
}

function printTable(result: BenchResult, series: readonly Series[], print: Print): void {
  const { rounds, seconds } = result.settings;
  print(`webhook: medians (spread) of ${rounds} rounds of ${seconds} s, ${result.cores} cores, Node ${result.node}`);
  print("");
  print("at  contender   post to redirect, ms   p99, ms  to answer, ms  posts/s            CPU ms a post  Azurite's");
  for (const { contender, connections } of series) {
    const found = (quantity: string) => result.figures[`${contender} ${quantity} at ${connections}`];
    const redirect = contender === "noop" ? undefined : found("redirectMs");
    print(
      [
        String(connections).padStart(2),
        contender.padEnd(10),
        spread(redirect).padEnd(21),
        (redirect ? median(found("redirectP99Ms")) : "").padStart(7),
        median(found("answerMs")).padStart(13),
        spread(found("postsPerSecond")).padEnd(17),
        median(found("cpuMsPerPost")).padStart(13),
        median(found("tablesCpuMsPerPost")).padStart(9),
      ].join("  "),
    );
  }
}

function median(found: Figure | undefined): string {
  return found === undefined ? "" : short(found.median);
}

function spread(found: Figure | undefined): string {
  return found === undefined ? "" : `${short(found.median)} (${short(found.least)}-${short(found.most)})`;
}
