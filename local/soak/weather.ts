import {
  connectionFaults,
  type FaultPlan,
  type GraphFault,
  graphAnswerFaults,
  type KeyServerFault,
  keyServerFaults,
  type NotificationFault,
} from "../graph-simulator/faults.ts";
import type { Random } from "../graph-simulator/random.ts";
import { type TargetSettings, targetBehaviours } from "../graph-simulator/ring.ts";
import type { TableFault, TableFaultPlan } from "../table-faults.ts";
import { pick, TARGETS } from "./dial-plan.ts";

/** What goes wrong for some seconds. */
export interface Weather {
  readonly lastsMs: number;
  readonly graph: FaultPlan;
  readonly tables: TableFaultPlan;
  readonly targets: readonly { readonly id: string; readonly settings: TargetSettings }[];
  readonly rotatesKeys: boolean;
}

/** Share of calls that are told twice, whatever the weather. */
const DUPLICATES = 0.05;

/** High enough never to be used up; what is left of it tells how often the fault struck. */
export const UNCOUNTED = 1_000_000_000;

/** Some seconds of weather. Now and then everything is as it should be, duplicates apart. */
export function drawWeather(random: Random): Weather {
  const seed = Math.floor(random() * 2 ** 32);
  const graph = random() < 0.6 ? drawGraphFaults(random) : [];
  const keys = random() < 0.25 ? drawKeyFaults(random) : [];
  return {
    lastsMs: 2000 + random() * 3000,
    graph: { seed, faults: [...drawNotificationFaults(random), ...graph, ...keys] },
    tables: { seed, faults: random() < 0.6 ? drawTableFaults(random) : [] },
    targets: TARGETS.map((id) => ({ id, settings: drawTarget(random) })),
    // It matters most while new keys are hard to get.
    rotatesKeys: random() < (keys.length > 0 ? 0.6 : 0.2),
  };
}

/** A wrong answer, a broken connection and slowness, each now and then. */
function drawGraphFaults(random: Random): GraphFault[] {
  const slow: GraphFault[] =
    random() < 0.5 ? [{ kind: "latency", latencyMs: 20 + random() * 300, tail: "heavy", rate: random() }] : [];
  const connection: GraphFault[] =
    random() < 0.6 ? [{ kind: pick(connectionFaults, random), rate: random() * 0.2 }] : [];
  return [...slow, drawWrongAnswer(random), ...connection];
}

function drawWrongAnswer(random: Random): GraphFault {
  const kind = pick([...graphAnswerFaults, "429" as const], random);
  const rate = random() * 0.4;
  if (kind !== "429") return { kind, rate };
  return { kind, rate, retryAfter: pick([1, 2, "date", "absurd", undefined] as const, random) };
}

function drawKeyFaults(random: Random): KeyServerFault[] {
  const chance = { rate: 0.3 + random() * 0.7, count: UNCOUNTED };
  const kind = pick([...keyServerFaults, "keys-slow" as const], random);
  return [kind === "keys-slow" ? { kind, ...chance, latencyMs: random() * 4000 } : { kind, ...chance }];
}

function drawNotificationFaults(random: Random): NotificationFault[] {
  const most = random() < 0.3 ? 0.05 : 0.005;
  const rare = (
    ["ended-before-incoming", "ended-with-incoming", "ended-without-incoming", "missing-ended"] as const
  ).map((kind) => ({ kind, rate: most * random() }));
  return [
    { kind: "duplicate-sequential", rate: DUPLICATES / 2 },
    { kind: "duplicate-concurrent", rate: DUPLICATES / 2 },
    ...rare,
  ];
}

function drawTableFaults(random: Random): TableFault[] {
  if (random() < 0.15) return [{ kind: "down" }];
  const slow: TableFault[] =
    random() < 0.4 ? [{ kind: "slow", latencyMs: 5 + random() * 100, tail: "heavy", rate: random() }] : [];
  const kind = pick(["hang", "busy", "throttle", "reset-before", "reset-after", "reset-mid"] as const, random);
  const rate = random() ** 2 * 0.5;
  const table = random() < 0.5 ? { table: pick(["Calls", "Routes", "Lines"], random) } : {};
  // Partitions of Calls begin with the year.
  const reach = kind === "throttle" ? { partition: "20" } : table;
  return [...slow, { kind, rate, ...reach }];
}

function drawTarget(random: Random): TargetSettings {
  const behaviour = random() < 0.6 ? "answer" : pick(targetBehaviours, random);
  return { behaviour, ringMs: 10 + random() * 150 };
}
