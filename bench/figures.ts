/** One measured quantity over the rounds of a run. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Such as `ms`; empty for a ratio. */
  readonly unit: string;
  /** Which way is good. */
  readonly better: "less" | "more";
}

/** @param values one a round; at least one */
export function figure(values: readonly number[], unit: string, better: Figure["better"] = "less"): Figure {
  return { median: quantile(values, 0.5), least: Math.min(...values), most: Math.max(...values), unit, better };
}

/** The quotient of two quantities, round by round: what slows the machine in a round slows both. */
export function ratio(values: readonly number[], others: readonly number[], better: Figure["better"] = "less"): Figure {
  return figure(
    values.map((value, round) => value / (others[round] ?? Number.NaN)),
    "",
    better,
  );
}

/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** `1.62 (1.55-1.71)`: the median, and the least and the most of the rounds. */
export function formatFigure({ median, least, most, unit }: Figure): string {
  const suffix = unit === "" ? "" : ` ${unit}`;
  return `${short(median)} (${short(least)}-${short(most)})${suffix}`;
}

/** Three digits or more, so that 0.0123 and 12345 can both be told from their neighbours. */
export function short(value: number): string {
  if (Math.abs(value) >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
