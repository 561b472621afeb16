import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EXAMPLES } from "../../infra/bicep.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { CLOUDS } from "../../src/graph/clouds.ts";
import { SETTING_NAMES } from "../../src/settings.ts";
import { TABLE_NAMES } from "../../src/store/tables.ts";
import { accountOf, ofType, readSnapshot, SNAPSHOTS, type Snapshot, settingsOf, theOne, toldOf } from "./templates.ts";

/** What the Functions host reads. */
const OF_THE_HOST = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
];
/** Settings that only the local stack uses: a key, and an address on this machine. */
const LOCAL_ONLY: readonly string[] = ["LOCAL_STACK_URL", "TABLES_CONNECTION_STRING"];

const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** The settings as the app reads them: with what Azure and the vault put in the place of expressions. */
function configOf(found: Snapshot): Config {
  const identity = theOne(found, IDENTITY);
  const filledIn = new Map([
    [`[${toldOf(identity, "clientId")}]`, "99999999-9999-9999-9999-999999999999"],
    [`[${toldOf(accountOf(found, "tables"), "primaryEndpoints.table")}]`, "https://contoso.table.core.windows.net/"],
  ]);
  const values = [...settingsOf(found)].map(([name, value]): [string, string] => [
    name,
    filledIn.get(value) ?? (value.includes("@Microsoft.KeyVault(") ? "-----BEGIN PRIVATE KEY-----" : value),
  ]);
  return loadConfig({ ...Object.fromEntries(values), WEBSITE_HOSTNAME: "bot.contoso.com" });
}

describe.each(SNAPSHOTS)("what %s.bicepparam deploys", (_, found) => {
  const settings = settingsOf(found);
  const identity = theOne(found, IDENTITY);
  const site = theOne(found, "Microsoft.Web/sites");

  it("sets what the app and the host know, and nothing else", () => {
    const known = SETTING_NAMES.filter((setting) => !LOCAL_ONLY.includes(setting));
    expect([...settings.keys()].sort()).toEqual([...known, ...OF_THE_HOST].sort());
  });

  it("sets values with which the app starts, in the cloud that it names", () => {
    const config = configOf(found);
    expect(config.credential.kind).toBe(settings.get("BOT_CREDENTIAL"));
    const [, cloud] = Object.entries(CLOUDS).find(([name]) => name === settings.get("CLOUD")) ?? [];
    expect(config.cloud.graphRoot).toBe(cloud?.graphRoot);
    expect(config.managedIdentityClientId).toBe("99999999-9999-9999-9999-999999999999");
  });

  it("lets the host into its account and its telemetry by the app's identity, not by a key", () => {
    const clientId = toldOf(identity, "clientId");
    expect(settings.get("AzureWebJobsStorage__credential")).toBe("managedidentity");
    expect(settings.get("AzureWebJobsStorage__clientId")).toBe(`[${clientId}]`);
    const blobs = toldOf(accountOf(found, "host"), "primaryEndpoints.blob");
    expect(settings.get("AzureWebJobsStorage__blobServiceUri")).toBe(`[${blobs}]`);
    expect(settings.get("APPLICATIONINSIGHTS_AUTHENTICATION_STRING")).toBe(
      `[format('ClientId={0};Authorization=AAD', ${clientId})]`,
    );
  });

  it("gives the site one identity, by which it also reads the vault and its package", () => {
    expect(site.identity).toEqual({ type: "UserAssigned", userAssignedIdentities: { [identity.id]: {} } });
    expect(site.properties).toMatchObject({
      keyVaultReferenceIdentity: identity.id,
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
          },
        },
      },
    });
  });

  it("takes its package from the container that is declared, which is not public", () => {
    const account = accountOf(found, "host");
    const container = theOne(found, "Microsoft.Storage/storageAccounts/blobServices/containers");
    const name = container.id.replace(`${account.id}/blobServices/default/containers/`, "");
    expect(name).toMatch(/^[a-z-]+$/);
    expect(container.properties).toEqual({ publicAccess: "None" });
    const value = `[format('{0}{1}', ${toldOf(account, "primaryEndpoints.blob")}, '${name}')]`;
    expect(site.properties).toMatchObject({ functionAppConfig: { deployment: { storage: { value } } } });
  });

  it("is replaced instance by instance, with one that is always ready", () => {
    const { functionAppConfig } = z
      .object({
        functionAppConfig: z.object({
          siteUpdateStrategy: z.object({ type: z.string() }),
          runtime: z.object({ name: z.string() }),
          scaleAndConcurrency: z.object({
            alwaysReady: z.tuple([z.object({ name: z.literal("http"), instanceCount: z.number() })]),
          }),
        }),
      })
      .parse(site.properties);
    expect(functionAppConfig.siteUpdateStrategy.type).toBe("RollingUpdate");
    expect(functionAppConfig.runtime.name).toBe("node");
    expect(functionAppConfig.scaleAndConcurrency.alwaysReady[0].instanceCount).toBeGreaterThanOrEqual(1);
  });

  it("takes no password for a deployment", () => {
    const policies = ofType(found, "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(policies.map(({ id, properties }) => [id.split("/").at(-1), properties]).sort()).toEqual([
      ["ftp", { allow: false }],
      ["scm", { allow: false }],
    ]);
  });

  it("has every table that the app opens, and none besides, and tells of changed and deleted rows", () => {
    const tables = ofType(found, "Microsoft.Storage/storageAccounts/tableServices/tables");
    expect(tables.map((table) => table.name.split("/").at(-1)).sort()).toEqual([...TABLE_NAMES].sort());
    const told = ofType(found, "Microsoft.Insights/diagnosticSettings").find(({ id }) =>
      id.includes("/tableServices/"),
    );
    expect(told?.id).toContain(`${accountOf(found, "tables").id}/tableServices/default/`);
    expect(told?.properties).toMatchObject({
      workspaceId: theOne(found, "Microsoft.OperationalInsights/workspaces").id,
      logs: [
        { category: "StorageWrite", enabled: true },
        { category: "StorageDelete", enabled: true },
      ],
    });
  });

  it("has a bot whose Teams channel posts calls to /api/calls of this site", () => {
    const asIdentity = settings.get("BOT_CREDENTIAL") === "managed-identity";
    expect(theOne(found, "Microsoft.BotService/botServices").properties).toMatchObject({
      msaAppType: asIdentity ? "UserAssignedMSI" : "SingleTenant",
      msaAppTenantId: settings.get("BOT_TENANT_ID"),
      msaAppId: settings.get("BOT_APP_ID"),
    });
    const host = toldOf(site, "defaultHostName");
    expect(theOne(found, "Microsoft.BotService/botServices/channels").properties).toMatchObject({
      channelName: "MsTeamsChannel",
      properties: {
        isEnabled: true,
        enableCalling: true,
        incomingCallRoute: "graphPma",
        callingWebhook: `[format('https://{0}/api/calls', ${host})]`,
      },
    });
  });

  it("has the workbook, on its own workspace", () => {
    const workspace = theOne(found, "Microsoft.OperationalInsights/workspaces");
    const { sourceId, serializedData } = z
      .object({ sourceId: z.string(), serializedData: z.string() })
      .parse(theOne(found, "Microsoft.Insights/workbooks").properties);
    expect(sourceId).toBe(workspace.id);
    expect(JSON.parse(serializedData)).toMatchObject({ version: "Notebook/1.0", fallbackResourceIds: [workspace.id] });
  });
});

describe.each(["dev", "prod"])("%s as it comes", (name) => {
  it("runs Node 22 on 40 instances at most, and signs in without a secret", () => {
    const found = readSnapshot(name);
    expect(theOne(found, "Microsoft.Web/sites").properties).toMatchObject({
      functionAppConfig: {
        runtime: { version: "22" },
        scaleAndConcurrency: { maximumInstanceCount: 40 },
      },
    });
    expect(configOf(found).credential.kind).toBe("federated");
  });
});

describe.each(["dev", "main", "prod", "usgov"])("%s as it comes", (name) => {
  it("takes bot, tenant and fallback target from the environment", () => {
    const settings = settingsOf(readSnapshot(name));
    for (const setting of ["BOT_APP_ID", "BOT_TENANT_ID", "FALLBACK_TARGET"] as const) {
      expect(settings.get(setting), setting).toBe(EXAMPLES[setting]);
    }
  });
});

describe("usgov.bicepparam", () => {
  it("speaks to the Graph of the US Government", () => {
    expect(configOf(readSnapshot("usgov")).cloud.graphRoot).toBe("https://graph.microsoft.us");
  });
});

describe("managed-identity.bicepparam", () => {
  it("makes the bot the app's identity", () => {
    const found = readSnapshot("managed-identity");
    const identity = theOne(found, IDENTITY);
    expect(theOne(found, "Microsoft.BotService/botServices").properties).toMatchObject({
      msaAppType: "UserAssignedMSI",
      msaAppMSIResourceId: identity.id,
      msaAppId: `[${toldOf(identity, "clientId")}]`,
    });
  });
});

describe("everything.bicepparam", () => {
  it("reaches the app with each of its settings", () => {
    const config = configOf(readSnapshot("everything"));
    expect(config).toMatchObject({
      callbackBaseUrl: "https://calls.contoso.com",
      defaultRegion: "US",
      deadlineMs: 9000,
      routesCacheMs: 0,
      callsRetentionDays: 90,
      maskCallers: true,
    });
    expect([...config.allowedTenants]).toHaveLength(2);
    expect(config.fallbackTargets).toHaveLength(1);
    expect(config.cloud.metadataUrls).toEqual(["https://metadata.contoso.com/keys"]);
    expect(config.cloud.issuers).toEqual(["https://issuer.contoso.com", "https://other.contoso.com"]);
    expect(config.cloud.graphRoot).toBe("https://dod-graph.microsoft.us");
  });
});
