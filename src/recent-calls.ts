/** How many call ids are kept; a busy instance meets that many in some minutes, and a call repeats within seconds. */
const MOST = 10_000;

/**
 * Calls that this process has taken. It stands in for the Calls table while that cannot say whether a call is known, and
 * knows nothing of other instances.
 */
export class RecentCalls {
  readonly #ids = new Set<string>();

  /** @returns whether the call is new here */
  take(callId: string): boolean {
    const id = spelling(callId);
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= MOST) break;
      this.#ids.delete(oldest);
    }
    return true;
  }

  /** Lets the call be taken again, since nothing came of it. */
  release(callId: string): void {
    this.#ids.delete(spelling(callId));
  }
}

/** Graph writes a call's id with dashes and without, in either case. */
function spelling(callId: string): string {
  // Joined, it is a text of its own; of what is replaced V8 keeps the pieces.
  return callId.toLowerCase().split("-").join("");
}
