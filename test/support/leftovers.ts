import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";

/** What keeps a process alive and is the app's to end. Timers that do not are not listed. */
const LASTING = new Set(["Timeout", "TCPSocketWrap", "TCPServerWrap", "TCPConnectWrap", "GetAddrInfoReqWrap"]);
/** A closed connection takes a few turns of the event loop until it is gone. */
const PATIENCE_MS = 5000;

/**
 * Counts timers, sockets and promises of a file's tests. Call it before anything that starts something.
 *
 * @returns what is left behind beyond what there was before the tests; waits until that is nothing, though not for ever
 */
export function watchLeftovers(): () => Promise<string[]> {
  let before: string[] = [];
  const rejected: unknown[] = [];
  const onRejection = (reason: unknown) => rejected.push(reason);
  beforeAll(() => {
    before = openResources();
    process.on("unhandledRejection", onRejection);
  });
  afterAll(() => {
    process.off("unhandledRejection", onRejection);
  });
  return async () => {
    const since = performance.now();
    while (beyond(before).length > 0 && performance.now() - since < PATIENCE_MS) await setImmediate();
    expect(rejected).toEqual([]);
    return beyond(before);
  };
}

function openResources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => LASTING.has(name));
}

function beyond(before: readonly string[]): string[] {
  const left = openResources();
  for (const name of before) {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
