import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CONTOSO, FABRIKAM, useStack } from "../support/stack.ts";

const stack = useStack();

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../fixtures/notifications/${name}.json`, import.meta.url));
}

const ROSTER = fixture("participants-roster-array");

describe("who may post", () => {
  it("takes a token of the platform", async () => {
    expect((await stack().post(ROSTER)).status).toBe(202);
  });

  it.each([
    ["no token", null],
    ["no JWT", "junk"],
  ])("refuses %s", async (_, token) => {
    const response = await stack().post(ROSTER, { token });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await response.text()).toBe("");
  });

  it.each([
    ["another audience", { aud: "00000000-0000-0000-0000-000000000000" }],
    ["another issuer", { iss: "https://sts.windows.net/87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98/" }],
    ["an expired token", { expiresInSeconds: -600 }],
    ["alg none", { alg: "none" }],
    ["HS256 with the public key", { alg: "HS256" }],
    ["HS256 with the public key's bytes", { alg: "HS256", hmacKey: "der" }],
    ["a key that nobody published", { signedBy: "unpublished" }],
    ["a known kid on another key's signature", { signedBy: "unpublished", kid: "current" }],
  ] as const)("refuses %s", async (_, overrides) => {
    const response = await stack().post(ROSTER, { token: await stack().simulator.issueToken(overrides) });
    expect(response.status).toBe(401);
  });

  it("does not look at the body of a post that it refuses", async () => {
    expect((await stack().post("not JSON", { token: null })).status).toBe(401);
    expect((await stack().post("x".repeat(300_000), { token: null })).status).toBe(401);
  });

  it("takes a token without a tenant", async () => {
    const token = await stack().simulator.issueToken({ tid: null });
    expect((await stack().post(ROSTER, { token })).status).toBe(202);
  });
});

describe("what may be posted", () => {
  it.each([
    ["malformed-truncated", 400],
    ["malformed-empty-body", 400],
    ["malformed-top-level-array", 400],
    ["malformed-docs-webhook-page", 400],
    ["malformed-trailing-comma-as-printed", 400],
    ["legacy-one-to-one-2020", 204],
    ["legacy-group-2017", 204],
    ["empty-value", 202],
    ["value-null", 202],
    ["content-sharing-no-resourcedata", 202],
    ["hostile-path-traversal-id", 202],
  ])("answers %s with %i", async (name, status) => {
    expect((await stack().post(fixture(name))).status).toBe(status);
  });

  it("says what is wrong with a body", async () => {
    const response = await stack().post(fixture("malformed-empty-body"));
    expect(await response.json()).toEqual({ error: "the body is empty" });
  });

  it("answers the legacy format with nothing, so that Graph's comes", async () => {
    expect(await (await stack().post(fixture("legacy-one-to-one-2020"))).text()).toBe("");
  });

  it("takes 256 KiB and no more", async () => {
    const padded = (bytes: number) => `{"value":[]${" ".repeat(bytes - 12)}}`;
    expect((await stack().post(padded(256 * 1024))).status).toBe(202);
    expect((await stack().post(padded(256 * 1024 + 1))).status).toBe(413);
  });

  it("never asks Graph about an id that climbs out of its path", async () => {
    const before = stack().graphRequests.length;
    await stack().post(fixture("hostile-path-traversal-id"));
    expect(stack().graphRequests.length).toBe(before);
    expect(stack().logged("entry_unreadable").length).toBeGreaterThan(0);
  });

  it("answers only posts", async () => {
    expect((await fetch(`${stack().host.url}/api/calls`)).status).toBe(404);
  });
});

describe("whose calls are taken", () => {
  it("refuses a delivery that holds nothing but other tenants' calls", async () => {
    const body = fixture("incoming-user-to-application-with-tenant");
    const foreign = Buffer.from(body).toString("utf8").replaceAll(CONTOSO, FABRIKAM);
    expect((await stack().post(foreign)).status).toBe(403);
    expect(stack().logged("entry_refused").at(-1)).toMatchObject({ tenantId: FABRIKAM });
  });

  it("goes by the token's tenant where the call names none", async () => {
    const token = await stack().simulator.issueToken({ tid: FABRIKAM });
    expect((await stack().post(fixture("incoming-user-to-application"), { token })).status).toBe(403);
  });
});

describe("GET /api/health", () => {
  it("says that the app is up, and in which version", async () => {
    const response = await fetch(`${stack().host.url}/api/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "up", version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });
});
