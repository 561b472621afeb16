import { Recent } from "./recent.ts";

/** The third call of a chain within so many milliseconds counts as going round. */
const WINDOW_MS = 60_000;
const ROUND_AT = 3;
/** Chains kept at least; the ones that were quiet the longest go first. */
const KEPT = 5000;

/** A call of a chain, and when it was first seen. */
interface Seen {
  readonly callId: string;
  readonly atMs: number;
}

/**
 * Notices calls that go round: every time a call comes back to us it has a new id, but its chain's id stays.
 *
 * It knows what this process has seen. On several instances a loop takes a few turns more until one of them has seen three.
 */
export class ChainWatch {
  readonly #now: () => number;
  /** Calls by chain. */
  readonly #chains = new Recent<readonly Seen[]>(KEPT);

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a call of a chain, once however often it is delivered. @returns whether the chain goes round */
  goesRound(callChainId: string | undefined, callId: string): boolean {
    if (callChainId === undefined) return false;
    const nowMs = this.#now();
    const recent = (this.#chains.get(callChainId) ?? []).filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
    const isKnown = recent.some((call) => call.callId === callId);
    // To concatenate leaves no room for more: most chains are of one call.
    const calls = isKnown ? recent : recent.concat({ callId, atMs: nowMs });
    this.#chains.set(callChainId, calls);
    return calls.length >= ROUND_AT;
  }
}
