import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { type Figure, figure, formatFigure, quantile, ratio } from "../figures.ts";
import type { Flags } from "../flags.ts";
import { type BenchResult, type Goal, resultOf } from "../result.ts";
import { buildBenchApp } from "../stage/apps.ts";
import { writeDialPlan } from "../stage/dial-plan.ts";
import { type Stage, startStage } from "../stage/stage.ts";
import { type Post, postCalls } from "../webhook/posts.ts";
import { bytesByPackage, bytesOf } from "./bundle-size.ts";

export const amounts = { rounds: { full: 9, short: 3 } };

const GOALS: readonly Goal[] = [
  { figure: "ringroute/trivial load ms", bound: "at most", value: 2.5 },
  { figure: "ringroute first call more than warm ms", bound: "at most", value: 400 },
  { figure: "bundle MB", bound: "at most", value: 1.2 },
];

/** After the first call, as many make a warm one. */
const WARM_CALLS = 20;
const MB = 1e6;

interface Start {
  readonly loadMs: number;
  readonly firstCallMs: number;
  readonly warmCallMs: number;
}

type Print = (line: string) => void;

/**
 * A fresh process each time: how long the bundle takes to load, beside a function that only says 202, and how much longer
 * than a warm call the first one takes. Once more with a compile cache, as a process has it that starts again on the same
 * machine.
 */
export async function run({ amounts: { rounds } }: Flags<keyof typeof amounts>, print: Print): Promise<BenchResult> {
  const trivial = await buildBenchApp("noop");
  const plain = await buildBenchApp("plain");
  const ringroute = await buildBenchApp("ringroute");
  const scratch = await mkdtemp(join(tmpdir(), "ringroute-bench-"));
  const stage = await startStage();
  try {
    await writeDialPlan(stage.connectionString);
    const cache = join(scratch, "cache");
    // Fills the cache, and does not count.
    await startOnce(stage, ringroute.root, cache);
    const contenders: readonly Contender[] = [
      { name: "trivial", root: trivial.root },
      { name: "plain", root: plain.root },
      { name: "ringroute", root: ringroute.root },
      { name: "ringroute, compile cache", root: ringroute.root, cache },
    ];
    const starts = new Map<string, Start[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, root, cache } of contenders) starts.get(name)?.push(await startOnce(stage, root, cache));
    }
    const figures = figuresOf(starts, bytesOf(ringroute.metafile) / MB);
    const result = resultOf("cold", { rounds }, figures, GOALS);
    printResult(result, ringroute.metafile, print);
    return result;
  } finally {
    await stage.stop();
    await rm(scratch, { recursive: true });
  }
}

function figuresOf(starts: ReadonlyMap<string, readonly Start[]>, bundleMb: number): BenchResult["figures"] {
  const figures: Record<string, Figure> = {};
  const of = (name: string, quantity: keyof Start) => (starts.get(name) ?? []).map((start) => start[quantity]);
  for (const name of starts.keys()) {
    figures[`${name} load ms`] = figure(of(name, "loadMs"), "ms");
    if (name !== "trivial") figures[`${name}/trivial load ms`] = ratio(of(name, "loadMs"), of("trivial", "loadMs"));
  }
  const first = of("ringroute", "firstCallMs");
  const warm = of("ringroute", "warmCallMs");
  const more = first.map((ms, round) => ms - (warm[round] ?? Number.NaN));
  return {
    ...figures,
    "ringroute first call ms": figure(first, "ms"),
    "ringroute warm call ms": figure(warm, "ms"),
    "ringroute first call more than warm ms": figure(more, "ms"),
    "bundle MB": figure([bundleMb], "MB"),
  };
}

function printResult({ settings, cores, node, figures }: BenchResult, metafile: Metafile, print: Print): void {
  print(`cold: medians (spread) of ${settings.rounds} fresh processes, ${cores} cores, Node ${node}`);
  print("");
  for (const [name, found] of Object.entries(figures)) print(`${name.padEnd(40)}  ${formatFigure(found)}`);
  print("");
  print("bundle, kB by package");
  for (const [name, bytes] of bytesByPackage(metafile)) {
    print(`${String(Math.round(bytes / 1000)).padStart(5)}  ${name}`);
  }
}

interface Contender {
  readonly name: string;
  readonly root: string;
  /** Where Node keeps what it has compiled. */
  readonly cache?: string;
}

async function startOnce(stage: Stage, root: string, cache: string | undefined): Promise<Start> {
  const [token = ""] = await stage.tokens(1);
  const script = fileURLToPath(new URL("load-process.ts", import.meta.url));
  const process = await stage.start(script, {
    args: cache === undefined ? [] : [cache],
    cwd: root,
    env: stage.settings,
  });
  try {
    const times: number[] = [];
    await postCalls({
      url: `${process.url}/api/calls`,
      connections: 1,
      tokens: [token],
      isWanted: (posted) => posted <= WARM_CALLS,
      onPost: (post) => times.push(answerMs(post)),
    });
    const [firstCallMs = Number.NaN, ...warm] = times;
    return {
      loadMs: Number(/loaded in ([\d.]+) ms/.exec(process.said)?.[1]),
      firstCallMs,
      warmCallMs: quantile(warm, 0.5),
    };
  } finally {
    await process.stop();
  }
}

function answerMs({ status, sentMs, answeredMs }: Post): number {
  if (status !== 202) throw new Error(`a call was answered ${status}`);
  return answeredMs - sentMs;
}
