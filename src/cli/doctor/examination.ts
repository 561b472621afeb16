import { messageOf } from "../../errors.ts";

/** What one look at the deployment found. */
export interface Verdict {
  /** What was looked at: `settings`, `table Routes`, `webhook`. */
  readonly part: string;
  /** `unknown`: it could not be seen from here, which is no fault. */
  readonly state: "good" | "wrong" | "unknown";
  /** What was seen, as a sentence without its full stop. */
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function good(part: string, says: string): Verdict {
  return { part, state: "good", says };
}

export function wrong(part: string, says: string, remedy: string): Verdict {
  return { part, state: "wrong", says, remedy };
}

export function unknown(part: string, says: string, remedy: string): Verdict {
  return { part, state: "unknown", says, remedy };
}

/**
 * Why something failed. Where nobody could be signed in, the first sentence: what follows in the library's message is how
 * each of its ways failed, a page of which the remedy is nearly always `az login`.
 */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return isChain(error) ? message.replace(/\..*/, "") : message;
}

function isChain(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "AggregateAuthenticationError" || isChain(error.cause);
}

/** Milliseconds that one look may take. */
export const PATIENCE_MS = 15_000;

/** The signal for one look: it ends after a while, and with Ctrl-C. */
export function patience(interrupted: AbortSignal): AbortSignal {
  return AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE_MS)]);
}
