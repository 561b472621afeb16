import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes for new objects, of which V8 uses one half at a time. By itself it would take twice as many. */
const ENOUGH_FOR_NEW = 16 * 2 ** 20;

/**
 * Keeps the process near the size of what it remembers. By itself V8 lets garbage lie until the heap is several times as
 * large as what is alive in it, for as long as the machine has memory: an instance's is shared with the host.
 *
 * Both settings are read whenever the heap is about to grow. Neither is a limit that could end the process.
 */
export function keepHeapSmall(): void {
  // After a collection the heap may grow by a fifth before the next one.
  setFlagsFromString("--heap-growing-percent=20");
  const watch = new PerformanceObserver(() => {
    const newSpace = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    if (newSpace !== undefined && newSpace.space_size < ENOUGH_FOR_NEW) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    watch.disconnect();
  });
  watch.observe({ entryTypes: ["gc"] });
}
