import { setFlagsFromString } from "node:v8";

/**
 * Keeps the process near the size of what it remembers. By itself V8 lets garbage lie until the heap is several times as
 * large as what is alive in it, for as long as the machine has memory: an instance's is shared with the host.
 *
 * V8 reads this whenever the heap is about to grow. It is no limit that could end the process.
 */
export function keepHeapSmall(): void {
  // After a collection the heap may grow by a fifth before the next one.
  setFlagsFromString("--heap-growing-percent=20");
}
