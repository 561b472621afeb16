import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ENVIRONMENTS, INFRA } from "../../infra/bicep.ts";
import { loadConfig } from "../../src/config.ts";
import { SETTING_NAMES } from "../../src/settings.ts";
import { TABLE_NAMES } from "../../src/store/tables.ts";
import { ofType, readSnapshot, type Snapshot } from "./templates.ts";

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

const ROLES = new Map(
  [...readFileSync(`${INFRA}modules/roles.bicep`, "utf8").matchAll(/(\w+): '([0-9a-f-]{36})'/g)].map(
    ([, name = "", id = ""]) => [id, name],
  ),
);

const ALERTS = z
  .object({
    beginning: z.array(z.string()),
    rules: z.array(z.object({ name: z.string(), query: z.array(z.string()) })),
  })
  .parse(JSON.parse(readFileSync(`${INFRA}alerts.json`, "utf8")));

const site = z.object({
  siteConfig: z.object({ appSettings: z.array(z.object({ name: z.string(), value: z.string() })) }),
  functionAppConfig: z.object({
    runtime: z.object({ name: z.string(), version: z.string() }),
    scaleAndConcurrency: z.object({
      maximumInstanceCount: z.number(),
      alwaysReady: z.array(z.object({ name: z.string(), instanceCount: z.number() })),
    }),
  }),
});

it("are dev, prod and usgov at least, each with a snapshot", () => {
  expect(ENVIRONMENTS).toEqual(expect.arrayContaining(["dev", "prod", "usgov"]));
  expect(ENVIRONMENTS.filter((each) => readSnapshot(each) === undefined)).toEqual([]);
});

describe.each(
  ENVIRONMENTS.flatMap((name): [string, Snapshot][] => {
    const found = readSnapshot(name);
    return found === undefined ? [] : [[name, found]];
  }),
)("the environment %s", (name, found) => {
  const { siteConfig, functionAppConfig } = site.parse(ofType(found, "Microsoft.Web/sites")[0]?.properties);
  const settings = new Map(siteConfig.appSettings.map(({ name, value }) => [name, value]));

  it("sets what the app and the host know, and nothing else", () => {
    const known = SETTING_NAMES.filter((setting) => !LOCAL_ONLY.includes(setting));
    expect([...settings.keys()].sort()).toEqual([...known, ...OF_THE_HOST].sort());
  });

  it("sets values with which the app starts", () => {
    const values = [...settings].map(([setting, value]) => [setting, knownAtRunTime(value)]);
    const config = loadConfig({ ...Object.fromEntries(values), WEBSITE_HOSTNAME: "bot.contoso.com" });
    expect(config.credential.kind).toBe("federated");
    expect(config.cloud.graphRoot).toBe(
      name === "usgov" ? "https://graph.microsoft.us" : "https://graph.microsoft.com",
    );
  });

  it("runs Node 22 with an instance that is always ready and a limit of 40", () => {
    expect(functionAppConfig.runtime).toEqual({ name: "node", version: "22" });
    expect(functionAppConfig.scaleAndConcurrency.maximumInstanceCount).toBe(40);
    const [http] = functionAppConfig.scaleAndConcurrency.alwaysReady;
    expect(http).toMatchObject({ name: "http" });
    expect(http?.instanceCount).toBeGreaterThanOrEqual(1);
  });

  it("is one site that azd finds by its tag", () => {
    expect(ofType(found, "Microsoft.Web/sites").map(({ tags }) => tags?.["azd-service-name"])).toEqual(["app"]);
  });

  it("has every table that the app opens, and none besides", () => {
    const tables = ofType(found, "Microsoft.Storage/storageAccounts/tableServices/tables");
    expect(tables.map((table) => table.name.split("/").at(-1)).sort()).toEqual([...TABLE_NAMES].sort());
  });

  it("lets the app write Calls and Routes and read the other tables, each on its own", () => {
    const roles = ofType(found, "Microsoft.Authorization/roleAssignments").flatMap(({ id, properties }) => {
      const [, table] = /\/tables\/(\w+)\/providers\//.exec(id) ?? [];
      return table === undefined ? [] : [[table, roleIn(properties)]];
    });
    expect(Object.fromEntries(roles)).toEqual(
      Object.fromEntries(
        TABLE_NAMES.map((table) => [
          table,
          ["Calls", "Routes"].includes(table) ? "storageTableDataContributor" : "storageTableDataReader",
        ]),
      ),
    );
  });

  it("gives the app nothing else than the host's blobs and the sending of telemetry", () => {
    const others = ofType(found, "Microsoft.Authorization/roleAssignments").filter(
      ({ id }) => !id.includes("/tables/"),
    );
    expect(others.map(({ properties }) => roleIn(properties)).sort()).toEqual([
      "monitoringMetricsPublisher",
      "storageBlobDataOwner",
    ]);
  });

  it("has a bot of one tenant whose Teams channel posts calls to /api/calls", () => {
    const [bot] = ofType(found, "Microsoft.BotService/botServices");
    expect(bot?.properties).toMatchObject({
      msaAppType: "SingleTenant",
      msaAppTenantId: settings.get("BOT_TENANT_ID"),
    });
    expect(bot?.properties?.msaAppId).toBe(settings.get("BOT_APP_ID"));
    const [channel] = ofType(found, "Microsoft.BotService/botServices/channels");
    expect(channel?.properties).toMatchObject({
      channelName: "MsTeamsChannel",
      properties: {
        isEnabled: true,
        enableCalling: true,
        incomingCallRoute: "graphPma",
        callingWebhook: expect.stringMatching(
          /^\[format\('https:\/\/\{0\}\/api\/calls', reference\('[^']*'.*\)\.defaultHostName\)\]$/,
        ),
      },
    });
  });

  it("asks what infra/alerts.json asks, and tells those who want mail", () => {
    const rules = ofType(found, "Microsoft.Insights/scheduledQueryRules");
    const groups = ofType(found, "Microsoft.Insights/actionGroups").map(({ id }) => id);
    expect(groups).toHaveLength(name === "dev" ? 0 : 1);
    // An hour without a call is told of only where somebody asks for it.
    const asked = ALERTS.rules.filter((rule) => rule.name !== "silence");
    expect(rules.map(({ properties }) => properties?.criteria)).toMatchObject(
      asked.map(({ query }) => ({ allOf: [{ query: [...ALERTS.beginning, ...query].join("\n"), threshold: 0 }] })),
    );
    for (const rule of rules) {
      expect(rule.properties).toMatchObject({
        enabled: true,
        skipQueryValidation: true,
        actions: { actionGroups: groups },
      });
      const muted = rule.properties?.muteActionsDuration != null;
      expect(muted, "Azure refuses a rule that resolves itself and is muted").toBe(
        rule.properties?.autoMitigate === false,
      );
    }
  });

  it("has the workbook, on its own workspace", () => {
    const [workspace] = ofType(found, "Microsoft.OperationalInsights/workspaces");
    const [workbook] = ofType(found, "Microsoft.Insights/workbooks");
    const { serializedData } = z.object({ serializedData: z.string() }).parse(workbook?.properties);
    expect(JSON.parse(serializedData)).toMatchObject({ version: "Notebook/1.0", fallbackResourceIds: [workspace?.id] });
  });
});

function roleIn(properties: Readonly<Record<string, unknown>> | undefined): string {
  const id = String(properties?.roleDefinitionId).split("/").at(-1) ?? "";
  return ROLES.get(id) ?? `a role that has no name: ${id}`;
}

/** A value as Azure would fill it in: what an identity's or an account's expression stands for. */
function knownAtRunTime(value: string): string {
  if (!value.startsWith("[")) return value;
  return value.endsWith(".clientId]") ? crypto.randomUUID() : "https://contoso.table.core.windows.net/";
}
