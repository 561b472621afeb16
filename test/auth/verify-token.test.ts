import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";
import type { TokenOverrides } from "../../local/graph-simulator/tokens.ts";
import { BOT, ISSUER, startKeyServer, TENANT, TestKey } from "./key-server.ts";
import { aVerifier } from "./verifier.ts";

const OTHER_BOT = "22bfd41f-550e-477d-8789-f6f7bd2a5e8b";

let platform: GraphSimulator;
beforeAll(async () => {
  platform = await startGraphSimulator({
    port: 0,
    webhookUrl: "http://127.0.0.1:1/api/calls",
    botAppId: BOT,
    tenantId: TENANT,
    graphToken: "local-stack",
  });
});
afterAll(() => platform.close());

/** A verifier that takes its keys from the simulated platform. */
function platformVerifier(issuers?: readonly string[]) {
  return aVerifier([`${platform.url}/v1/.well-known/OpenIdConfiguration`], issuers);
}

async function verify(overrides: TokenOverrides, issuers?: readonly string[]) {
  return await platformVerifier(issuers).verify(await platform.issueToken(overrides));
}

const UNAUTHORIZED = { name: "Fault", code: "unauthorized" };

describe("PlatformTokenVerifier.verify", () => {
  it("takes the platform's own token and says which tenant it names", async () => {
    expect(await verify({})).toEqual({ tenantId: TENANT });
  });

  it.each([
    ["without a tenant", null],
    ["whose tenant is no id", "contoso.com"],
  ])("takes a token %s", async (_what, tid) => {
    expect(await verify({ tid })).toEqual({});
  });

  it("gives the tenant in lower case", async () => {
    expect(await verify({ tid: TENANT.toUpperCase() })).toEqual({ tenantId: TENANT });
  });

  it.each<[string, TokenOverrides]>([
    ["for the bot in capitals", { aud: BOT.toUpperCase() }],
    ["of an issuer with a slash at its end", { iss: `${ISSUER}/` }],
    ["that expired four minutes ago", { expiresInSeconds: -240 }],
    ["that counts from four minutes ahead", { notBeforeInSeconds: 240 }],
  ])("takes a token %s", async (_what, overrides) => {
    expect(await verify(overrides)).toEqual({ tenantId: TENANT });
  });

  it.each<[string, TokenOverrides]>([
    ["for another bot", { aud: OTHER_BOT }],
    ["for nobody", { aud: null }],
    ["of another issuer", { iss: "https://sts.windows.net/contoso/" }],
    ["of an issuer that starts like ours", { iss: `${ISSUER}.example.com` }],
    ["of no issuer", { iss: null }],
    ["that expired more than five minutes ago", { expiresInSeconds: -310 }],
    ["that counts from more than five minutes ahead", { notBeforeInSeconds: 320 }],
    ["without a signature", { alg: "none" }],
    ["signed with the public key's text as a secret", { alg: "HS256", hmacKey: "pem" }],
    ["signed with the public key's bytes as a secret", { alg: "HS256", hmacKey: "der" }],
    ["signed with a key that nobody published", { signedBy: "unpublished" }],
    ["that names no key", { kid: null }],
  ])("refuses a token %s", async (_what, overrides) => {
    await expect(verify(overrides)).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("refuses a token that names a published key but was signed with another", async () => {
    const kid = await platform.rotateKeys();
    await expect(verify({ signedBy: "unpublished", kid })).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("takes any of several issuers, however the setting ends", async () => {
    const issuers = ["https://api.botframework.us", "https://graph.microsoft.com/"];
    for (const iss of ["https://graph.microsoft.com", "https://graph.microsoft.com/", "https://api.botframework.us"]) {
      expect(await verify({ iss }, issuers)).toEqual({ tenantId: TENANT });
    }
    await expect(verify({ iss: ISSUER }, issuers)).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("takes a token that was signed with a key that came later", async () => {
    const verifier = platformVerifier();
    await verifier.verify(await platform.issueToken());
    await platform.rotateKeys();
    verifier.pass(60_000);
    expect(await verifier.verify(await platform.issueToken())).toEqual({ tenantId: TENANT });
  });

  it("refuses what is no token", async () => {
    const verifier = platformVerifier();
    const words = fc.array(fc.base64String(), { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), words), async (text) => {
        await expect(verifier.verify(text)).rejects.toMatchObject(UNAUTHORIZED);
      }),
    );
  });

  it("refuses a good token in which one character of header or claims was changed", async () => {
    const verifier = platformVerifier();
    const token = await platform.issueToken();
    const signed = token.lastIndexOf(".");
    const change = fc.record({ at: fc.nat(signed - 1), to: fc.constantFrom(..."AZaz09-_") });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to }) => {
        fc.pre(token[at] !== to);
        const changed = token.slice(0, at) + to + token.slice(at + 1);
        await expect(verifier.verify(changed)).rejects.toMatchObject(UNAUTHORIZED);
      }),
    );
  });
});

describe("PlatformTokenVerifier.verify, of claims that the platform does not send", async () => {
  const key = await TestKey.create();

  async function verifyClaims(claims: Readonly<Record<string, unknown>>) {
    const keyServer = await startKeyServer(key.published());
    return await aVerifier([keyServer.metadataUrl]).verify(await key.sign(claims));
  }

  it("takes a token for several bots of which one is ours", async () => {
    expect(await verifyClaims({ aud: [OTHER_BOT, BOT] })).toEqual({ tenantId: TENANT });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["for several other bots", { aud: [OTHER_BOT, "22bfd41f"] }],
    ["for no bot of a list", { aud: [] }],
    ["whose audience is a number", { aud: 5 }],
    ["whose audiences are no texts", { aud: [null, 5, {}] }],
    ["for the bot's address instead of its id", { aud: `api://${BOT}` }],
    ["whose issuer is a number", { iss: 5 }],
    ["whose issuers are several", { iss: [ISSUER] }],
    ["that never expires", { exp: undefined }],
    ["that expires at no time", { exp: "tomorrow" }],
  ])("refuses a token %s", async (_what, claims) => {
    await expect(verifyClaims(claims)).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("takes a tenant that is no text as none", async () => {
    expect(await verifyClaims({ tid: 5 })).toEqual({});
  });

  it("takes a good token of 100 kB and refuses junk of that length", async () => {
    expect(await verifyClaims({ filler: "x".repeat(75_000) })).toEqual({ tenantId: TENANT });
    const junk = `${"e".repeat(33_000)}.${"y".repeat(33_000)}.${"J".repeat(34_000)}`;
    await expect(platformVerifier().verify(junk)).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("has no say in the algorithm, which RS256 is", async () => {
    const keyServer = await startKeyServer(key.published());
    const token = await key.sign({}, { alg: "PS256" });
    await expect(aVerifier([keyServer.metadataUrl]).verify(token)).rejects.toMatchObject(UNAUTHORIZED);
    // Nothing about it was worth asking for.
    expect(keyServer.requests).toEqual([]);
  });
});
