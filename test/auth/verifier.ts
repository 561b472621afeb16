import { onTestFinished } from "vitest";
import { SigningKeys } from "../../src/auth/signing-keys.ts";
import { PlatformTokenVerifier } from "../../src/auth/verify-token.ts";
import { Deadline } from "../../src/deadline.ts";
import type { VerifiedToken } from "../../src/ports.ts";
import { BOT, ISSUER } from "./key-server.ts";

export interface TestVerifier {
  readonly keys: SigningKeys;
  verify(token: string, deadlineMs?: number): Promise<VerifiedToken>;
  /** Moves the clock by which keys grow old. */
  pass(ms: number): void;
}

export function aVerifier(metadataUrls: readonly string[], issuers: readonly string[] = [ISSUER]): TestVerifier {
  let nowMs = 0;
  const keys = new SigningKeys(metadataUrls, () => nowMs);
  const verifier = new PlatformTokenVerifier(keys, { audience: BOT, issuers });
  return {
    keys,
    verify: (token, deadlineMs = 10_000) => {
      const deadline = new Deadline(deadlineMs);
      onTestFinished(() => deadline.end());
      return verifier.verify(token, deadline);
    },
    pass: (ms) => {
      nowMs += ms;
    },
  };
}
