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
  readonly #seenAtMs = new Map<string, readonly number[]>();

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a new call of a chain. @returns whether the chain goes round */
  goesRound(callChainId: string | undefined): boolean {
    if (callChainId === undefined) return false;
    const nowMs = this.#now();
    const recent = [...(this.#seenAtMs.get(callChainId) ?? []), nowMs].filter((atMs) => nowMs - atMs < WINDOW_MS);
    this.#seenAtMs.delete(callChainId);
    this.#seenAtMs.set(callChainId, recent);
    for (const quietest of this.#seenAtMs.keys()) {
      if (this.#seenAtMs.size <= MOST) break;
      this.#seenAtMs.delete(quietest);
    }
    return recent.length >= ROUND_AT;
  }
}
