import { Memory } from "../src/store/remembered.ts";
import { readRule } from "../src/store/rule-rows.ts";
import { MOST_ROWS } from "../src/store/rule-source.ts";
import { figure } from "./figures.ts";
import type { Flags } from "./flags.ts";
import { type BenchResult, resultOf } from "./result.ts";

const RULES_A_LINE = 10;

export const amounts = { lines: { full: 100_000, short: 10_000 } };

type Print = (line: string) => void;

/** What the app remembers of so many lines that were called once each: kept rows, and the heap that they take. */
export async function run({ amounts: { lines } }: Flags<keyof typeof amounts>, print: Print): Promise<BenchResult> {
  const memory = new Memory({
    read: async (partitionKey) => Array.from({ length: RULES_A_LINE }, (_, index) => aRule(partitionKey, index)),
    sizeOf: (rules) => rules.length,
    freshMs: 5000,
    patienceMs: { first: 1000, again: 1000 },
    most: MOST_ROWS,
    now: () => performance.now(),
  });
  const before = heapMb();
  print(`remember: ${RULES_A_LINE} rules a line, at most ${MOST_ROWS} rows kept\n\nlines     rows kept  heap MB`);
  const heaps: number[] = [];
  for (let line = 1; line <= lines; line++) {
    await memory.get(`line-${line}`);
    if (line % Math.ceil(lines / 10) !== 0) continue;
    heaps.push(heapMb() - before);
    const heap = (heaps.at(-1) ?? 0).toFixed(1);
    print(`${String(line).padStart(7)}  ${String(memory.size).padStart(9)}  ${heap.padStart(7)}`);
  }
  return resultOf("remember", { lines }, { "heap MB": figure(heaps, "MB") });
}

function aRule(partitionKey: string, index: number) {
  const targets = `phone:+142555501${10 + index} "Desk ${index}"`;
  const { value } = readRule(
    { partitionKey, rowKey: `rule-${index}`, caller: `+1425${index}*, list:vip`, schedule: "office", targets },
    "US",
  );
  if (value === undefined) throw new Error("the bench's own row is wrong");
  return value;
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
