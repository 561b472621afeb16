import { unreachable } from "../../src/errors.ts";
import { uniform } from "./random.ts";

/** How long something takes, in milliseconds. */
export type Distribution =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  | { readonly kind: "log-normal"; readonly medianMs: number; readonly p99Ms: number };

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;
/** Keeps the two numbers that a log-normal draw takes apart. */
const SECOND = 1 << 16;

/** One draw; see {@link uniform} for seed, stream and index. */
export function draw(distribution: Distribution, seed: number, stream: number, index: number): number {
  switch (distribution.kind) {
    case "fixed":
      return distribution.ms;
    case "exponential":
      return -distribution.meanMs * Math.log(1 - uniform(seed, stream, index));
    case "log-normal": {
      // Box and Muller: two uniform numbers make a normal one.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, stream, index)));
      const normal = radius * Math.cos(2 * Math.PI * uniform(seed, stream + SECOND, index));
      return distribution.medianMs * Math.exp(sigmaOf(distribution) * normal);
    }
    default:
      return unreachable(distribution);
  }
}

export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case "fixed":
      return distribution.ms;
    case "exponential":
      return distribution.meanMs;
    case "log-normal":
      return distribution.medianMs * Math.exp(sigmaOf(distribution) ** 2 / 2);
    default:
      return unreachable(distribution);
  }
}

/** The same, but so many times as long. */
export function stretch(distribution: Distribution, factor: number): Distribution {
  switch (distribution.kind) {
    case "fixed":
      return { ...distribution, ms: distribution.ms * factor };
    case "exponential":
      return { ...distribution, meanMs: distribution.meanMs * factor };
    case "log-normal":
      return { ...distribution, medianMs: distribution.medianMs * factor, p99Ms: distribution.p99Ms * factor };
    default:
      return unreachable(distribution);
  }
}

function sigmaOf({ medianMs, p99Ms }: { readonly medianMs: number; readonly p99Ms: number }): number {
  return Math.log(p99Ms / medianMs) / Z99;
}
