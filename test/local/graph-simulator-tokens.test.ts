import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTVerifyOptions, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";
import type { TokenOverrides } from "../../local/graph-simulator/tokens.ts";

const botAppId = "570cd818-9325-59a7-9b41-20d893417843";
const tenantId = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";

let simulator: GraphSimulator;

beforeAll(async () => {
  const webhookUrl = "http://127.0.0.1:1/api/calls";
  simulator = await startGraphSimulator({ port: 0, webhookUrl, botAppId, tenantId, graphToken: "t" });
});
afterAll(() => simulator.close());

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(`${simulator.url}${path}`);
  return response.json();
}

/** Verifies as a careful receiver does, with the keys that are published at the moment. */
async function verify(token: string, options: JWTVerifyOptions = {}) {
  const keys = createRemoteJWKSet(new URL("/v1/keys", simulator.url));
  const expected = { issuer: "https://api.botframework.com", audience: botAppId, algorithms: ["RS256"] };
  return jwtVerify(token, keys, { ...expected, ...options });
}

describe("the OpenID metadata", () => {
  it("names the Bot Framework as issuer, its own keys, and an algorithm that does not exist", async () => {
    expect(await getJson("/v1/.well-known/OpenIdConfiguration")).toMatchObject({
      issuer: "https://api.botframework.com",
      jwks_uri: `${simulator.url}/v1/keys`,
      id_token_signing_alg_values_supported: ["RSA256"],
    });
  });

  it("leads to several RSA keys whose kid is their x5t, with no private part", async () => {
    const keySet = createRemoteJWKSet(new URL("/v1/keys", simulator.url));
    await keySet.reload();
    const keys = keySet.jwks()?.keys ?? [];
    expect(keys.length).toBeGreaterThanOrEqual(3);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: "RSA", use: "sig", x5t: key.kid });
      expect(key).not.toHaveProperty("d");
    }
  });
});

describe("issueToken", () => {
  it("gives what the platform sends: RS256, audience, issuer, tenant and a life of 3900 seconds", async () => {
    const { payload, protectedHeader } = await verify(await simulator.issueToken());
    expect(payload).toMatchObject({ aud: botAppId, iss: "https://api.botframework.com", tid: tenantId });
    expect(payload.iat).toBe(payload.nbf);
    expect(Number(payload.exp) - Number(payload.iat)).toBe(3900);
    expect(protectedHeader.x5t).toBe(protectedHeader.kid);
  });

  const refused: [string, TokenOverrides, new (...args: never[]) => Error][] = [
    ["another audience", { aud: "someone-else" }, errors.JWTClaimValidationFailed],
    ["no audience", { aud: null }, errors.JWTClaimValidationFailed],
    ["another issuer", { iss: "https://sts.windows.net/" }, errors.JWTClaimValidationFailed],
    ["an end that has passed", { expiresInSeconds: -1 }, errors.JWTExpired],
    ["a beginning that is to come", { notBeforeInSeconds: 600 }, errors.JWTClaimValidationFailed],
    ["alg none", { alg: "none" }, errors.JOSEAlgNotAllowed],
    ["alg HS256 keyed with the public key's PEM", { alg: "HS256" }, errors.JOSEAlgNotAllowed],
    ["alg HS256 keyed with the public key's DER", { alg: "HS256", hmacKey: "der" }, errors.JOSEAlgNotAllowed],
    ["a kid that is not published", { kid: "nobodys" }, errors.JWKSNoMatchingKey],
    ["a key that is not published", { signedBy: "unpublished" }, errors.JWKSNoMatchingKey],
  ];
  it.each(refused)("makes a token that a verifier refuses, with %s", async (_what, overrides, error) => {
    await expect(verify(await simulator.issueToken(overrides))).rejects.toThrow(error);
  });

  it("forges the current kid with a key that is not published", async () => {
    const { kid } = decodeProtectedHeader(await simulator.issueToken());
    const token = await simulator.issueToken({ signedBy: "unpublished", kid });
    await expect(verify(token)).rejects.toThrow(errors.JWSSignatureVerificationFailed);
  });

  it("leaves the tenant out on demand", async () => {
    expect(decodeJwt(await simulator.issueToken({ tid: null }))).not.toHaveProperty("tid");
  });

  it("leaves the kid out on demand", async () => {
    expect(decodeProtectedHeader(await simulator.issueToken({ kid: null }))).not.toHaveProperty("kid");
  });
});

describe("rotateKeys", () => {
  it("publishes the new key at once and keeps the old one published", async () => {
    const before = await simulator.issueToken();
    const kid = await simulator.rotateKeys();
    const after = await simulator.issueToken();
    expect((await verify(after)).protectedHeader.kid).toBe(kid);
    await expect(verify(before)).resolves.toBeDefined();
  });

  it("signs with a key that the key set does not show, when told not to publish", async () => {
    const kid = await simulator.rotateKeys({ publish: false });
    const token = await simulator.issueToken();
    expect(decodeProtectedHeader(token).kid).toBe(kid);
    await expect(verify(token)).rejects.toThrow(errors.JWKSNoMatchingKey);
    await simulator.rotateKeys();
  });
});
