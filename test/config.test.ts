import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../src/config.ts";
import { MARKS_OF_AZURE, SETTING_NAMES } from "../src/settings.ts";

const BOT = "24701998-1a73-4d42-8085-bf46ed0ae039";
const CONTOSO = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const FABRIKAM = "54a1b54f-9133-52a1-81d4-11a3ba2ede7e";
const IDENTITY = "6d17c2f5-eac8-588b-835e-843f1323bef3";

type Settings = Readonly<Record<string, string | undefined>>;

/** What must be set in Azure, and what the test is about. */
function settings(more: Settings = {}): Settings {
  return {
    BOT_APP_ID: BOT,
    BOT_TENANT_ID: CONTOSO,
    MANAGED_IDENTITY_CLIENT_ID: IDENTITY,
    TABLES_ENDPOINT: "https://contoso.table.core.windows.net",
    CALLBACK_BASE_URL: "https://bot.contoso.com",
    ...more,
  };
}

/** What must be set for the local stack, and what the test is about. */
function localSettings(more: Settings = {}): Settings {
  return {
    CLOUD: "local",
    LOCAL_STACK_URL: "http://127.0.0.1:7072",
    BOT_APP_ID: BOT,
    BOT_TENANT_ID: CONTOSO,
    TABLES_CONNECTION_STRING: "UseDevelopmentStorage=true",
    CALLBACK_BASE_URL: "https://bot.contoso.com",
    ...more,
  };
}

function faultsOf(environment: Settings): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  it("needs no more than who the bot is, its tables and its address", () => {
    expect(loadConfig(settings())).toMatchObject({
      botAppId: BOT,
      botTenantId: CONTOSO,
      credential: { kind: "federated", managedIdentityClientId: IDENTITY },
      cloud: { graphRoot: "https://graph.microsoft.com" },
      tables: { endpoint: "https://contoso.table.core.windows.net" },
      callbackBaseUrl: "https://bot.contoso.com",
      allowedTenants: new Set([CONTOSO]),
      fallbackTargets: [],
      deadlineMs: 10_000,
      routesCacheMs: 5000,
      callsRetentionDays: 30,
      maskCallers: false,
    });
    expect(loadConfig(settings())).not.toHaveProperty("defaultRegion");
  });

  it("loads the sample settings as they are", () => {
    const sample: { Values: Record<string, string> } = JSON.parse(
      readFileSync(new URL("../local.settings.sample.json", import.meta.url), "utf8"),
    );
    expect(loadConfig(sample.Values)).toMatchObject({
      credential: { kind: "local", asksIdentity: false },
      cloud: { graphRoot: "http://127.0.0.1:7072" },
      tables: { connectionString: "UseDevelopmentStorage=true" },
      defaultRegion: "US",
    });
  });

  it.each<[string, Settings, object]>([
    ["BOT_APP_ID in capitals and braces", { BOT_APP_ID: ` {${BOT.toUpperCase()}} ` }, { botAppId: BOT }],
    ["a region in small letters", { DEFAULT_REGION: "gb" }, { defaultRegion: "GB" }],
    ["a blank setting as none", { DEADLINE_SECONDS: "  " }, { deadlineMs: 10_000 }],
    ["a deadline", { DEADLINE_SECONDS: "8.5" }, { deadlineMs: 8500 }],
    ["rows read on every call", { ROUTES_CACHE_SECONDS: "0" }, { routesCacheMs: 0 }],
    ["a retention period", { CALLS_RETENTION_DAYS: "365" }, { callsRetentionDays: 365 }],
    ["masking", { MASK_CALLERS: "True" }, { maskCallers: true }],
    ["no masking", { MASK_CALLERS: "0" }, { maskCallers: false }],
    [
      "several tenants, and not the bot's own unless it is named",
      { ALLOWED_TENANTS: `${FABRIKAM.toUpperCase()} , ${IDENTITY}` },
      { allowedTenants: new Set([FABRIKAM, IDENTITY]) },
    ],
    [
      "fallback targets, with numbers as the region spells them",
      { DEFAULT_REGION: "US", FALLBACK_TARGET: `phone:(425) 555-0100, user:${IDENTITY}` },
      {
        fallbackTargets: [
          { kind: "phone", id: "+14255550100", weight: 1 },
          { kind: "user", id: IDENTITY, weight: 1 },
        ],
      },
    ],
    [
      "metadata addresses and issuers in place of the cloud's",
      { OPENID_METADATA_URLS: "https://a.example/m,https://b.example/m/", TOKEN_ISSUERS: "https://issuer.example" },
      { cloud: { metadataUrls: ["https://a.example/m", "https://b.example/m"], issuers: ["https://issuer.example"] } },
    ],
    ["the US Government's cloud", { CLOUD: "USGov" }, { cloud: { graphRoot: "https://graph.microsoft.us" } }],
    ["the cloud of its DoD", { CLOUD: "usgovdod" }, { cloud: { graphRoot: "https://dod-graph.microsoft.us" } }],
    [
      "an address with a slash at its end",
      { CALLBACK_BASE_URL: "https://b.example/" },
      { callbackBaseUrl: "https://b.example" },
    ],
    [
      "the site's own host name",
      { CALLBACK_BASE_URL: "", WEBSITE_HOSTNAME: "ringroute.azurewebsites.net" },
      { callbackBaseUrl: "https://ringroute.azurewebsites.net" },
    ],
    [
      "an address in place of the site's host name",
      { CALLBACK_BASE_URL: "https://b.example", WEBSITE_HOSTNAME: "ringroute.azurewebsites.net" },
      { callbackBaseUrl: "https://b.example" },
    ],
    [
      "a connection string",
      { TABLES_ENDPOINT: undefined, TABLES_CONNECTION_STRING: "AccountName=contoso;AccountKey=c2VjcmV0" },
      { tables: { connectionString: "AccountName=contoso;AccountKey=c2VjcmV0" } },
    ],
    ["a managed identity", { BOT_CREDENTIAL: "managed-identity" }, { credential: { kind: "managed-identity" } }],
    [
      "a certificate",
      { BOT_CREDENTIAL: "certificate", BOT_CERTIFICATE_PATH: "/var/bot.pem" },
      { credential: { kind: "certificate", path: "/var/bot.pem" } },
    ],
    [
      "a certificate itself, as a reference to Key Vault gives it",
      { BOT_CREDENTIAL: "certificate", BOT_CERTIFICATE_PATH: "-----BEGIN PRIVATE KEY-----" },
      { credential: { kind: "certificate", pem: "-----BEGIN PRIVATE KEY-----" } },
    ],
    [
      "the identity that reaches the tables, whatever the bot signs in with",
      { BOT_CREDENTIAL: "Secret", BOT_CLIENT_SECRET: "s3cret" },
      { managedIdentityClientId: IDENTITY },
    ],
    [
      "a secret",
      { BOT_CREDENTIAL: "Secret", BOT_CLIENT_SECRET: "s3cret" },
      { credential: { kind: "secret", secret: "s3cret" } },
    ],
  ])("reads %s", (_what, more, expected) => {
    expect(loadConfig(settings(more))).toMatchObject(expected);
  });

  it.each<{ name: string; value: string; use: string; more?: Settings }>([
    { name: "BOT_APP_ID", value: "ringroute", use: "an id such as" },
    { name: "BOT_TENANT_ID", value: "contoso.onmicrosoft.com", use: "an id such as" },
    { name: "BOT_CREDENTIAL", value: "password", use: "federated, managed-identity, certificate, secret" },
    { name: "MANAGED_IDENTITY_CLIENT_ID", value: "the-identity", use: "an id such as" },
    { name: "TABLES_ENDPOINT", value: "http://contoso.table.core.windows.net", use: "https://" },
    { name: "TABLES_ENDPOINT", value: "contoso", use: "https://" },
    { name: "CALLBACK_BASE_URL", value: "http://bot.contoso.com", use: "https://" },
    { name: "CLOUD", value: "usgovt", use: "global, usgov, usgovdod, or local" },
    { name: "CLOUD", value: "china", use: "global, usgov, usgovdod" },
    { name: "OPENID_METADATA_URLS", value: "https://a.example, b.example", use: "https://" },
    { name: "OPENID_METADATA_URLS", value: "http://127.0.0.1:7072/m", use: "https://" },
    { name: "TOKEN_ISSUERS", value: "api.botframework.com", use: "https://" },
    { name: "ALLOWED_TENANTS", value: `${CONTOSO};${FABRIKAM}`, use: "commas" },
    { name: "ALLOWED_TENANTS", value: "*", use: "an id such as" },
    { name: "FALLBACK_TARGET", value: "reception", use: "user:ID, phone:NUMBER, app:ID or resource:ID" },
    { name: "DEFAULT_REGION", value: "Germany", use: "two letters" },
    { name: "DEFAULT_REGION", value: "XX", use: "two letters" },
    { name: "DEADLINE_SECONDS", value: "15", use: "from 1 to 14" },
    { name: "DEADLINE_SECONDS", value: "ten", use: "from 1 to 14" },
    { name: "DEADLINE_SECONDS", value: "10s", use: "from 1 to 14" },
    { name: "ROUTES_CACHE_SECONDS", value: "-1", use: "from 0 to" },
    { name: "CALLS_RETENTION_DAYS", value: "0", use: "from 1 to" },
    { name: "CALLS_RETENTION_DAYS", value: "Infinity", use: "from 1 to" },
    { name: "MASK_CALLERS", value: "maybe", use: "true or false" },
  ])("says that $name is $value, and what to use", ({ name, value, use, more }) => {
    const faults = faultsOf(settings({ [name]: value, ...more }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${name} is "${value}"`);
    expect(faults[0]).toContain(use);
  });

  it.each<[string, Settings, string]>([
    ["BOT_APP_ID", { BOT_APP_ID: undefined }, "BOT_APP_ID is not set"],
    ["BOT_TENANT_ID", { BOT_TENANT_ID: " " }, "BOT_TENANT_ID is not set"],
    [
      "the identity",
      { MANAGED_IDENTITY_CLIENT_ID: "" },
      "MANAGED_IDENTITY_CLIENT_ID is not set, which BOT_CREDENTIAL=federated needs",
    ],
    [
      "the certificate",
      { BOT_CREDENTIAL: "certificate" },
      "BOT_CERTIFICATE_PATH is not set, which BOT_CREDENTIAL=certificate needs",
    ],
    ["the secret", { BOT_CREDENTIAL: "secret" }, "BOT_CLIENT_SECRET is not set, which BOT_CREDENTIAL=secret needs"],
    ["every address of tables", { TABLES_ENDPOINT: undefined }, "TABLES_ENDPOINT is not set"],
    ["an address for callbacks", { CALLBACK_BASE_URL: undefined }, "CALLBACK_BASE_URL is not set"],
  ])("says that %s is missing", (_what, more, fault) => {
    expect(faultsOf(settings(more))).toEqual([expect.stringContaining(fault)]);
  });

  it("does not choose between two addresses of tables", () => {
    expect(faultsOf(settings({ TABLES_CONNECTION_STRING: "UseDevelopmentStorage=true" }))).toEqual([
      expect.stringMatching(/TABLES_ENDPOINT and TABLES_CONNECTION_STRING are both set/),
    ]);
  });
});

describe("loadConfig, about the local stack", () => {
  it.each(["http://127.0.0.1:7072", "http://localhost:7072", "http://[::1]:7072", "http://127.8.9.1"])(
    "takes %s",
    (url) => {
      expect(loadConfig(localSettings({ LOCAL_STACK_URL: url })).cloud).toMatchObject({
        graphRoot: url,
        metadataUrls: [`${url}/v1/.well-known/OpenIdConfiguration`],
      });
    },
  );

  it.each([
    "http://192.168.0.1:7072",
    "http://0.0.0.0:7072",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://example.com/127.0.0.1",
    "http://127.0.0.1@example.com",
    "ftp://127.0.0.1",
    "127.0.0.1:7072",
  ])("refuses %s, which is not on this machine", (url) => {
    expect(faultsOf(localSettings({ LOCAL_STACK_URL: url }))).toEqual([
      expect.stringContaining(`"${url}"; use the loopback`),
    ]);
  });

  it("needs its address", () => {
    expect(faultsOf(localSettings({ LOCAL_STACK_URL: undefined }))).toEqual([
      expect.stringContaining("LOCAL_STACK_URL is not set, which CLOUD=local needs"),
    ]);
  });

  it.each(MARKS_OF_AZURE)("is refused where %s says that the app runs in Azure", (mark) => {
    expect(faultsOf(localSettings({ [mark]: "x" }))).toEqual([expect.stringContaining("refused in Azure")]);
  });

  it.each([undefined, "global", "usgov"])("has its address refused with CLOUD %s", (cloud) => {
    expect(faultsOf(settings({ CLOUD: cloud, LOCAL_STACK_URL: "http://127.0.0.1:7072" }))).toEqual([
      expect.stringContaining("LOCAL_STACK_URL is set, but counts only with CLOUD=local"),
    ]);
  });

  it("has no secret of the bot's, whatever is set", () => {
    const more = { BOT_CREDENTIAL: "secret", BOT_CLIENT_SECRET: "s3cret" };
    expect(loadConfig(localSettings(more)).credential).toEqual({ kind: "local", asksIdentity: false });
  });

  it("signs in by the machine's managed identity where that is set", () => {
    const more = { BOT_CREDENTIAL: "Managed-Identity" };
    expect(loadConfig(localSettings(more)).credential).toEqual({ kind: "local", asksIdentity: true });
  });
});

describe("ConfigError", () => {
  it("names every setting at fault in one message", () => {
    const environment = {
      ...settings(),
      BOT_APP_ID: "x",
      BOT_TENANT_ID: undefined,
      DEADLINE_SECONDS: "60",
      CLOUD: "moon",
    };
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(4);
    const { message } = new ConfigError(faults);
    for (const name of ["BOT_APP_ID", "BOT_TENANT_ID", "DEADLINE_SECONDS", "CLOUD"]) expect(message).toContain(name);
    expect(message).toContain("4 settings are wrong");
  });

  it("shows no secret, right or wrong, wherever it was put", () => {
    const secret = "AccountName=contoso;AccountKey=bm90LWZvci1sb2dz";
    for (const name of ["TABLES_CONNECTION_STRING", "TABLES_ENDPOINT"]) {
      for (const value of [secret, `Broken ${secret.replace("Name", "Nom")}`]) {
        const faults = faultsOf({ ...settings({ TABLES_ENDPOINT: undefined, [name]: value }), BOT_APP_ID: "x" });
        expect(faults.join("\n")).not.toContain("bm90LWZvci1sb2dz");
      }
    }
    const faults = faultsOf(settings({ BOT_APP_ID: "x", BOT_CREDENTIAL: "secret", BOT_CLIENT_SECRET: "s3cret" }));
    expect(faults.join("\n")).not.toContain("s3cret");
  });

  it("is all that loadConfig ever throws", () => {
    const anySettings = fc.dictionary(
      fc.constantFrom(...SETTING_NAMES, ...MARKS_OF_AZURE, "WEBSITE_HOSTNAME"),
      fc.string(),
    );
    fc.assert(
      fc.property(anySettings, fc.boolean(), (odd, local) => {
        const environment = local ? localSettings(odd) : settings(odd);
        for (const fault of faultsOf(environment)) expect(fault).toMatch(/^[A-Z_]+ (is|holds|and) /);
      }),
    );
  });
});
