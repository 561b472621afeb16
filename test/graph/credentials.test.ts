import { randomUUID, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BotCredential } from "../../src/config.ts";
import { CLOUDS, localCloud } from "../../src/graph/clouds.ts";
import { graphCredential, tablesCredential } from "../../src/graph/credentials.ts";
import { ENTRA_TOKEN, IDENTITY_SECRET, IDENTITY_TOKEN, useFakeEntra } from "./fake-entra.ts";
import { selfSigned } from "./self-signed.ts";

const BOT = "24701998-1a73-4d42-8085-bf46ed0ae039";
const IDENTITY = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const CONTOSO = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const FABRIKAM = "54a1b54f-9133-52a1-81d4-11a3ba2ede7e";

const entra = useFakeEntra();

/** How a bot with this credential signs in to Graph. */
function signIn(credential: BotCredential, cloud: keyof typeof CLOUDS = "global") {
  return graphCredential({ botAppId: BOT, credential, cloud: CLOUDS[cloud] });
}

/** What the bot sends to Entra for a token. */
async function requestFor(credential: BotCredential, tenantId: string, cloud: keyof typeof CLOUDS = "global") {
  const scope = `${CLOUDS[cloud].graphRoot}/.default`;
  const token = await signIn(credential, cloud)(tenantId).getToken(scope);
  expect(token?.token).toBe(ENTRA_TOKEN);
  const [request, ...more] = entra().tokenRequests;
  expect(more).toEqual([]);
  if (request === undefined) throw new Error("Entra was not asked");
  expect(request.form.get("client_id")).toBe(BOT);
  expect(request.form.get("grant_type")).toBe("client_credentials");
  expect(request.form.get("scope")).toContain(scope);
  return request;
}

const CLOUDS_AND_AUTHORITIES = [
  { cloud: "global", authority: "https://login.microsoftonline.com", audience: "api://AzureADTokenExchange" },
  { cloud: "usgov", authority: "https://login.microsoftonline.us", audience: "api://AzureADTokenExchangeUSGov" },
  { cloud: "usgovdod", authority: "https://login.microsoftonline.us", audience: "api://AzureADTokenExchangeUSGov" },
] as const;

describe("graphCredential with a secret", () => {
  it.each(CLOUDS_AND_AUTHORITIES)("asks $cloud's authority at the call's tenant", async ({ cloud, authority }) => {
    const { url, form } = await requestFor({ kind: "secret", secret: "s3cret" }, FABRIKAM, cloud);
    expect(url).toMatch(new RegExp(`^${authority}/${FABRIKAM}/`));
    expect(form.get("client_secret")).toBe("s3cret");
  });

  it("is a credential of each tenant", () => {
    const credentialFor = signIn({ kind: "secret", secret: "s3cret" });
    expect(credentialFor(CONTOSO)).not.toBe(credentialFor(FABRIKAM));
  });
});

describe("graphCredential with a certificate", () => {
  it("takes the certificate itself as well as a file of it", async () => {
    const { cert, key } = selfSigned("bot.contoso.com");
    const { form } = await requestFor({ kind: "certificate", pem: `${key}${cert}` }, FABRIKAM);
    expect(decodeJwt(form.get("client_assertion") ?? "")).toMatchObject({ iss: BOT, sub: BOT });
  });

  it("signs an assertion with the certificate in the file, and does not send its key", async () => {
    const { cert, key } = selfSigned("bot.contoso.com");
    const directory = mkdtempSync(join(tmpdir(), "ringroute-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const path = join(directory, "bot.pem");
    writeFileSync(path, `${key}${cert}`);
    const { url, form } = await requestFor({ kind: "certificate", path }, CONTOSO);
    expect(url).toMatch(new RegExp(`^https://login.microsoftonline.com/${CONTOSO}/`));
    const assertion = form.get("client_assertion") ?? "";
    expect(decodeJwt(assertion)).toMatchObject({ iss: BOT, sub: BOT });
    const thumbprint = new X509Certificate(cert).fingerprint256.replaceAll(":", "");
    expect(decodeProtectedHeader(assertion)).toMatchObject({
      "x5t#S256": Buffer.from(thumbprint, "hex").toString("base64url"),
    });
  });
});

describe("graphCredential, federated", () => {
  it.each(CLOUDS_AND_AUTHORITIES)(
    "exchanges the identity's token for $audience at $cloud's authority and the call's tenant",
    async ({ cloud, authority, audience }) => {
      // An identity for each cloud: its library remembers tokens for all of a process.
      const managedIdentityClientId = randomUUID();
      const { url, form } = await requestFor({ kind: "federated", managedIdentityClientId }, FABRIKAM, cloud);
      expect(url).toMatch(new RegExp(`^${authority}/${FABRIKAM}/`));
      expect(form.get("client_assertion")).toBe(IDENTITY_TOKEN);
      expect(form.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      expect(form.has("client_secret")).toBe(false);
      expect(entra().identityRequests).toEqual([
        { resource: audience, clientId: managedIdentityClientId, secretHeader: IDENTITY_SECRET },
      ]);
    },
  );

  it("is a credential of each tenant", () => {
    const credentialFor = signIn({ kind: "federated", managedIdentityClientId: IDENTITY });
    expect(credentialFor(CONTOSO)).not.toBe(credentialFor(FABRIKAM));
  });
});

describe("graphCredential with a managed identity", () => {
  it.each(CLOUDS_AND_AUTHORITIES)(
    "asks the machine's identity for $cloud's Graph, and not Entra",
    async ({ cloud }) => {
      const { graphRoot } = CLOUDS[cloud];
      const credential = signIn({ kind: "managed-identity" }, cloud)(CONTOSO);
      expect((await credential.getToken(`${graphRoot}/.default`))?.token).toBe(IDENTITY_TOKEN);
      expect(entra().identityRequests).toEqual([{ resource: graphRoot, clientId: BOT, secretHeader: IDENTITY_SECRET }]);
      expect(entra().tokenRequests).toEqual([]);
    },
  );
});

describe("graphCredential of the local stack", () => {
  const cloud = localCloud("http://127.0.0.1:7072");
  const scope = "http://127.0.0.1:7072/.default";
  const local = (asksIdentity: boolean) =>
    graphCredential({ botAppId: BOT, credential: { kind: "local", asksIdentity }, cloud })(CONTOSO);

  it("gives the one token that its Graph takes, and asks nobody", async () => {
    expect((await local(false).getToken(scope))?.token).toBe("local-stack");
    expect(entra()).toEqual({ tokenRequests: [], identityRequests: [] });
  });

  it("asks the machine's identity where that is set, and not Entra", async () => {
    expect((await local(true).getToken(scope))?.token).toBe(IDENTITY_TOKEN);
    expect(entra().identityRequests).toMatchObject([{ resource: cloud.graphRoot, clientId: BOT }]);
    expect(entra().tokenRequests).toEqual([]);
  });
});

describe("tablesCredential", () => {
  const named = { managedIdentityClientId: IDENTITY };
  it.each<{ credential: BotCredential; named: Partial<typeof named>; clientId: string | null }>([
    { credential: { kind: "federated", ...named }, named, clientId: IDENTITY },
    { credential: { kind: "managed-identity" }, named: {}, clientId: BOT },
    { credential: { kind: "secret", secret: "s3cret" }, named, clientId: IDENTITY },
    { credential: { kind: "certificate", path: "bot.pem" }, named: {}, clientId: null },
  ])("is the machine's identity $clientId with $credential.kind", async ({ credential, named, clientId }) => {
    // A resource for each case: the identity's library remembers tokens for all of a process.
    const resource = `https://${credential.kind}.storage.azure.com`;
    const token = await tablesCredential({ botAppId: BOT, credential, ...named }).getToken(`${resource}/.default`);
    expect(token?.token).toBe(IDENTITY_TOKEN);
    expect(entra().identityRequests).toMatchObject([{ resource, clientId }]);
    expect(entra().tokenRequests).toEqual([]);
  });
});
