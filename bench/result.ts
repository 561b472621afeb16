import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { type Figure, formatFigure, short } from "./figures.ts";

/** A bound that a figure's median is to keep. A bench says whether it does, and does not fail for it. */
export interface Goal {
  readonly figure: string;
  readonly bound: "at most" | "at least";
  readonly value: number;
}

/** What a run of a bench measured. */
export interface BenchResult {
  readonly bench: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly node: string;
  readonly cores: number;
  /** What the run was told: rounds, seconds. */
  readonly settings: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly goals: readonly Goal[];
}

const figureSchema = z.object({
  median: z.number(),
  least: z.number(),
  most: z.number(),
  unit: z.string(),
  better: z.enum(["less", "more"]),
});

const resultSchema = z.object({
  bench: z.string(),
  measuredAt: z.string(),
  node: z.string(),
  cores: z.number(),
  settings: z.record(z.string(), z.number()),
  figures: z.record(z.string(), figureSchema),
  goals: z.array(z.object({ figure: z.string(), bound: z.enum(["at most", "at least"]), value: z.number() })),
});

export function resultOf(
  bench: string,
  settings: BenchResult["settings"],
  figures: BenchResult["figures"],
  goals: readonly Goal[] = [],
): BenchResult {
  const measuredAt = new Date().toISOString();
  return { bench, measuredAt, node: process.version, cores: availableParallelism(), settings, figures, goals };
}

export async function writeResult(result: BenchResult, file = `.local/bench/${result.bench}.json`): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
}

/** @throws Error with a sentence when the file cannot be read as one that a bench wrote */
export async function readResult(file: string): Promise<BenchResult> {
  try {
    return resultSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.core.$ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${file} is no result of a bench: ${reason}`, { cause: error });
  }
}

/** A line a goal: the figure, its bound, and whether the median keeps it. */
export function formatGoals({ figures, goals }: BenchResult): string[] {
  return goals.flatMap(({ figure: name, bound, value }) => {
    const found = figures[name];
    if (found === undefined) return [];
    const met = bound === "at most" ? found.median <= value : found.median >= value;
    return [`${met ? "met   " : "missed"}  ${name}: ${formatFigure(found)}, goal ${bound} ${short(value)}`];
  });
}
