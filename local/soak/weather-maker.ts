import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../graph-simulator/random.ts";
import { TARGETS } from "./dial-plan.ts";
import type { Span } from "./evidence.ts";
import type { Counts } from "./figures.ts";
import type { Stand } from "./stand.ts";
import { drawWeather, UNCOUNTED, type Weather } from "./weather.ts";

/** The platform publishes a key long before it signs with it; two that nobody knows within seconds are not its way. */
const ROTATION_APART_MS = 10_000;

/** Makes the weather of a stand, and keeps count of what neither the simulator nor the proxy writes down. */
export class WeatherMaker {
  readonly #stand: Stand;
  /** When the key server was at fault. */
  readonly keyTroubles: Span[] = [];
  readonly #keyFaults = new Map<string, number>();
  readonly #tableFaults = new Map<string, number>();
  #weather: Weather | undefined;
  #requestsBefore: ReadonlyMap<string, number> = new Map();
  #changedAtMs = 0;
  #rotatedAtMs = Number.NEGATIVE_INFINITY;

  constructor(stand: Stand) {
    this.#stand = stand;
  }

  /** How often a fault of the key server struck. */
  get keyFaults(): Counts {
    return Object.fromEntries(this.#keyFaults);
  }

  /** About how often a fault of the tables struck: its rate of the requests that it was meant for. */
  get tableFaults(): Counts {
    return Object.fromEntries([...this.#tableFaults].map(([kind, count]) => [kind, Math.round(count)]));
  }

  /** The weather in a few words. */
  describe(): string {
    const { graph, tables } = this.#weather ?? { graph: { faults: [] }, tables: { faults: [] } };
    const kinds = [
      ...graph.faults.slice(6).map(({ kind }) => kind),
      ...tables.faults.map(({ kind }) => `table ${kind}`),
    ];
    return kinds.join(", ") || "calm";
  }

  /** One weather after another until the signal aborts, then none. */
  async run(random: Random, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#change(drawWeather(random));
      await sleep(this.#weather?.lastsMs, undefined, { signal: over }).catch(() => undefined);
    }
    await this.#change(undefined);
  }

  async #change(weather: Weather | undefined): Promise<void> {
    const { simulator, tableProxy } = this.#stand;
    await this.#count();
    if (this.#weather?.graph.faults.some(({ kind }) => kind.startsWith("keys-"))) {
      this.keyTroubles.push({ fromMs: this.#changedAtMs, untilMs: performance.now() });
    }
    this.#changedAtMs = performance.now();
    this.#weather = weather;
    this.#requestsBefore = new Map(tableProxy.requests);
    simulator.setFaults(weather?.graph ?? { faults: [] });
    tableProxy.setFaults(weather?.tables ?? { faults: [] });
    for (const { id, settings } of weather?.targets ?? TARGETS.map((id) => ({ id, settings: {} }))) {
      simulator.setTarget(id, settings);
    }
    if (weather?.rotatesKeys && performance.now() - this.#rotatedAtMs > ROTATION_APART_MS) {
      this.#rotatedAtMs = performance.now();
      await simulator.rotateKeys();
    }
  }

  async #count(): Promise<void> {
    const { simulator, tableProxy } = this.#stand;
    const answer = await fetch(`${simulator.url}/simulator/faults`);
    const { faults } = (await answer.json()) as { faults: { kind: string; count?: number }[] };
    for (const { kind, count } of faults) {
      if (kind.startsWith("keys-") && count !== undefined) add(this.#keyFaults, kind, UNCOUNTED - count);
    }
    for (const { kind, rate = 1, table } of this.#weather?.tables.faults ?? []) {
      const came = [...tableProxy.requests].filter(([name]) => table === undefined || name.startsWith(`${table} `));
      const requests = came.reduce((sum, [name, now]) => sum + now - (this.#requestsBefore.get(name) ?? 0), 0);
      add(this.#tableFaults, kind, rate * requests);
    }
  }
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
