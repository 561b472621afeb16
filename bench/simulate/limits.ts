/** What keeps calls waiting or turns them away, as far as somebody has written down how much is allowed. */
export type LimitName =
  | "Graph's concurrent calls"
  | "the instance cap"
  | "the regional quota"
  | "a table partition"
  | "the storage account";

/** A limit on something documented, and who says so. */
interface Documented {
  readonly value: number;
  readonly source: string;
}

const LEARN = "https://learn.microsoft.com";
const PLAN = `[Flex Consumption plan](${LEARN}/azure/azure-functions/flex-consumption-plan)`;
const TABLES = `[Table Storage targets](${LEARN}/azure/storage/tables/scalability-targets)`;
const GRAPH = `[Graph throttling limits](${LEARN}/graph/throttling-limits)`;

/** What the platforms document, as of the pages' text of January 2025. Each may have changed: look before you rely on it. */
export const DOCUMENTED = {
  concurrency: {
    value: 16,
    source: `HTTP requests at once on an instance of 2,048 MB (4,096 MB: 32) where nobody sets it, [Functions concurrency](${LEARN}/azure/azure-functions/functions-concurrency)`,
  },
  quotaInstances: {
    value: 250,
    source: `instances of 2,048 MB and one core that all Flex Consumption apps of a subscription and region have together, ${PLAN}; support raises it`,
  },
  lowestCap: { value: 40, source: `instances, the lowest maximum that can be set, ${PLAN}` },
  highestCap: { value: 1000, source: `instances, the highest maximum that can be set, ${PLAN}` },
  partitionPerSecond: { value: 2000, source: `entities a second in one partition, ${TABLES}` },
  accountPerSecond: { value: 20_000, source: `operations a second in one storage account, ${TABLES}` },
  graphConcurrentCalls: { value: 100, source: `concurrent calls an app, ${GRAPH}` },
  graphCallsPerMonth: { value: 10_000, source: `calls a month an app, ${GRAPH}` },
  graphRequestsPerSecond: { value: 13_000, source: `requests a second an app, written as 130,000 in 10 s, ${GRAPH}` },
} as const satisfies Readonly<Record<string, Documented>>;

/** What the templates deploy, where it is not what the platform does by itself. */
export const DEPLOYED = {
  requestsPerInstance: {
    value: 100,
    source: "requests at once on an instance, `requestsPerInstance` in infra/main.bicep",
  },
} as const satisfies Readonly<Record<string, Documented>>;

/** What nobody documents and the model needs all the same. */
export const ASSUMED = {
  instancesPerSecond: {
    value: 16,
    source:
      "new instances a second: Microsoft showed 1,000 within a minute; for the older Consumption plan 1 is documented",
  },
  scaleEverySeconds: { value: 1, source: "s between two decisions to scale out; the very first is taken at once" },
  lines: { value: 1000, source: "lines, each with rows of its own, called evenly" },
  rowsOfEveryCall: { value: 20, source: "rows in each of the partitions that every call asks: all, override, default" },
  endAfterSeconds: { value: 10, source: "s from the redirect to the post that says that the call has ended" },
} as const satisfies Readonly<Record<string, Documented>>;

/** Milliseconds after which the platform ends a call that was neither answered nor redirected. */
export const RINGS_MS = 15_000;
/** Milliseconds from receipt that the app plans with (DEADLINE_SECONDS), less what it keeps back to write the call down. */
export const APP_DEADLINE_MS = 9500;
/** Milliseconds for which rows are remembered (ROUTES_CACHE_SECONDS). */
export const ROWS_FRESH_MS = 5000;
/** Partitions of Calls an hour. */
export const SHARDS = 16;

/**
 * So many a second, evenly: what is not used is kept for one second.
 *
 * The services do not say how they count; a bucket of a second's worth is the usual way.
 */
export class RateLimit {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #atMs = 0;

  constructor(perSecond: number) {
    this.#perMs = perSecond / 1000;
    this.#most = perSecond;
    this.#left = perSecond;
  }

  /** @returns whether so many are allowed now; if not, none is counted */
  take(count: number, nowMs: number): boolean {
    if (this.#most === Number.POSITIVE_INFINITY) return true;
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
