import { compareRules, decide, type RuleBook } from "../src/routing/decide.ts";
import { partyOf } from "../src/routing/party.ts";
import type { CallFacts, Rule } from "../src/routing/rule.ts";
import type { Schedule } from "../src/routing/schedule.ts";
import { readRule } from "../src/store/rule-rows.ts";
import { readSchedule } from "../src/store/schedule-rows.ts";
import { type Figure, figure } from "./figures.ts";
import type { Flags } from "./flags.ts";
import { type BenchResult, resultOf } from "./result.ts";

const LINE = "84292c1d-8acc-582c-b421-be858516a6a1";
/** A Wednesday, 10:00 in New York. */
const AT_MS = Date.parse("2026-11-25T10:00:00-05:00");
const ROUND_MS = 200;

export const amounts = { rounds: { full: 7, short: 3 } };

type Print = (line: string) => void;

/**
 * Decisions a second, by the number of rules on the line and of schedules that they name. Every rule but the last fails,
 * each for one of the usual reasons, so that all of them are looked at.
 */
export async function run({ amounts: { rounds } }: Flags<keyof typeof amounts>, print: Print): Promise<BenchResult> {
  print(`decide: median of ${rounds} rounds (spread), Node ${process.version}`);
  print("");
  print("rules  schedules  decisions/s          µs each  ns a rule");
  const figures: Record<string, Figure> = {};
  for (const [rules, schedules] of [
    [10, 1],
    [1000, 1],
    [10_000, 1],
    [10, 0],
    [1000, 100],
    [10_000, 10_000],
  ] as const) {
    const rate = figure(measure(bookOf(rules, schedules), rounds), "/s", "more");
    figures[`decisions of ${rules} rules, ${schedules} schedules`] = rate;
    const each = 1e6 / rate.median;
    print(
      [
        String(rules).padStart(5),
        String(schedules).padStart(9),
        `${round(rate.median)} (${round(rate.least)}-${round(rate.most)})`.padEnd(19),
        each.toFixed(2).padStart(7),
        ((each * 1000) / rules).toFixed(0).padStart(9),
      ].join("  "),
    );
  }
  return resultOf("decide", { rounds }, figures);
}

/** @returns decisions a second, a round each */
function measure(book: RuleBook, rounds: number): number[] {
  const context = { atMs: AT_MS, ownTenantId: LINE, lists: new Set(["vip"]), fallbackTargets: [] };
  const rates: number[] = [];
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const startedAt = performance.now();
    let decisions = 0;
    while (performance.now() - startedAt < ROUND_MS) {
      for (let repeat = 0; repeat < 20; repeat++) decide(aCall(decisions++), book, context);
    }
    if (round > 0) rates.push((decisions * 1000) / (performance.now() - startedAt));
  }
  return rates;
}

function aCall(number: number): CallFacts {
  return {
    callId: `call-${number}`,
    called: partyOf("applicationInstance", LINE),
    caller: { kind: "phone", id: `+1206555${String(number % 10_000).padStart(4, "0")}` },
    cameFrom: [],
  };
}

function bookOf(rules: number, schedules: number): RuleBook {
  const cells = (index: number) => {
    const schedule = schedules === 0 ? {} : { schedule: `s${index % schedules}` };
    const usual = [
      { caller: `+1425${index}*` },
      { caller: "list:blocked" },
      { caller: "*", until: "2026-01-01T00:00Z" },
      { caller: "*", ...(schedules === 0 ? { enabled: "no" } : schedule) },
      { caller: "+44*, country:DE" },
    ];
    return usual[index % usual.length];
  };
  const rows = Array.from({ length: rules }, (_, index) => ({
    partitionKey: LINE,
    rowKey: `rule-${String(index).padStart(6, "0")}`,
    targets: "phone:+14255550101",
    ...(index === rules - 1 ? {} : cells(index)),
  }));
  const read: Rule[] = rows.flatMap((row) => readRule(row, "US").value ?? []).sort(compareRules);
  const closed = Array.from({ length: schedules }, (_, index) => schedule(`s${index}`));
  return { partitions: [[], read], schedules: new Map(closed.map((each) => [each.name, each])) };
}

/** Open at night only, so that it is closed at the moment that is asked. */
function schedule(name: string): Schedule {
  const row = {
    partitionKey: name,
    rowKey: "hours",
    timeZone: "America/New_York",
    wednesday: "20:00-06:00",
    tuesday: "20:00-06:00",
  };
  const { value } = readSchedule(name, [row]);
  if (value === undefined || !("timeZone" in value)) throw new Error("the bench's own schedule is wrong");
  return value;
}

function round(rate: number): string {
  return rate >= 10_000 ? `${Math.round(rate / 1000)}k` : String(Math.round(rate));
}
