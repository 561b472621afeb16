import { unreachable } from "../../src/errors.ts";
import { type Capacity, callsPerInstance, capacities } from "./capacity.ts";
import { type Distribution, meanOf } from "./distribution.ts";
import type { Doubt } from "./doubts.ts";
import { approximate, grouped } from "./figures.ts";
import { ASSUMED, DEPLOYED, DOCUMENTED } from "./limits.ts";
import { table } from "./markdown.ts";
import { costOfMillion, PRICES, totalOf } from "./prices.ts";
import { ALWAYS_READY, type Answer, type Load, RATES, SETTINGS } from "./questions.ts";
import type { ServiceTimes } from "./service-times.ts";

/** What the command found. */
export interface Findings {
  readonly seed: number;
  readonly times: ServiceTimes;
  readonly answers: readonly Answer[];
  readonly doubts: readonly Doubt[];
}

/** The parts of docs/scale.md that the command writes, by the names of their markers. */
export function tablesOfPage({ seed, times, answers, doubts }: Findings): Readonly<Record<string, string>> {
  return {
    ...tablesOfInputs(seed, times),
    burst: answersTable(answers, "burst"),
    steady: answersTable(answers, "steady"),
    doubts: doubtsTable(doubts),
    costs: costsTable(answers),
  };
}

/** Those of them for which nothing is played. */
export function tablesOfInputs(seed: number, times: ServiceTimes): Readonly<Record<string, string>> {
  return {
    settings: Object.values(SETTINGS)
      .map(({ letter, name }) => `- **${letter}**: ${name}`)
      .join("\n"),
    capacities: capacitiesTable(capacities(times), times),
    registrations: registrationsTable(times),
    prices: table(
      ["dollars", "for"],
      Object.values(PRICES).map(({ dollars, what }) => [String(dollars), what]),
    ),
    times: table(
      ["step", "how long", "from"],
      Object.entries(times).map(([step, time]) => [`\`${step}\``, written(time), time.source]),
    ),
    documented: figuresTable([...Object.values(DEPLOYED), ...Object.values(DOCUMENTED)]),
    assumed: `${figuresTable(Object.values(ASSUMED))}\n\nThe seed is ${seed}.`,
  };
}

/** One row a rate and setting; settings that agree in all share one. */
export function answersTable(answers: readonly Answer[], load: Load): string {
  const heads = [
    "calls a second",
    "setting",
    ...ALWAYS_READY.map((count) => `${count} ready`),
    "instances",
    "first limit",
  ];
  const rows = RATES.flatMap((rate) => {
    const rowsOfRate: string[][] = [];
    for (const { letter } of Object.values(SETTINGS)) {
      const found = answers.filter(
        (answer) => answer.load === load && answer.rate === rate && answer.setting.letter === letter,
      );
      const cells = [...found.map(({ shares }) => percents(shares)), rangeOf(found), firstLimits(found)];
      const before = rowsOfRate.at(-1);
      if (before?.slice(2).join() === cells.join()) before[1] = `${before[1]}, ${letter}`;
      else rowsOfRate.push([grouped(rate), letter, ...cells]);
    }
    return rowsOfRate;
  });
  return table(heads, rows);
}

function percents(shares: readonly number[]): string {
  return shares.map((share) => (100 * share).toFixed(1).replace(/\.0$/, "")).join(" · ");
}

function rangeOf(answers: readonly Answer[]): string {
  const counts = answers.map(({ instances }) => instances);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function firstLimits(answers: readonly Answer[]): string {
  const firsts = [...new Set(answers.flatMap(({ limits }) => limits.slice(0, 1)))];
  const degraded = Math.max(...answers.map((answer) => answer.degraded));
  const note = degraded < 0.005 ? "" : `; ${Math.round(100 * degraded)} % of calls lacked rows or claim`;
  return firsts.length === 0 ? "none" : `${firsts.join(" or ")}${note}`;
}

function capacitiesTable(found: readonly Capacity[], times: ServiceTimes): string {
  const rows = found.map(({ limit, callsPerSecond }) => [limit, approximate(callsPerSecond)]);
  const each = `An instance carries ${approximate(callsPerInstance(times))} calls a second.`;
  return `${each}\n\n${table(["limit", "calls a second, steady"], rows)}`;
}

/** What Graph's documented limits for calls mean for each rate. */
function registrationsTable(times: ServiceTimes): string {
  const { graphConcurrentCalls, graphCallsPerMonth } = DOCUMENTED;
  const rows = RATES.map((rate) => [
    grouped(rate),
    duration(graphCallsPerMonth.value / rate),
    grouped(Math.ceil((rate * meanOf(times.graphMs)) / 1000 / graphConcurrentCalls.value)),
  ]);
  return table(["calls a second", "one app's month is used up after", "apps for that many calls at once"], rows);
}

function doubtsTable(doubts: readonly Doubt[]): string {
  const rows = doubts.map(({ change, answer }) => [change, percents(answer.shares), String(answer.instances)]);
  return table(["if", "within 2 · 5 · 15 s, %", "instances"], rows);
}

function costsTable(answers: readonly Answer[]): string {
  const rows = RATES.flatMap((rate) =>
    ALWAYS_READY.map((alwaysReady) => {
      const answer = answers.find(
        (each) =>
          each.load === "steady" &&
          each.rate === rate &&
          each.alwaysReady === alwaysReady &&
          each.setting.letter === SETTINGS.quotaRaised.letter,
      );
      if (answer === undefined) throw new Error(`nobody asked about ${rate} calls a second`);
      const cost = costOfMillion(answer.perCall, alwaysReady);
      const { atWork, executions, tables, logs, baseline } = cost;
      return [rate, alwaysReady]
        .map(grouped)
        .concat([atWork, executions, tables, logs, baseline, totalOf(cost)].map(dollars));
    }),
  );
  return table(
    ["calls a second", "ready", "at work", "executions", "tables", "logs", "ready all month", "together"],
    rows,
  );
}

function figuresTable(figures: readonly { readonly value: number; readonly source: string }[]): string {
  return table(
    ["figure", "what and from where"],
    figures.map(({ value, source }) => [grouped(value), source]),
  );
}

function written(time: Distribution): string {
  switch (time.kind) {
    case "fixed":
      return `${grouped(time.ms)} ms`;
    case "exponential":
      return `${grouped(time.meanMs)} ms on average, exponential`;
    case "log-normal":
      return `median ${grouped(time.medianMs)} ms, 99 % within ${grouped(time.p99Ms)} ms`;
    default:
      return unreachable(time);
  }
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
