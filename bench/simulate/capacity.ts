import { meanOf } from "./distribution.ts";
import { grouped } from "./figures.ts";
import { ASSUMED, DEPLOYED, DOCUMENTED, ROWS_FRESH_MS, SHARDS } from "./limits.ts";
import type { Times } from "./simulate.ts";

/** How many calls a second one limit allows, by a closed formula: what the simulation must come to, too. */
export interface Capacity {
  readonly limit: string;
  readonly callsPerSecond: number;
}

const DAYS = 30;

/** Every limit's capacity for a steady rate, the tightest first. */
export function capacities(times: Times): readonly Capacity[] {
  const { graphConcurrentCalls, graphCallsPerMonth, graphRequestsPerSecond } = DOCUMENTED;
  const { lowestCap, quotaInstances, highestCap, partitionPerSecond, accountPerSecond } = DOCUMENTED;
  const perInstance = callsPerInstance(times);
  const operations = operationsOfCall(times);
  // Every instance reads each of the partitions of every call once in so many seconds.
  const readersOfEveryCall = (partitionPerSecond.value * ROWS_FRESH_MS) / 1000 / ASSUMED.rowsOfEveryCall.value;
  // A call's claim, its record and its end are written to one partition of sixteen.
  const writesOfCall = 3;
  const found: Capacity[] = [
    { limit: "Graph: calls a month, spread evenly", callsPerSecond: graphCallsPerMonth.value / (DAYS * 86_400) },
    { limit: "Graph: concurrent calls", callsPerSecond: (graphConcurrentCalls.value * 1000) / meanOf(times.graphMs) },
    { limit: "Graph: requests of all kinds", callsPerSecond: graphRequestsPerSecond.value },
    { limit: `Instances: ${lowestCap.value}`, callsPerSecond: lowestCap.value * perInstance },
    {
      limit: `Instances: ${quotaInstances.value}, the region's quota`,
      callsPerSecond: quotaInstances.value * perInstance,
    },
    { limit: `Instances: ${grouped(highestCap.value)}`, callsPerSecond: highestCap.value * perInstance },
    { limit: "Tables: the storage account", callsPerSecond: accountPerSecond.value / operations },
    { limit: "Tables: a partition of Calls", callsPerSecond: (SHARDS * partitionPerSecond.value) / writesOfCall },
    { limit: "Tables: a partition of Routes", callsPerSecond: readersOfEveryCall * perInstance },
  ];
  return found.sort((one, other) => one.callsPerSecond - other.callsPerSecond);
}

/** Calls a second that one instance carries, with their ends: as many as it has places for, and as its one core can do. */
export function callsPerInstance(times: Times): number {
  const hostMs = meanOf(times.cpuOfHostMs);
  const tableMs = meanOf(times.tableMs);
  const callMs = hostMs + meanOf(times.cpuOfCallMs) + tableMs + meanOf(times.graphMs) + tableMs;
  const endMs = hostMs + meanOf(times.cpuOfEndMs) + tableMs;
  const cpuMs = 2 * hostMs + meanOf(times.cpuOfCallMs) + meanOf(times.cpuOfEndMs);
  return Math.min((DEPLOYED.requestsPerInstance.value * 1000) / (callMs + endMs), 1000 / cpuMs);
}

/** Table operations of a call: its claim, lists, record and end, and the rows that its instance has not read of late. */
function operationsOfCall(times: Times): number {
  const freshSeconds = ROWS_FRESH_MS / 1000;
  const perInstance = callsPerInstance(times);
  // Between two reads of a line's two rows lie the time that they are fresh and the wait for its next call.
  const callsPerRead = 1 + (perInstance / ASSUMED.lines.value) * freshSeconds;
  const partitionsOfEveryCall = 3;
  return 4 + 2 / callsPerRead + partitionsOfEveryCall / (freshSeconds * perInstance);
}
