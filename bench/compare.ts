import { type Figure, formatFigure } from "./figures.ts";
import { type BenchResult, readResult } from "./result.ts";

/** Less than this share of the old median is noise on a machine that others use as well. */
const NOISE = 0.05;

/** Prints what moved between two results of one bench. @throws Error with a sentence when they do not belong together */
export async function benchCompare([oldFile = "", newFile = ""]: readonly string[], print: (line: string) => void) {
  const [before, after] = await Promise.all([readResult(oldFile), readResult(newFile)]);
  if (before.bench !== after.bench) throw new Error(`${oldFile} is of ${before.bench}, ${newFile} of ${after.bench}`);
  for (const line of compare(before, after)) print(line);
}

/**
 * What moved, the furthest first: figures whose medians differ by more than noise. Ratios hold across machines; other
 * figures say something only on the same one.
 */
export function compare(before: BenchResult, after: BenchResult): string[] {
  const moved: { readonly line: string; readonly change: number }[] = [];
  let still = 0;
  for (const [name, is] of Object.entries(after.figures)) {
    const was = before.figures[name];
    if (was === undefined) continue;
    const change = is.median / was.median - 1;
    if (Math.abs(change) <= NOISE) still++;
    else
      moved.push({
        change: Math.abs(change),
        line: `${verdict(was, is)}  ${percent(change)}  ${name}: ${arrow(was, is)}`,
      });
  }
  moved.sort((one, other) => other.change - one.change);
  const elsewhere =
    before.node === after.node && before.cores === after.cores
      ? []
      : [
          `measured on Node ${before.node} with ${before.cores} cores, then ${after.node} with ${after.cores}: only ratios compare`,
        ];
  return [...elsewhere, ...moved.map(({ line }) => line), `${still} of ${still + moved.length} figures did not move`];
}

/** Spreads that overlap may be chance. */
function verdict(was: Figure, is: Figure): string {
  if (was.least <= is.most && is.least <= was.most) return "perhaps";
  return is.median < was.median === (is.better === "less") ? "better " : "worse  ";
}

function percent(change: number): string {
  return `${change < 0 ? "" : "+"}${Math.round(change * 100)}%`.padStart(6);
}

function arrow(was: Figure, is: Figure): string {
  return `${formatFigure(was)} -> ${formatFigure(is)}`;
}
