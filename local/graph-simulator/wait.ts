import type { Call } from "./call.ts";
import type { CallState, SimulatedCall } from "./records.ts";

/** A state that the call reaches or has passed through, or a claim about its record. */
export type Expected = CallState | ((call: SimulatedCall) => boolean);

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default 10000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Resolves as soon as the call is as wanted, at once if it is already.
 *
 * @throws the signal's reason when one of them aborts; an Error that says where the call stands when the time is up
 */
export function waitForCall(
  call: Call,
  wanted: Expected,
  { signals, timeoutMs }: { readonly signals: readonly AbortSignal[]; readonly timeoutMs: number },
): Promise<SimulatedCall> {
  const holds = () => (typeof wanted === "function" ? wanted(call) : call.states.some(({ state }) => state === wanted));
  const aborted = AbortSignal.any([...signals]);
  const { promise, resolve, reject } = Promise.withResolvers<SimulatedCall>();

  const look = () => {
    try {
      if (aborted.aborted) reject(aborted.reason);
      else if (holds()) resolve(call);
    } catch (error) {
      reject(error);
    }
  };
  const unwatch = call.watch(look);
  aborted.addEventListener("abort", look);
  const timer = setTimeout(() => {
    const what = typeof wanted === "function" ? "as expected" : wanted;
    reject(new Error(`call ${call.id} is ${call.state}, and not ${what} after ${timeoutMs} ms`));
  }, timeoutMs);
  look();

  return promise.finally(() => {
    unwatch();
    aborted.removeEventListener("abort", look);
    clearTimeout(timer);
  });
}
