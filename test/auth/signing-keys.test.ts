import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Behaviour, type KeyServer, startKeyServer, TENANT, TestKey } from "./key-server.ts";
import { aVerifier } from "./verifier.ts";

const [first, second, never] = await Promise.all([TestKey.create(), TestKey.create(), TestKey.create()]);

const UNAUTHORIZED = { name: "Fault", code: "unauthorized" };
const KEYS_UNAVAILABLE = { name: "Fault", code: "keys-unavailable" };
const GOOD = { tenantId: TENANT };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often the keys were fetched. */
function fetches({ requests }: KeyServer): number {
  return requests.filter((path) => path === "/v1/keys").length;
}

/** An address at which nothing listens. */
async function aDeadAddress(): Promise<string> {
  const dead = await startKeyServer();
  await dead.close();
  return dead.metadataUrl;
}

describe("SigningKeys, in the form that the platform publishes them", () => {
  it("does not mind metadata that lists an algorithm of no such name, of another issuer", async () => {
    const keyServer = await startKeyServer(first.published());
    keyServer.metadata = { issuer: "https://elsewhere.example", id_token_signing_alg_values_supported: ["RSA256"] };
    expect(await aVerifier([keyServer.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });

  it.each([
    ["without an algorithm", {}],
    ["that names RS256", { alg: "RS256" }],
    ["without a use", { use: undefined }],
    ["with properties that nobody knows", { endorsements: ["msteams"], issuer: "x" }],
  ])("takes a key %s", async (_what, more) => {
    const keyServer = await startKeyServer(first.published(more));
    expect(await aVerifier([keyServer.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });

  it("goes where the metadata have moved to", async () => {
    const keyServer = await startKeyServer(first.published());
    const old = await startKeyServer();
    old.behaviour = (response) => response.writeHead(301, { location: keyServer.metadataUrl }).end();
    expect(await aVerifier([old.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });

  it("finds the key among a dozen", async () => {
    const others = Array.from({ length: 11 }, (_, index) => second.published({ kid: `other-${index}` }));
    const keyServer = await startKeyServer(...others, first.published());
    expect(await aVerifier([keyServer.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });

  it("is not misled by keys of the same id that cannot verify RS256, nor by keys of no known kind", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const keyServer = await startKeyServer(
      first.published(),
      { ...publicKey.export({ format: "jwk" }), kid: first.kid },
      second.published({ kid: first.kid, use: "enc" }),
      { kty: "of next year", kid: first.kid },
    );
    expect(await aVerifier([keyServer.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });
});

describe("SigningKeys.find", () => {
  it("fetches once for fifty first tokens at a time", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    const token = await first.sign();
    const verified = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)));
    expect(verified).toEqual(Array.from({ length: 50 }, () => GOOD));
    expect(keyServer.requests).toHaveLength(2);
  });

  it("fetches anew when a token names a key that it does not know", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    keyServer.keys = [first.published(), second.published()];
    verifier.pass(MINUTE);
    expect(await verifier.verify(await second.sign())).toEqual(GOOD);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
    expect(fetches(keyServer)).toBe(2);
  });

  it("is not driven to fetch by tokens that name keys which nobody published", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    verifier.pass(MINUTE);
    for (let index = 0; index < 20; index++) {
      const junk = await never.sign({}, { kid: `junk-${index}` });
      await expect(verifier.verify(junk)).rejects.toMatchObject(UNAUTHORIZED);
    }
    expect(fetches(keyServer)).toBe(2);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);

    verifier.pass(MINUTE);
    await expect(verifier.verify(await never.sign())).rejects.toMatchObject(UNAUTHORIZED);
    expect(fetches(keyServer)).toBe(3);
  });

  it("still finds a new key after a storm of junk, once the cooldown is over", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    verifier.pass(MINUTE);
    await expect(verifier.verify(await never.sign())).rejects.toMatchObject(UNAUTHORIZED);
    keyServer.keys = [second.published()];
    await expect(verifier.verify(await second.sign())).rejects.toMatchObject(UNAUTHORIZED);
    verifier.pass(MINUTE);
    expect(await verifier.verify(await second.sign())).toEqual(GOOD);
  });

  it("fetches old keys anew behind the caller's back", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    verifier.pass(3 * HOUR);
    keyServer.behaviour = "hang";
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
    await expect.poll(() => keyServer.requests.length).toBe(3);
  });

  it("no longer takes a key that was withdrawn, once keys were fetched anew", async () => {
    const keyServer = await startKeyServer(first.published(), second.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    keyServer.keys = [second.published()];
    await verifier.keys.fetch();
    verifier.pass(MINUTE);
    await expect(verifier.verify(await first.sign())).rejects.toMatchObject(UNAUTHORIZED);
  });
});

describe("SigningKeys, from several metadata addresses", () => {
  it("goes on with the keys of one when the other is dead", async () => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([await aDeadAddress(), keyServer.metadataUrl]);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
  });

  it("takes the keys of both", async () => {
    const [one, other] = await Promise.all([startKeyServer(first.published()), startKeyServer(second.published())]);
    const verifier = aVerifier([one.metadataUrl, other.metadataUrl]);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
    expect(await verifier.verify(await second.sign())).toEqual(GOOD);
  });

  it("takes a key that both publish", async () => {
    const [one, other] = await Promise.all([startKeyServer(first.published()), startKeyServer(first.published())]);
    expect(await aVerifier([one.metadataUrl, other.metadataUrl]).verify(await first.sign())).toEqual(GOOD);
  });

  it("remembers the keys of one that died while the other goes on", async () => {
    const [one, other] = await Promise.all([startKeyServer(first.published()), startKeyServer(second.published())]);
    const verifier = aVerifier([one.metadataUrl, other.metadataUrl]);
    await verifier.keys.warm();
    one.behaviour = "fail";
    await verifier.keys.fetch();
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
  });
});

describe("SigningKeys, when they cannot be had", () => {
  const TROUBLES: readonly [string, Behaviour][] = [
    ["refuses", "fail"],
    ["sends HTML", (response) => response.end("<html></html>")],
    ["sends JSON that is cut off", (response) => response.end('{"keys":[')],
    ["sends JSON of another form", (response) => response.end("[]")],
    ["sends nothing", (response) => response.end()],
    ["breaks the connection", (response) => response.socket?.destroy()],
    ["names an address that is none", (response) => response.end('{"jwks_uri":"keys"}')],
  ];

  it.each(TROUBLES)(
    "says so from the start when the key server %s, and asks again for the next token",
    async (_what, behaviour) => {
      const keyServer = await startKeyServer(first.published());
      keyServer.behaviour = behaviour;
      const verifier = aVerifier([keyServer.metadataUrl]);
      await expect(verifier.verify(await first.sign())).rejects.toMatchObject(KEYS_UNAVAILABLE);
      await expect(verifier.keys.warm()).rejects.toMatchObject(KEYS_UNAVAILABLE);
      keyServer.behaviour = "serve";
      expect(await verifier.verify(await first.sign())).toEqual(GOOD);
    },
  );

  it.each(TROUBLES)("goes on with the keys that it knows when the key server %s later", async (_what, behaviour) => {
    const keyServer = await startKeyServer(first.published());
    const verifier = aVerifier([keyServer.metadataUrl]);
    await verifier.verify(await first.sign());
    keyServer.behaviour = behaviour;
    verifier.pass(24 * HOUR);
    await expect(verifier.verify(await second.sign())).rejects.toMatchObject(UNAUTHORIZED);
    expect(await verifier.verify(await first.sign())).toEqual(GOOD);
  });

  it("says so when the key server only sends it on and on", async () => {
    const keyServer = await startKeyServer(first.published());
    keyServer.behaviour = (response) => response.writeHead(302, { location: "/v1/round" }).end();
    await expect(aVerifier([keyServer.metadataUrl]).verify(await first.sign())).rejects.toMatchObject(KEYS_UNAVAILABLE);
    expect(keyServer.requests.length).toBe(4);
  });

  it("says so when nothing listens there, with the reason as cause", async () => {
    const verifier = aVerifier([await aDeadAddress(), await aDeadAddress()]);
    await expect(verifier.verify(await first.sign())).rejects.toMatchObject({
      ...KEYS_UNAVAILABLE,
      cause: { message: expect.any(String) },
    });
  });

  it("ends with the deadline when the key server hangs, as a fault that is not the sender's", async () => {
    const keyServer = await startKeyServer(first.published());
    keyServer.behaviour = "hang";
    const verifier = aVerifier([keyServer.metadataUrl]);
    await expect(verifier.verify(await first.sign(), 200)).rejects.toMatchObject({ name: "Fault", code: "late" });
    expect(keyServer.requests).toHaveLength(1);
  });

  it("refuses an empty key set as it refuses an unknown key", async () => {
    const keyServer = await startKeyServer();
    await expect(aVerifier([keyServer.metadataUrl]).verify(await first.sign())).rejects.toMatchObject(UNAUTHORIZED);
  });
});
