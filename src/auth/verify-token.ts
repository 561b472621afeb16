import { errors, type JWTPayload, jwtVerify } from "jose";
import type { Deadline } from "../deadline.ts";
import { Fault, messageOf } from "../errors.ts";
import type { TokenVerifier, VerifiedToken } from "../ports.ts";
import { normaliseGuid } from "../routing/party.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

/** Difference between the platform's clock and ours that is forgiven, as the platform's own samples do. */
const CLOCK_SKEW_SECONDS = 300;
/** Milliseconds of the deadline that the check may take; more than a millisecond only when keys must be fetched. */
const VERIFY_MS = 3500;

/** In place of jose's message, which quotes the token: nobody knows yet who wrote it, and it goes to the log. */
const UNSUPPORTED = "the token asks for what is not supported";

export interface TokenExpectation {
  readonly audience: string;
  readonly issuers: readonly string[];
}

/**
 * Verifies the tokens with which the platform posts: RS256 alone, whatever the metadata lists (it says `RSA256`, which is
 * no algorithm) and whatever the token asks for; issuer without regard to a trailing slash; audience the bot's app id.
 */
export class PlatformTokenVerifier implements TokenVerifier {
  readonly #keys: SigningKeys;
  readonly #audience: string;
  readonly #issuers: ReadonlySet<string>;
  readonly #verified = new VerifiedTokens();

  constructor(keys: SigningKeys, { audience, issuers }: TokenExpectation) {
    this.#keys = keys;
    this.#audience = audience;
    this.#issuers = new Set(issuers.map(withoutSlash));
  }

  async verify(token: string, deadline: Deadline): Promise<VerifiedToken> {
    const keySet = this.#keys.current();
    const known = this.#verified.get(token, keySet, Math.floor(Date.now() / 1000) - CLOCK_SKEW_SECONDS);
    if (known !== undefined) return known;
    const payload = await this.#checkSignature(token, deadline);
    this.#checkIssuer(payload);
    this.#checkAudience(payload);
    const tenantId = typeof payload.tid === "string" ? normaliseGuid(payload.tid) : undefined;
    const verified = tenantId === undefined ? {} : { tenantId };
    // Keys that were fetched meanwhile may or may not be those that verified it.
    if (keySet !== undefined && keySet === this.#keys.current() && payload.exp !== undefined)
      this.#verified.add(token, keySet, payload.exp, verified);
    return verified;
  }

  /** Also checks the token's times. */
  async #checkSignature(token: string, deadline: Deadline): Promise<JWTPayload> {
    const { payload } = await deadline.within("verifying the token", VERIFY_MS, async () => {
      try {
        return await jwtVerify(token, (header, input) => this.#keys.find(header, input), {
          algorithms: ["RS256"],
          clockTolerance: CLOCK_SKEW_SECONDS,
          requiredClaims: ["exp", "iss", "aud"],
        });
      } catch (error) {
        if (error instanceof errors.JOSENotSupported) throw unauthorized(UNSUPPORTED, error);
        if (error instanceof errors.JOSEError) throw unauthorized(messageOf(error), error);
        if (error instanceof Fault) throw error;
        // A published key that no one can verify with is the platform's fault, not the sender's.
        throw new Fault("keys-unavailable", "the platform's signing key cannot be used", { cause: error });
      }
    });
    return payload;
  }

  #checkIssuer({ iss }: JWTPayload): void {
    if (typeof iss !== "string" || !this.#issuers.has(withoutSlash(iss)))
      throw unauthorized("the token is of another issuer");
  }

  #checkAudience({ aud }: JWTPayload): void {
    const audiences = Array.isArray(aud) ? aud : [aud];
    if (!audiences.some((each) => typeof each === "string" && normaliseGuid(each) === this.#audience)) {
      throw unauthorized("the token is for another bot");
    }
  }
}

function unauthorized(message: string, cause?: unknown): Fault {
  return new Fault("unauthorized", message, { cause });
}

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}
