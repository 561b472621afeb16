import { setFlagsFromString } from "node:v8";

/**
 * Keeps the process near the size of what it remembers. By itself V8 lets garbage lie until the heap is several times as
 * large as what is alive in it, for as long as the machine has memory: an instance's is shared with the host.
 *
 * Both settings are read whenever the heap is about to grow, so they count from now on; to call it once the app has
 * started leaves new objects the room that starting took. Neither is a limit that could end the process.
 */
export function keepHeapSmall(): void {
  // After a collection the heap may grow by a quarter before the next one.
  setFlagsFromString("--heap-growing-percent=25");
  // The space for new objects grows no more.
  setFlagsFromString("--semi-space-growth-factor=1");
}
