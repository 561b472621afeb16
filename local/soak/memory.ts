/** The heap of one process, its garbage gone. */
export interface HeapSample {
  readonly instance: string;
  readonly incarnation: string;
  /** `performance.now()`. */
  readonly atMs: number;
  readonly heapUsed: number;
}

/** What an instance's heap held in each third of the run, in bytes; undefined where nobody looked. */
export interface MemoryByThird {
  readonly instance: string;
  readonly thirds: readonly (number | undefined)[];
  /** Bytes by which the last third is above the middle one. */
  readonly growth: number;
  readonly isFlat: boolean;
}

const MOST_GROWTH = 0.05;
/** Growth that is never held against an instance: a heap breathes by as much. */
const GROWTH_FLOOR = 2 * 1024 * 1024;
/** A process that has just started still compiles and fills its caches; it is not measured by that. */
const WARM_UP_MS = 5000;

/**
 * The median heap of each instance in each third of the run. The middle and the last third look at the process that was
 * there at the end, so that a restart neither hides growth nor looks like it.
 */
export function memoryByThird(samples: readonly HeapSample[], startMs: number, endMs: number): MemoryByThird[] {
  const thirdMs = (endMs - startMs) / 3;
  const thirdOf = ({ atMs }: HeapSample) => Math.min(2, Math.floor((atMs - startMs) / thirdMs));
  return [...Map.groupBy(samples, ({ instance }) => instance)].map(([instance, own]) => {
    const last = own.at(-1)?.incarnation;
    const bornMs = own.find(({ incarnation }) => incarnation === last)?.atMs ?? startMs;
    const settled = own.filter(({ incarnation, atMs }) => incarnation === last && atMs - bornMs >= WARM_UP_MS);
    const thirds = [0, 1, 2].map((third) =>
      median((third === 0 ? own : settled).filter((each) => thirdOf(each) === third).map(({ heapUsed }) => heapUsed)),
    );
    const [, middle, end] = thirds;
    const growth = middle === undefined || end === undefined ? 0 : end - middle;
    return { instance, thirds, growth, isFlat: growth <= Math.max(GROWTH_FLOOR, MOST_GROWTH * (middle ?? 0)) };
  });
}

/** The value below which a share of the values lies; undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}
