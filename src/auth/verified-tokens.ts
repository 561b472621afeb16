import { hash } from "node:crypto";
import type { VerifiedToken } from "../ports.ts";

interface Entry {
  readonly verified: VerifiedToken;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** Each server of the platform uses its own token for about an hour. */
const MOST = 1000;

/**
 * Tokens that were verified and still would be: the platform sends the same one with every call of an hour. They are told
 * by their hash, so that none is kept.
 *
 * They are forgotten with the key set that verified them, so that a key which is withdrawn counts no longer here than it
 * does for a token that was never seen.
 */
export class VerifiedTokens {
  readonly #entries = new Map<string, Entry>();
  #keySet: object | undefined;

  /** @param keySet the one in use now @param nowSeconds epoch seconds, less the forgiven skew */
  get(token: string, keySet: object | undefined, nowSeconds: number): VerifiedToken | undefined {
    if (keySet !== this.#keySet) return undefined;
    const entry = this.#entries.get(keyOf(token));
    return entry !== undefined && entry.expiresAt > nowSeconds ? entry.verified : undefined;
  }

  /** @param keySet the one that verified it @param expiresAt its `exp` */
  add(token: string, keySet: object, expiresAt: number, verified: VerifiedToken): void {
    if (keySet !== this.#keySet) this.#entries.clear();
    this.#keySet = keySet;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MOST) this.#entries.delete(oldest);
    this.#entries.set(keyOf(token), { verified, expiresAt });
  }
}

function keyOf(token: string): string {
  return hash("sha256", token, "base64");
}
