import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const SMALL_HEAP = new URL("../src/small-heap.ts", import.meta.url).href;

/** Makes objects that outlive the space for new ones and are then let go, and tells the most that V8 has taken for them. */
const WORK = `
  const kept = [];
  let most = 0;
  for (let made = 0; made < 3_000_000; made++) {
    kept[made % 200_000] = { made, text: "made " + made };
    if (made % 50_000 === 0) {
      most = Math.max(most, v8.getHeapStatistics().total_heap_size);
      await new Promise(setImmediate);
    }
  }
  console.log(most);
`;

/** Bytes taken by a process of its own: V8's settings are the process's. */
async function bytesTaken(first: string): Promise<number> {
  const script = `import v8 from "node:v8"; import { keepHeapSmall } from ${JSON.stringify(SMALL_HEAP)}; ${first}; ${WORK}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return Number(stdout);
}

describe("keepHeapSmall", () => {
  it("lets the process take less for the same work", async () => {
    const usual = await bytesTaken("");
    const small = await bytesTaken("keepHeapSmall()");
    expect(small).toBeLessThan(0.9 * usual);
  });
});
