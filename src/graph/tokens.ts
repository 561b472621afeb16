import type { AccessToken, TokenCredential } from "@azure/identity";
import { Fault, messageOf } from "../errors.ts";

/** A token this close to its end is fetched anew behind the caller's back, and used meanwhile. */
const RENEW_BEFORE_MS = 10 * 60_000;
/** A token this close to its end is no longer used. */
const UNUSABLE_BEFORE_MS = 60_000;
/** A request that takes longer than this is no longer waited for, so that the next try starts another. */
const GIVE_UP_MS = 4000;

/**
 * Tokens for Graph, a tenant at a time. A token is for the call's own tenant: Graph refuses any other (7505).
 *
 * Many calls that need the same token share one request. The credential may ignore that a caller stops waiting; the
 * request then goes on for the next one, though not for ever.
 */
export class GraphTokens {
  readonly #scope: string;
  readonly #credentialFor: (tenantId: string) => TokenCredential;
  readonly #tokens = new Map<string, AccessToken>();
  readonly #flights = new Map<string, Promise<AccessToken>>();
  readonly #credentials = new Map<string, TokenCredential>();

  /** @param scope `<Graph root>/.default` */
  constructor(scope: string, credentialFor: (tenantId: string) => TokenCredential) {
    this.#scope = scope;
    this.#credentialFor = credentialFor;
  }

  /** @returns a remembered token that still serves */
  remembered(tenantId: string): string | undefined {
    const token = this.#tokens.get(tenantId);
    const leftMs = (token?.expiresOnTimestamp ?? 0) - Date.now();
    if (token === undefined || leftMs < UNUSABLE_BEFORE_MS) return undefined;
    // Should the renewal fail, a later call tries again.
    if (leftMs < RENEW_BEFORE_MS) this.#fetch(tenantId).catch(() => undefined);
    return token.token;
  }

  /** @throws Fault `token-unavailable` */
  async get(tenantId: string): Promise<string> {
    return this.remembered(tenantId) ?? (await this.#fetch(tenantId)).token;
  }

  /** Drops the token, the credential whose cache it came from and the request under way: the next one is new. */
  forget(tenantId: string): void {
    this.#tokens.delete(tenantId);
    this.#credentials.delete(tenantId);
    this.#flights.delete(tenantId);
  }

  #fetch(tenantId: string): Promise<AccessToken> {
    const running = this.#flights.get(tenantId);
    if (running !== undefined) return running;
    const flight = this.#fly(tenantId, () => this.#flights.get(tenantId) === flight);
    this.#flights.set(tenantId, flight);
    return flight;
  }

  /** @param wanted whether the request has not been forgotten meanwhile */
  async #fly(tenantId: string, wanted: () => boolean): Promise<AccessToken> {
    try {
      const token = await this.#ask(tenantId);
      if (wanted()) this.#tokens.set(tenantId, token);
      return token;
    } finally {
      if (wanted()) this.#flights.delete(tenantId);
    }
  }

  async #ask(tenantId: string): Promise<AccessToken> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`no answer within ${GIVE_UP_MS} ms`)), GIVE_UP_MS);
    // Whoever waits for the token keeps the process alive, until its own deadline.
    timer.unref();
    try {
      const token = await Promise.race([this.#credential(tenantId).getToken(this.#scope), late.promise]);
      if (token === null) throw new Error("the credential gave no token");
      return token;
    } catch (error) {
      throw new Fault("token-unavailable", `no token for Graph: ${messageOf(error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  #credential(tenantId: string): TokenCredential {
    const known = this.#credentials.get(tenantId);
    if (known !== undefined) return known;
    const made = this.#credentialFor(tenantId);
    this.#credentials.set(tenantId, made);
    return made;
  }
}
