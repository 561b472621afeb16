import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const SMALL_HEAP = new URL("../src/small-heap.ts", import.meta.url).href;

/** Makes objects that live a while, as calls under way do, and tells what V8 has taken for them. */
const WORK = `
  const kept = [];
  for (let made = 0; made < 3_000_000; made++) {
    kept[made % 200_000] = { made, text: "made " + made };
    if (made % 50_000 === 0) await new Promise(setImmediate);
  }
  const { space_size } = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(JSON.stringify({ whole: v8.getHeapStatistics().total_heap_size, forNewObjects: space_size }));
`;

/** Bytes taken by a process of its own: V8's settings are the process's. */
async function bytesTaken(first: string): Promise<{ readonly whole: number; readonly forNewObjects: number }> {
  const script = `import v8 from "node:v8"; import { keepHeapSmall } from ${JSON.stringify(SMALL_HEAP)}; ${first}; ${WORK}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout);
}

describe("keepHeapSmall", () => {
  it("lets the process take less for the same work, for new objects and in all", async () => {
    const usual = await bytesTaken("");
    const small = await bytesTaken("keepHeapSmall()");
    expect(small.forNewObjects).toBeLessThanOrEqual(usual.forNewObjects / 2);
    expect(small.whole).toBeLessThan(usual.whole - usual.forNewObjects / 4);
  });
});
