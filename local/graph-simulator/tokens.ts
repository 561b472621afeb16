import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type JWTPayload, SignJWT } from "jose";

/** The issuer of the platform's tokens, whatever address the metadata is served from. */
export const tokenIssuer = "https://api.botframework.com";

/** What a token may say or be otherwise than the platform's own. Null leaves a claim out. */
export interface TokenOverrides {
  readonly aud?: string | null | undefined;
  readonly iss?: string | null | undefined;
  readonly tid?: string | null | undefined;
  /** `exp`, counted from now; may be negative. Default 3900, the life of the token that Microsoft prints. */
  readonly expiresInSeconds?: number | undefined;
  /** `nbf`, counted from now; default 0. */
  readonly notBeforeInSeconds?: number | undefined;
  /** `HS256` uses the text or bytes of the public key as its secret: the forgery that a lax verifier believes. */
  readonly alg?: "RS256" | "HS256" | "none" | undefined;
  /** Form of the public key that HS256 uses; default `pem`. */
  readonly hmacKey?: "pem" | "der" | undefined;
  /** `unpublished`: a key that is in no key set; its own `kid` unless `kid` says otherwise. Default `current`. */
  readonly signedBy?: "current" | "unpublished" | undefined;
  /** The header's `kid` (and `x5t`); null leaves both out. */
  readonly kid?: string | null | undefined;
}

export interface RotateOptions {
  /** False: tokens are signed with the new key at once, but the key set does not show it. Default true. */
  readonly publish?: boolean | undefined;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Keys that are there for the look of it, or that nobody is to trust. */
interface StandingKeys {
  readonly retired: readonly SigningKey[];
  readonly unpublished: SigningKey;
}

const generate = promisify(generateKeyPair);

// RSA keys are slow to make and nothing depends on these, so all simulators of a process share them.
let standingKeys: Promise<StandingKeys> | undefined;

/**
 * The platform's signing keys and the tokens made with them.
 *
 * The key set holds several keys at once and `kid` equals `x5t`, as the platform's does. Keys that were rotated away
 * stay published.
 */
export class TokenIssuer {
  readonly #audience: string;
  readonly #tenantId: string;
  readonly #published: SigningKey[];
  readonly #unpublished: SigningKey;
  #current: SigningKey;

  private constructor(audience: string, tenantId: string, current: SigningKey, { retired, unpublished }: StandingKeys) {
    this.#audience = audience;
    this.#tenantId = tenantId;
    this.#current = current;
    this.#unpublished = unpublished;
    this.#published = [...retired, current];
  }

  /** An issuer with a fresh key. `audience` is the bot's app id; `tenantId` the `tid` of a token unless it says so. */
  static async create(audience: string, tenantId: string): Promise<TokenIssuer> {
    standingKeys ??= createStandingKeys();
    const [current, standing] = await Promise.all([createKey(), standingKeys]);
    return new TokenIssuer(audience, tenantId, current, standing);
  }

  /** The JSON Web Key Set, public halves only. */
  keySet(): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
    return {
      keys: this.#published.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        use: "sig",
        kid,
        x5t: kid,
      })),
    };
  }

  /** Signs with a new key from now on. Returns its `kid`. */
  async rotate({ publish = true }: RotateOptions = {}): Promise<string> {
    this.#current = await createKey();
    if (publish) this.#published.push(this.#current);
    return this.#current.kid;
  }

  /** A token as the platform sends it, except for what `overrides` says. */
  issue(overrides: TokenOverrides = {}): Promise<string> {
    const key = overrides.signedBy === "unpublished" ? this.#unpublished : this.#current;
    const kid = overrides.kid === undefined ? key.kid : overrides.kid;
    const header = { typ: "JWT", ...(kid === null ? {} : { kid, x5t: kid }) };
    const claims = this.#claims(overrides);
    switch (overrides.alg) {
      case "none":
        return Promise.resolve(`${encode({ ...header, alg: "none" })}.${encode(claims)}.`);
      case "HS256":
        return new SignJWT(claims)
          .setProtectedHeader({ ...header, alg: "HS256" })
          .sign(publicKeyBytes(key, overrides.hmacKey ?? "pem"));
      default:
        return new SignJWT(claims).setProtectedHeader({ ...header, alg: "RS256" }).sign(key.privateKey);
    }
  }

  #claims(overrides: TokenOverrides): JWTPayload {
    const { aud = this.#audience, iss = tokenIssuer, tid = this.#tenantId } = overrides;
    const now = Math.floor(Date.now() / 1000);
    return {
      ...(aud === null ? {} : { aud }),
      ...(iss === null ? {} : { iss }),
      ...(tid === null ? {} : { tid }),
      iat: now,
      nbf: now + (overrides.notBeforeInSeconds ?? 0),
      exp: now + (overrides.expiresInSeconds ?? 3900),
    };
  }
}

async function createStandingKeys(): Promise<StandingKeys> {
  const [unpublished, ...retired] = await Promise.all([createKey(), createKey(), createKey()]);
  return { unpublished, retired };
}

async function createKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048 });
  // The platform's is the thumbprint of a certificate; ours has none, so the key's own bytes stand in for it.
  const kid = createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  return { kid, privateKey, publicKey };
}

function publicKeyBytes({ publicKey }: SigningKey, form: "pem" | "der"): Uint8Array {
  return form === "pem"
    ? new TextEncoder().encode(publicKey.export({ type: "spki", format: "pem" }).toString())
    : publicKey.export({ type: "spki", format: "der" });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
