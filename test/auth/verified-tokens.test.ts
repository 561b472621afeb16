import { describe, expect, it, vi } from "vitest";
import { VerifiedTokens } from "../../src/auth/verified-tokens.ts";
import { startKeyServer, TENANT, TestKey } from "./key-server.ts";
import { aVerifier } from "./verifier.ts";

const [first, second] = await Promise.all([TestKey.create(), TestKey.create()]);

const HOUR = 3_600_000;
const GOOD = { tenantId: TENANT };
const UNAUTHORIZED = { name: "Fault", code: "unauthorized" };
const KEYS = {};
const NOW = 1_800_000_000;

describe("VerifiedTokens", () => {
  it("knows a token that was verified, until it expires", () => {
    const tokens = new VerifiedTokens();
    tokens.add("a token", KEYS, NOW + 60, GOOD);
    expect(tokens.get("a token", KEYS, NOW + 59)).toEqual(GOOD);
    expect(tokens.get("a token", KEYS, NOW + 60)).toBeUndefined();
  });

  it("knows no other token, and none before there are keys", () => {
    const tokens = new VerifiedTokens();
    expect(tokens.get("a token", undefined, NOW)).toBeUndefined();
    tokens.add("a token", KEYS, NOW + 60, GOOD);
    expect(tokens.get("a toke", KEYS, NOW)).toBeUndefined();
    expect(tokens.get("a token", undefined, NOW)).toBeUndefined();
  });

  it("forgets all that an earlier key set has verified, also for the time when that one comes back", () => {
    const tokens = new VerifiedTokens();
    tokens.add("of the old keys", KEYS, NOW + 60, GOOD);
    const newKeys = {};
    expect(tokens.get("of the old keys", newKeys, NOW)).toBeUndefined();
    tokens.add("of the new keys", newKeys, NOW + 60, GOOD);
    expect(tokens.get("of the old keys", KEYS, NOW)).toBeUndefined();
  });

  it("keeps a thousand tokens, the newest", () => {
    const tokens = new VerifiedTokens();
    for (let number = 0; number <= 1000; number++) tokens.add(`token ${number}`, KEYS, NOW + 60, GOOD);
    expect(tokens.get("token 0", KEYS, NOW)).toBeUndefined();
    expect(tokens.get("token 1", KEYS, NOW)).toEqual(GOOD);
    expect(tokens.get("token 1000", KEYS, NOW)).toEqual(GOOD);
  });
});

describe("PlatformTokenVerifier, of a token that it has verified before", () => {
  it("refuses it once the clock has passed its end and the five minutes that are forgiven", async () => {
    const keyServer = await startKeyServer(first.published());
    const { verify } = aVerifier([keyServer.metadataUrl]);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const token = await first.sign({ exp: nowSeconds + 60 });
    // The first one fetches the keys, and the second is remembered.
    for (const _ of [1, 2]) expect(await verify(token)).toEqual(GOOD);
    vi.useFakeTimers({ toFake: ["Date"], now: (nowSeconds + 359) * 1000 });
    try {
      expect(await verify(token)).toEqual(GOOD);
      vi.setSystemTime((nowSeconds + 360) * 1000);
      await expect(verify(token)).rejects.toMatchObject(UNAUTHORIZED);
    } finally {
      vi.useRealTimers();
    }
  });

  it("refuses it when the key is no longer published, as soon as the keys have been fetched anew", async () => {
    const keyServer = await startKeyServer(first.published());
    const { verify, keys, pass } = aVerifier([keyServer.metadataUrl]);
    const token = await first.sign();
    for (const _ of [1, 2, 3]) expect(await verify(token)).toEqual(GOOD);
    keyServer.keys = [second.published()];
    pass(3 * HOUR);
    // Old keys serve until the new ones are here, for this token as for any other.
    expect(await verify(token)).toEqual(GOOD);
    await keys.fetch();
    await expect(verify(token)).rejects.toMatchObject(UNAUTHORIZED);
  });

  it("has old keys fetched anew, however often the same token comes", async () => {
    const keyServer = await startKeyServer(first.published());
    const { verify, keys, pass } = aVerifier([keyServer.metadataUrl]);
    const token = await first.sign();
    for (const _ of [1, 2]) await verify(token);
    const before = keyServer.requests.length;
    pass(3 * HOUR);
    await verify(token);
    await keys.fetch();
    expect(keyServer.requests.slice(before)).toEqual(["/v1/.well-known/OpenIdConfiguration", "/v1/keys"]);
  });

  it("still tells it from one whose signature was changed", async () => {
    const keyServer = await startKeyServer(first.published());
    const { verify } = aVerifier([keyServer.metadataUrl]);
    const token = await first.sign();
    for (const _ of [1, 2]) await verify(token);
    const changed = token.slice(0, -10) + (token.at(-10) === "A" ? "B" : "A") + token.slice(-9);
    await expect(verify(changed)).rejects.toMatchObject(UNAUTHORIZED);
  });
});
