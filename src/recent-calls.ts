import { Recent } from "./recent.ts";

/** How many call ids are kept at least. No instance meets as many within the 15 s in which a call can be told again. */
const KEPT = 5000;

/**
 * Calls that this process has taken. It stands in for the Calls table while that cannot say whether a call is known, and
 * knows nothing of other instances.
 */
export class RecentCalls {
  /** Whether a call is taken, by its id. */
  readonly #taken = new Recent<boolean>(KEPT);

  /** @returns whether the call is new here */
  take(callId: string): boolean {
    const id = spelling(callId);
    if (this.#taken.get(id) === true) return false;
    this.#taken.set(id, true);
    return true;
  }

  /** Lets the call be taken again, since nothing came of it. */
  release(callId: string): void {
    this.#taken.set(spelling(callId), false);
  }
}

/** Graph writes a call's id with dashes and without, in either case. */
function spelling(callId: string): string {
  // Joined, it is a text of its own; of what is replaced V8 keeps the pieces.
  return callId.toLowerCase().split("-").join("");
}
