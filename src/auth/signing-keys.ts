import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWK,
  type JWSHeaderParameters,
} from "jose";
import * as z from "zod/mini";
import { Fault, messageOf } from "../errors.ts";
import { readBody, send } from "../http.ts";

/** Keys are fetched anew at this age, as the platform's own samples do. */
const FRESH_MS = 2 * 3_600_000;
/**
 * No two fetches anew follow each other sooner, however many tokens name keys that nobody published. Short, since a junk
 * token may use up the one fetch that a new key was waiting for.
 */
const COOLDOWN_MS = 5000;
const FETCH_MS = 3000;
const MOST_REDIRECTS = 3;

const metadata = z.object({ jwks_uri: z.string() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

type KeyResolver = ReturnType<typeof createLocalJWKSet>;

/**
 * The platform's signing keys, from the published metadata.
 *
 * The last good keys are kept whatever happens. They are fetched again when they are old (behind the caller's back) or
 * when a token names an unknown key (it waits), but never sooner than a cooldown after the last time. Several metadata
 * addresses make one set; one of them that fails costs only its own keys.
 */
export class SigningKeys {
  readonly #metadataUrls: readonly string[];
  readonly #now: () => number;
  readonly #keysOf = new Map<string, readonly JWK[]>();
  #resolve: KeyResolver | undefined;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #renewedAtMs = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;
  #fault: Error | undefined;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(metadataUrls: readonly string[], now: () => number) {
    this.#metadataUrls = metadataUrls;
    this.#now = now;
  }

  /**
   * The key for a token's header, for jose.
   *
   * @throws Fault `keys-unavailable` when no keys are remembered and none can be fetched; jose's JWKSNoMatchingKey when
   * nobody published the key
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput) {
    if (this.current() === undefined) await this.fetch();
    try {
      return await this.#resolver()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayRenew()) throw error;
    }
    await this.#renew();
    return await this.#resolver()(header, token);
  }

  /**
   * What stands for the keys in use: the same object until they have been fetched anew, undefined while there are none.
   * Old keys are fetched again behind the caller's back.
   */
  current(): object | undefined {
    const isOld = this.#resolve !== undefined && this.#now() - this.#fetchedAtMs > FRESH_MS;
    if (isOld && this.#mayRenew()) void this.#renew();
    return this.#resolve;
  }

  /** Makes sure that there are keys. @throws Fault `keys-unavailable` */
  async warm(): Promise<void> {
    if (this.#resolve === undefined) await this.fetch();
    this.#resolver();
  }

  /** Fetches all keys; a fetch that is under way is shared. Keeps what it has when that fails. */
  async fetch(): Promise<void> {
    this.#flight ??= this.#fetchAll().finally(() => {
      this.#flight = undefined;
    });
    await this.#flight;
  }

  #resolver(): KeyResolver {
    if (this.#resolve !== undefined) return this.#resolve;
    throw new Fault("keys-unavailable", "the platform's signing keys cannot be had", { cause: this.#fault });
  }

  #mayRenew(): boolean {
    return this.#flight !== undefined || this.#now() - this.#renewedAtMs > COOLDOWN_MS;
  }

  async #renew(): Promise<void> {
    this.#renewedAtMs = this.#now();
    await this.fetch();
  }

  async #fetchAll(): Promise<void> {
    const signal = AbortSignal.timeout(FETCH_MS);
    const sets = await Promise.allSettled(
      this.#metadataUrls.map(async (url) => ({ url, keys: await fetchKeys(url, signal) })),
    );
    for (const set of sets) {
      if (set.status === "fulfilled") this.#keysOf.set(set.value.url, set.value.keys);
      else this.#fault = new Error(messageOf(set.reason), { cause: set.reason });
    }
    if (!sets.some(({ status }) => status === "fulfilled")) return;
    this.#fetchedAtMs = this.#now();
    this.#resolve = createLocalJWKSet(union([...this.#keysOf.values()].flat()));
  }
}

/**
 * Two keys of one id would be ambiguous to jose, and two addresses may well publish the same key. What RS256 cannot use
 * is left out first, lest it hide a key that it can.
 */
function union(keys: readonly JWK[]): JSONWebKeySet {
  const usable = keys.filter(({ kty, use }) => kty === "RSA" && use !== "enc");
  return { keys: [...new Map(usable.map((key, index) => [key.kid ?? `#${index}`, key])).values()] };
}

async function fetchKeys(metadataUrl: string, signal: AbortSignal): Promise<readonly JWK[]> {
  const { jwks_uri: keysUrl } = metadata.parse(await fetchJson(metadataUrl, signal));
  refuseOpen(keysUrl, metadataUrl);
  return keySet.parse(await fetchJson(keysUrl, signal)).keys as readonly JWK[];
}

async function fetchJson(url: string, signal: AbortSignal, redirects = MOST_REDIRECTS): Promise<unknown> {
  const incoming = await send(url, { method: "GET", headers: { accept: "application/json" }, body: "", signal });
  const text = await readBody(incoming);
  const { statusCode: status = 0, headers } = incoming;
  if (status >= 300 && status < 400 && headers.location !== undefined && redirects > 0) {
    const next = new URL(headers.location, url).href;
    refuseOpen(next, url);
    return await fetchJson(next, signal, redirects - 1);
  }
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  // Some servers begin their texts with a byte order mark.
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}

/** Only the local stack's metadata come over http, and only they may lead to what does. */
function refuseOpen(url: string, namedBy: string): void {
  if (namedBy.startsWith("https:") && !url.startsWith("https:"))
    throw new Error(`${namedBy} names ${url}, without https`);
}
