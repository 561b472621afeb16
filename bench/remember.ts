import { Memory } from "../src/store/remembered.ts";
import { readRule } from "../src/store/rule-rows.ts";
import { MOST_ROWS } from "../src/store/rule-source.ts";

const LINES = 100_000;
const RULES_A_LINE = 10;

/** What the app remembers of 100,000 lines that were called once each: kept rows, and the heap that they take. */
export async function benchRemember(): Promise<void> {
  const memory = new Memory({
    read: async (partitionKey) => Array.from({ length: RULES_A_LINE }, (_, index) => aRule(partitionKey, index)),
    sizeOf: (rules) => rules.length,
    freshMs: 5000,
    patienceMs: { first: 1000, again: 1000 },
    most: MOST_ROWS,
    now: () => performance.now(),
  });
  const before = heapMb();
  process.stdout.write(
    `remember: ${RULES_A_LINE} rules a line, at most ${MOST_ROWS} rows kept\n\nlines     rows kept  heap MB\n`,
  );
  for (let line = 1; line <= LINES; line++) {
    await memory.get(`line-${line}`);
    if (line % (LINES / 10) !== 0) continue;
    process.stdout.write(
      `${String(line).padStart(7)}  ${String(memory.size).padStart(9)}  ${(heapMb() - before).toFixed(1).padStart(7)}\n`,
    );
  }
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
