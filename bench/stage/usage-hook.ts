/*
 * Loaded by `node --import` into each process that a bench starts: answers every message with what the process has used,
 * and ends it when whoever started it is gone.
 */

process.on("message", () => {
  const { rss: residentBytes } = process.memoryUsage();
  // Garbage says nothing about what is kept; without --expose-gc it is counted.
  globalThis.gc?.();
  const { heapUsed: heapBytes } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, residentBytes, heapBytes });
});
process.on("disconnect", () => process.exit());
// The script ends by itself when it has nothing left to do.
process.channel?.unref();
