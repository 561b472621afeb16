import { type Distribution, draw } from "./distribution.ts";
import { EventQueue } from "./event-queue.ts";
import { Fleet } from "./fleet.ts";
import type { Instance } from "./instance.ts";
import { APP_DEADLINE_MS, type LimitName } from "./limits.ts";
import { isWithin, type Span } from "./span.ts";
import { Tables } from "./tables.ts";

/** Streams of chance, one for each kind of draw; those of the tables are their own. */
const STREAMS = {
  cpuOfCallMs: 1,
  cpuOfEndMs: 2,
  cpuOfHostMs: 3,
  platformStartMs: 4,
  appLoadMs: 5,
  firstCallMs: 6,
  graphMs: 7,
  graphThrottledMs: 8,
} as const;

/** How long each step takes, in milliseconds. */
export type Times = Readonly<Record<keyof typeof STREAMS | "tableMs", Distribution>>;

/** One load on one deployment. Limits may be infinite. */
export interface Scenario {
  readonly seed: number;
  /** When each call begins to ring, in milliseconds, ascending. */
  readonly arrivalsMs: readonly number[];
  /** Calls that begin to ring within it count, and what they cost; what goes before only sets the stage. */
  readonly measured: Span;
  /** The calls come in the first minute of an hour, in which a claim is two writes. */
  readonly firstMinute: boolean;
  readonly times: Times;
  readonly lines: number;
  readonly rowsOfEveryCall: number;
  readonly endAfterMs: number;
  readonly alwaysReady: number;
  readonly concurrency: number;
  readonly cap: number;
  readonly quota: number;
  readonly instancesPerSecond: number;
  readonly scaleEveryMs: number;
  readonly partitionPerSecond: number;
  readonly accountPerSecond: number;
  readonly graphConcurrentCalls: number;
  /** How long the platform lets a call ring. */
  readonly ringsMs: number;
}

/** How a call ends in the model; each ends in exactly one of these ways. */
export type Ending =
  | "redirected"
  /** Graph answered, but the platform had ended the call by then. */
  | "too-late"
  /** No instance had a place while it rang. */
  | "never-served"
  /** Graph refused it until no time was left. */
  | "throttled";

export interface Result {
  readonly endings: Readonly<Record<Ending, number>>;
  /** Of the calls that count, milliseconds from the first ring to the redirect; infinite without one. */
  readonly redirectedAfterMs: readonly number[];
  /** Of the same calls, milliseconds until an instance took them; infinite if none did. */
  readonly waitedMs: readonly number[];
  readonly instances: number;
  /** The limits that were met, the first one first. */
  readonly limits: readonly LimitName[];
  /** Calls that went on without all the rows, or without the claim, that they should have had. */
  readonly degraded: number;
  /** Posts of a call's end that found no place. */
  readonly endsLost: number;
  /** Within what is measured. */
  readonly tableOperations: number;
  readonly executions: number;
  readonly billedSeconds: { readonly onDemand: number; readonly alwaysReady: number };
}

/** How long the app waits after its first 429; twice as long after each further one. */
const GRAPH_PAUSE_MS = 700;

/** Plays a load from the first call to the last post of an end. */
export function simulate(scenario: Scenario): Result {
  return new Simulation(scenario).play();
}

/** A call that an instance has taken. */
interface Taken {
  readonly call: number;
  readonly rangAtMs: number;
  readonly receivedAtMs: number;
  readonly instance: Instance;
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #queue = new EventQueue();
  readonly #fleet: Fleet;
  readonly #tables: Tables;
  readonly #limits = new Set<LimitName>();
  readonly #endings: Record<Ending, number> = { redirected: 0, "too-late": 0, "never-served": 0, throttled: 0 };
  readonly #firstMeasured: number;
  readonly #redirectedAfterMs: number[];
  readonly #waitedMs: number[];
  #atGraph = 0;
  #degraded = 0;
  #endsLost = 0;
  #executions = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const { arrivalsMs, measured, ringsMs } = scenario;
    const onLimit = (limit: LimitName) => this.#limits.add(limit);
    const counted = arrivalsMs.filter((atMs) => isWithin(measured, atMs)).length;
    this.#firstMeasured = arrivalsMs.filter((atMs) => atMs < measured.fromMs).length;
    this.#redirectedAfterMs = Array<number>(counted).fill(Number.POSITIVE_INFINITY);
    this.#waitedMs = Array<number>(counted).fill(Number.POSITIVE_INFINITY);
    this.#tables = new Tables(this.#queue, scenario, onLimit);
    this.#fleet = new Fleet(this.#queue, {
      ...scenario,
      patienceMs: ringsMs,
      startMs: (ordinal) => this.#draw("platformStartMs", ordinal) + this.#draw("appLoadMs", ordinal),
      onLimit,
    });
  }

  play(): Result {
    this.#planArrival(0);
    this.#queue.run();
    return {
      endings: this.#endings,
      redirectedAfterMs: this.#redirectedAfterMs,
      waitedMs: this.#waitedMs,
      instances: this.#fleet.size,
      limits: [...this.#limits],
      degraded: this.#degraded,
      endsLost: this.#endsLost,
      tableOperations: this.#tables.operations,
      executions: this.#executions,
      billedSeconds: this.#fleet.billedSeconds(),
    };
  }

  #planArrival(call: number): void {
    const rangAtMs = this.#scenario.arrivalsMs[call];
    if (rangAtMs === undefined) return;
    this.#queue.at(rangAtMs, () => {
      this.#planArrival(call + 1);
      this.#fleet.take({
        atMs: rangAtMs,
        start: (instance) => this.#receive({ call, rangAtMs, receivedAtMs: this.#queue.nowMs, instance }),
        abandon: () => this.#end(call, "never-served"),
      });
    });
  }

  #receive(taken: Taken): void {
    const { call, rangAtMs, receivedAtMs, instance } = taken;
    this.#note(this.#waitedMs, call, receivedAtMs - rangAtMs);
    this.#countExecution();
    // Always-ready instances were started long ago.
    instance.warmAtMs ??= receivedAtMs + (instance.alwaysReady ? 0 : this.#draw("firstCallMs", call));
    const workMs = this.#draw("cpuOfHostMs", call) + this.#draw("cpuOfCallMs", call);
    const workedAtMs = instance.compute(workMs, Math.max(receivedAtMs, instance.warmAtMs));
    this.#queue.at(workedAtMs, () =>
      this.#tables.beforeCall(call, instance, (complete) => {
        if (!complete) this.#degraded++;
        this.#askGraph(taken, 0);
      }),
    );
  }

  #askGraph(taken: Taken, refusals: number): void {
    const { call, rangAtMs, receivedAtMs } = taken;
    const { graphConcurrentCalls, ringsMs } = this.#scenario;
    if (this.#atGraph >= graphConcurrentCalls) {
      this.#limits.add("Graph's concurrent calls");
      const pauseMs = this.#draw("graphThrottledMs", call, refusals) + GRAPH_PAUSE_MS * 2 ** refusals;
      if (this.#queue.nowMs + pauseMs >= receivedAtMs + APP_DEADLINE_MS) this.#record(taken, "throttled");
      else this.#queue.after(pauseMs, () => this.#askGraph(taken, refusals + 1));
      return;
    }
    this.#atGraph++;
    this.#queue.after(this.#draw("graphMs", call), () => {
      this.#atGraph--;
      const rangForMs = this.#queue.nowMs - rangAtMs;
      if (rangForMs <= ringsMs) this.#note(this.#redirectedAfterMs, call, rangForMs);
      this.#record(taken, rangForMs <= ringsMs ? "redirected" : "too-late");
    });
  }

  #record({ call, instance }: Taken, ending: Ending): void {
    this.#end(call, ending);
    this.#tables.write(call, "record", () => this.#fleet.release(instance));
  }

  /** Ends the call in the model, and lets the platform post its end. */
  #end(call: number, ending: Ending): void {
    this.#endings[ending]++;
    this.#queue.after(ending === "redirected" ? this.#scenario.endAfterMs : 0, () =>
      this.#fleet.take({
        atMs: this.#queue.nowMs,
        start: (instance) => this.#close(call, instance),
        abandon: () => {
          this.#endsLost++;
        },
      }),
    );
  }

  #close(call: number, instance: Instance): void {
    this.#countExecution();
    const workMs = this.#draw("cpuOfHostMs", call) + this.#draw("cpuOfEndMs", call);
    this.#queue.at(instance.compute(workMs, this.#queue.nowMs), () =>
      this.#tables.write(call, "close", () => this.#fleet.release(instance)),
    );
  }

  #countExecution(): void {
    if (isWithin(this.#scenario.measured, this.#queue.nowMs)) this.#executions++;
  }

  #note(figures: number[], call: number, ms: number): void {
    const place = call - this.#firstMeasured;
    if (place >= 0 && place < figures.length) figures[place] = ms;
  }

  #draw(what: keyof typeof STREAMS, index: number, again = 0): number {
    return draw(this.#scenario.times[what], this.#scenario.seed, STREAMS[what] + 100 * again, index);
  }
}
