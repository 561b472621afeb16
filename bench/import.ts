import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startAzurite } from "../local/azurite.ts";
import { createTables } from "../local/seed.ts";
import { figure } from "./figures.ts";
import type { Flags } from "./flags.ts";
import { type BenchResult, resultOf } from "./result.ts";

export const amounts = {
  rounds: { full: 3, short: 1 },
  rows: { full: 50_000, short: 5000 },
  /** Megabytes of heap that the command may take: what it keeps of each row must fit. */
  heap: { full: 64, short: 64 },
};

const COMMAND = fileURLToPath(new URL("../src/cli/ringroute.ts", import.meta.url));

/**
 * Rows a second of `ringroute import`, as a process of its own with little memory: written to an empty CallerLists, each
 * in a partition of its own, as lists are; and compared with what stands there, when nothing has changed. Azurite, on the
 * same cores, takes most of the time of writing.
 */
export async function run(flags: Flags<keyof typeof amounts>, print: (line: string) => void): Promise<BenchResult> {
  const { rounds, rows, heap } = flags.amounts;
  const folder = await mkdtemp(join(tmpdir(), "ringroute-bench-"));
  const written: number[] = [];
  const compared: number[] = [];
  try {
    const file = join(folder, "lists.csv");
    await writeFile(file, listOf(rows));
    for (let round = 1; round <= rounds; round++) {
      const azurite = await startAzurite();
      try {
        await createTables(azurite.connectionString);
        const importRate = async () => rows / (await secondsOf(file, azurite.connectionString, heap));
        written.push(await importRate());
        compared.push(await importRate());
      } finally {
        await azurite.stop();
      }
      print(
        `round ${round}: ${rows} rows within ${heap} MB: ${Math.round(written.at(-1) ?? 0)} written/s, ${Math.round(compared.at(-1) ?? 0)} compared/s`,
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return resultOf("import", flags.amounts, {
    "written rows": figure(written, "1/s", "more"),
    "compared rows": figure(compared, "1/s", "more"),
  });
}

function listOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `+1425${2_000_000 + row},blocked,,Reported ${row}\n`);
  return `PartitionKey,RowKey,until,note\n${lines.join("")}`;
}

async function secondsOf(file: string, connectionString: string, heapMb: number): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, COMMAND, "import", file, "--yes"], {
    env: { PATH: process.env.PATH, TABLES_CONNECTION_STRING: connectionString },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the import ended with ${code}: ${said.slice(-1000)}`);
  return (performance.now() - startedAt) / 1000;
}
