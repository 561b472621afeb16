import type { PerCall } from "./questions.ts";

/**
 * Assumed prices in US dollars: list prices without free grants or agreements, East US, May 2025. Prices change: put your
 * own here, and let the command write the page anew.
 */
export const PRICES = {
  onDemand: { dollars: 0.000026, per: 1, what: "a GB-second of an on-demand instance at work" },
  alwaysReady: { dollars: 0.000016, per: 1, what: "a GB-second of an always-ready instance at work" },
  baseline: { dollars: 0.000004, per: 1, what: "a GB-second of an always-ready instance, at work or not" },
  executions: { dollars: 0.4, per: 1e6, what: "a million executions" },
  tableOperations: { dollars: 0.00036, per: 1e4, what: "10,000 table operations" },
  tableSpace: { dollars: 0.045, per: 1, what: "a GB in the tables for a month" },
  logs: { dollars: 2.3, per: 1, what: "a GB of logs taken in" },
} as const;

const CALLS = 1e6;
const MEMORY_GB = 2;
const MONTH_SECONDS = 30 * 86_400;
/** A row of Calls, kept for a month, and the lines that the app and the host write for a call: assumptions, in bytes. */
const BYTES = { row: 2000, log: 4000 } as const;

/** Dollars for a million calls within a month. */
export interface Cost {
  readonly atWork: number;
  readonly executions: number;
  readonly tables: number;
  readonly logs: number;
  /** Of always-ready instances that are there all month. */
  readonly baseline: number;
}

export function costOfMillion(perCall: PerCall, alwaysReady: number): Cost {
  const { onDemandSeconds, alwaysReadySeconds, executions, tableOperations } = perCall;
  return {
    atWork:
      priceOf("onDemand", CALLS * onDemandSeconds * MEMORY_GB) +
      priceOf("alwaysReady", CALLS * alwaysReadySeconds * MEMORY_GB),
    executions: priceOf("executions", CALLS * executions),
    tables: priceOf("tableOperations", CALLS * tableOperations) + priceOf("tableSpace", (CALLS * BYTES.row) / 1e9),
    logs: priceOf("logs", (CALLS * BYTES.log) / 1e9),
    baseline: priceOf("baseline", alwaysReady * MEMORY_GB * MONTH_SECONDS),
  };
}

function priceOf(what: keyof typeof PRICES, amount: number): number {
  const { dollars, per } = PRICES[what];
  return (dollars * amount) / per;
}

export function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, each) => sum + each, 0);
}
