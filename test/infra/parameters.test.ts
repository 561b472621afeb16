import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  accountOf,
  ofType,
  type Predicted,
  parametersOf,
  SKIPPED,
  SNAPSHOTS,
  settingsOf,
  theOne,
} from "./templates.ts";

/** What a parameter file may ask for, with the defaults that main.bicep gives. */
const asked = z.object({
  environmentName: z.string(),
  credential: z.enum(["federated", "managed-identity", "certificate", "secret"]).default("federated"),
  nodeVersion: z.string().default("22"),
  instanceMemoryMB: z.number().default(2048),
  requestsPerInstance: z.number().default(100),
  alwaysReadyInstances: z.number().default(1),
  maximumInstances: z.number().default(40),
  zoneRedundant: z.boolean().default(false),
  administrators: z.array(z.object({ id: z.string(), kind: z.string() })).default([]),
  privateNetwork: z.boolean().default(false),
  administratorAddresses: z.array(z.string()).default([]),
  protectFromDeletion: z.boolean().default(false),
  logRetentionDays: z.number().default(30),
  logDailyCapGb: z.number().default(-1),
  alertEmails: z.array(z.string()).default([]),
  silenceAlert: z.boolean().default(false),
  budget: z.object({ amount: z.number(), startDate: z.string(), contactEmails: z.array(z.string()) }).nullish(),
  botSku: z.string().default("F0"),
  teamsEnvironment: z.string().default("CommercialDeployment"),
  cloud: z.string().default("global"),
  azdServiceName: z.string().default("app"),
});

/** Where names end in two clouds. */
const SUFFIXES = {
  global: { storage: "core.windows.net", keyvaultDns: ".vault.azure.net" },
  usgov: { storage: "core.usgovcloudapi.net", keyvaultDns: ".vault.usgovcloudapi.net" },
} as const;

const endpoint = z.object({
  privateLinkServiceConnections: z.tuple([
    z.object({ properties: z.object({ privateLinkServiceId: z.string(), groupIds: z.tuple([z.string()]) }) }),
  ]),
});

describe.skipIf(SKIPPED !== undefined).each(SNAPSHOTS)(
  `%s.bicepparam${SKIPPED === undefined ? "" : ` (${SKIPPED})`}`,
  (name, found) => {
    let wanted: z.infer<typeof asked>;
    beforeAll(() => {
      wanted = asked.parse(parametersOf(name));
    });
    const site = theOne(found, "Microsoft.Web/sites");
    const vaults = ofType(found, "Microsoft.KeyVault/vaults");

    it("gets the app's size, and two instances where it is spread over zones", () => {
      const { zoneRedundant, alwaysReadyInstances } = wanted;
      expect(site.properties).toMatchObject({
        functionAppConfig: {
          runtime: { version: wanted.nodeVersion },
          scaleAndConcurrency: {
            instanceMemoryMB: wanted.instanceMemoryMB,
            maximumInstanceCount: wanted.maximumInstances,
            alwaysReady: [{ instanceCount: Math.max(alwaysReadyInstances, zoneRedundant ? 2 : 1) }],
            triggers: { http: { perInstanceConcurrency: wanted.requestsPerInstance } },
          },
        },
      });
      expect(site.tags).toMatchObject({ "azd-service-name": wanted.azdServiceName });
      expect(theOne(found, "Microsoft.Web/serverfarms").properties).toMatchObject({ zoneRedundant });
    });

    it("gets a vault exactly where the bot has a certificate or a secret, and the app a reference to it", () => {
      const { credential, protectFromDeletion } = wanted;
      const settings = settingsOf(found);
      expect(settings.get("BOT_CREDENTIAL")).toBe(credential);
      const kept = { certificate: "BOT_CERTIFICATE_PATH", secret: "BOT_CLIENT_SECRET" } as const;
      for (const [kind, setting] of Object.entries(kept)) {
        const value = settings.get(setting) ?? "";
        if (kind !== credential) expect(value).toBe("");
        else expect(referredTo(value)).toEqual({ vault: vaults[0]?.id, secret: `bot-${kind}` });
      }
      expect(vaults).toHaveLength(credential in kept ? 1 : 0);
      for (const { properties } of vaults) {
        expect(properties).toMatchObject({ enableRbacAuthorization: true, tenantId: expect.any(String) });
        expect(properties?.enablePurgeProtection ?? false).toBe(protectFromDeletion);
        expect(properties).not.toHaveProperty("accessPolicies");
      }
    });

    it("gets storage and vault that the internet reaches only where it should", () => {
      const { privateNetwork, administratorAddresses } = wanted;
      const kept = [accountOf(found, "tables"), ...vaults].map((each) => [each, administratorAddresses] as const);
      // Nobody but the app has business in the host's account.
      for (const [{ properties }, addresses] of [...kept, [accountOf(found, "host"), []] as const]) {
        expect(properties).toMatchObject({
          publicNetworkAccess: privateNetwork && addresses.length === 0 ? "Disabled" : "Enabled",
          networkAcls: {
            bypass: "None",
            defaultAction: privateNetwork ? "Deny" : "Allow",
            ipRules: addresses.map((value) => expect.objectContaining({ value })),
          },
        });
      }
    });

    it("gets a network for the app and endpoints for what it needs exactly where it is private", () => {
      const networks = ofType(found, "Microsoft.Network/virtualNetworks");
      const links = ofType(found, "Microsoft.Network/privateEndpoints").map(({ properties }) => {
        const [{ properties: link }] = endpoint.parse(properties).privateLinkServiceConnections;
        return [link.groupIds[0], link.privateLinkServiceId];
      });
      const needed = [
        ["blob", accountOf(found, "host").id],
        ["table", accountOf(found, "tables").id],
        ...vaults.map(({ id }) => ["vault", id]),
      ];
      expect(links).toEqual(wanted.privateNetwork ? needed : []);
      expect(networks).toHaveLength(wanted.privateNetwork ? 1 : 0);
      expect(site.properties?.virtualNetworkSubnetId ?? null).toBe(
        networks[0] === undefined ? null : `${networks[0].id}/subnets/app`,
      );
      for (const { properties } of networks) {
        expect(properties).toMatchObject({
          subnets: [
            {
              name: "app",
              properties: { delegations: [{ properties: { serviceName: "Microsoft.App/environments" } }] },
            },
            { name: "endpoints" },
          ],
        });
      }
    });

    it.each(["global", "usgov"] as const)("gets names that lead to its endpoints in the cloud %s", (cloud) => {
      const { storage } = SUFFIXES[cloud];
      const vaultZone = { global: "privatelink.vaultcore.azure.net", usgov: "privatelink.vaultcore.usgovcloudapi.net" };
      const zones = ofType(found, "Microsoft.Network/privateDnsZones").map((zone) => nameIn(cloud, zone));
      const needed = [
        `privatelink.blob.${storage}`,
        `privatelink.table.${storage}`,
        ...vaults.map(() => vaultZone[cloud]),
      ];
      expect(zones).toEqual(wanted.privateNetwork ? needed : []);
      const linked = ofType(found, "Microsoft.Network/privateDnsZones/virtualNetworkLinks");
      expect(linked).toHaveLength(zones.length);
      const [network] = ofType(found, "Microsoft.Network/virtualNetworks");
      for (const { name: link, properties } of linked) {
        expect(properties).toEqual({ registrationEnabled: false, virtualNetwork: { id: network?.id } });
        // A second environment of the group has the same zones.
        expect(link).toContain(`'ringroute-${wanted.environmentName}')`);
      }
    });

    it("gets a lock on its tables exactly where it is to be protected", () => {
      const locks = ofType(found, "Microsoft.Authorization/locks").map(({ id, properties }) => [id, properties?.level]);
      const account = accountOf(found, "tables").id;
      const lock = [`${account}/providers/Microsoft.Authorization/locks/keep`, "CanNotDelete"];
      expect(locks).toEqual(wanted.protectFromDeletion ? [lock] : []);
    });

    it("gets data in three zones exactly where it is spread over zones", () => {
      const skus = ofType(found, "Microsoft.Storage/storageAccounts").map(({ sku }) => sku);
      const sku = { name: wanted.zoneRedundant ? "Standard_ZRS" : "Standard_LRS" };
      expect(skus).toEqual([sku, sku]);
    });

    it("gets administrators as they are written", () => {
      const { administrators } = wanted;
      const given = ofType(found, "Microsoft.Authorization/roleAssignments").map(({ properties }) => ({
        id: properties?.principalId,
        kind: properties?.principalType,
      }));
      const people = given.filter(({ id }) => !String(id).startsWith("["));
      expect(people).toEqual([...administrators, ...vaults.flatMap(() => administrators)]);
    });

    it("gets mail for whoever is named, and the alert of silence where it is asked for", () => {
      const { alertEmails, silenceAlert } = wanted;
      const groups = ofType(found, "Microsoft.Insights/actionGroups");
      const receivers = alertEmails.map((emailAddress) => ({ emailAddress, useCommonAlertSchema: true }));
      expect(groups.map(({ properties }) => properties)).toMatchObject(
        alertEmails.length === 0 ? [] : [{ emailReceivers: receivers }],
      );
      const rules = ofType(found, "Microsoft.Insights/scheduledQueryRules");
      expect(rules.some((rule) => rule.name.endsWith("-silence"))).toBe(silenceAlert);
    });

    it("gets the budget that it asks for", () => {
      const { budget } = wanted;
      expect(ofType(found, "Microsoft.Consumption/budgets").map(({ properties }) => properties)).toMatchObject(
        budget == null
          ? []
          : [
              {
                amount: budget.amount,
                timeGrain: "Monthly",
                timePeriod: { startDate: budget.startDate },
                notifications: {
                  spent: { contactEmails: budget.contactEmails, threshold: 80 },
                  forecast: { contactEmails: budget.contactEmails, threshold: 100 },
                },
              },
            ],
      );
    });

    it("gets logs, bot and cloud as asked", () => {
      expect(theOne(found, "Microsoft.OperationalInsights/workspaces").properties).toMatchObject({
        retentionInDays: wanted.logRetentionDays,
        workspaceCapping: { dailyQuotaGb: wanted.logDailyCapGb },
      });
      expect(theOne(found, "Microsoft.BotService/botServices").sku).toEqual({ name: wanted.botSku });
      expect(theOne(found, "Microsoft.BotService/botServices/channels").properties).toMatchObject({
        properties: { deploymentEnvironment: wanted.teamsEnvironment },
      });
      expect(settingsOf(found).get("CLOUD")).toBe(wanted.cloud);
    });
  },
);

/** The vault and the secret to which a setting refers, as the host will read it. */
function referredTo(value: string): { readonly vault: string | undefined; readonly secret: string } | undefined {
  const [, end, vault, content] =
    /format\('@Microsoft\.KeyVault\(SecretUri=\{0\}secrets\/([\w{}-]+)\)', reference\('([^']+)', '[^']+'\)\.vaultUri, '(\w+)'\)/.exec(
      value,
    ) ?? [];
  return end === undefined ? undefined : { vault, secret: end.replace("{1}", content ?? "") };
}

/** The name of a private zone, as Azure makes it out in a cloud. */
function nameIn(cloud: keyof typeof SUFFIXES, { name }: Predicted): string {
  const { storage, keyvaultDns } = SUFFIXES[cloud];
  const [, ofStorage] = /^\[format\('([^']+)', environment\(\)\.suffixes\.storage\)\]$/.exec(name) ?? [];
  if (ofStorage !== undefined) return ofStorage.replace("{0}", storage);
  const [, from = "", to = ""] =
    /^\[replace\(environment\(\)\.suffixes\.keyvaultDns, '([^']+)', '([^']+)'\)\]$/.exec(name) ?? [];
  return keyvaultDns.replace(from, to);
}
