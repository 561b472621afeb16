/** The third call of a chain within so many milliseconds counts as going round. */
const WINDOW_MS = 60_000;
const ROUND_AT = 3;
/** Chains kept at most; the ones that were quiet the longest go first. */
const MOST = 10_000;

/**
 * Notices calls that go round: every time a call comes back to us it has a new id, but its chain's id stays.
 *
 * It knows what this process has seen. On several instances a loop takes a few turns more until one of them has seen three.
 */
export class ChainWatch {
  readonly #now: () => number;
  /** By chain: when each of its calls was first seen, by call id. */
  readonly #chains = new Map<string, Map<string, number>>();

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a call of a chain, once however often it is delivered. @returns whether the chain goes round */
  goesRound(callChainId: string | undefined, callId: string): boolean {
    if (callChainId === undefined) return false;
    const nowMs = this.#now();
    const calls = this.#chains.get(callChainId) ?? new Map<string, number>();
    for (const [id, seenAtMs] of calls) if (nowMs - seenAtMs >= WINDOW_MS) calls.delete(id);
    if (!calls.has(callId)) calls.set(callId, nowMs);
    this.#chains.delete(callChainId);
    this.#chains.set(callChainId, calls);
    for (const quietest of this.#chains.keys()) {
      if (this.#chains.size <= MOST) break;
      this.#chains.delete(quietest);
    }
    return calls.size >= ROUND_AT;
  }
}
