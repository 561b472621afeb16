import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "../../infra/bicep.ts";
import { compile, declaredIn, outputsIn, SKIPPED } from "./templates.ts";

const INFRA = `${ROOT}infra/`;

describe.skipIf(SKIPPED !== undefined)(`infra/main.bicep${SKIPPED === undefined ? "" : ` (${SKIPPED})`}`, () => {
  const declared = () => declaredIn(JSON.parse(compile()));
  const ofType = (type: string) => declared().filter((each) => each.type === type);

  it("asks for no key and holds none", () => {
    expect(compile()).not.toMatch(/\blist[A-Z]\w*\(/);
    expect(compile()).not.toMatch(/AccountKey|SharedAccessSignature|DefaultEndpointsProtocol|InstrumentationKey=/i);
    expect(compile()).not.toMatch(/"secure(String|Object)"/i);
  });

  it("tells nothing secret in an output, which everybody reads who may look at deployments", () => {
    const outputs = outputsIn(JSON.parse(compile()));
    expect(outputs.length).toBeGreaterThan(20);
    const suspicious = outputs.filter(({ name, value }) =>
      /connection_?string|password|access_?key|\blist\w*\(/i.test(`${name} ${value}`),
    );
    // What is told of telemetry opens nothing, since the component takes only Entra's tokens.
    expect(suspicious.map(({ value }) => value)).toEqual(["[reference('component').ConnectionString]"]);
  });

  it("takes no shared key, no plain http and no old TLS on any storage account", () => {
    const accounts = ofType("Microsoft.Storage/storageAccounts");
    expect(accounts.length).toBeGreaterThan(0);
    for (const { properties } of accounts) {
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        supportsHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
      });
    }
  });

  it("takes only Entra's tokens for telemetry, logs and bot", () => {
    expect(ofType("Microsoft.Insights/components")[0]?.properties).toMatchObject({ DisableLocalAuth: true });
    expect(ofType("Microsoft.BotService/botServices")[0]?.properties).toMatchObject({ disableLocalAuth: true });
    expect(ofType("Microsoft.OperationalInsights/workspaces")[0]?.properties).toMatchObject({
      features: { disableLocalAuth: true },
    });
  });

  it("serves the site over https with TLS 1.2 at least", () => {
    const [site, ...more] = ofType("Microsoft.Web/sites");
    expect(more).toEqual([]);
    expect(site?.properties).toMatchObject({ httpsOnly: true, siteConfig: { minTlsVersion: "1.2" } });
  });

  it("gives every role on a resource, never on the group, and says what the principal is", () => {
    const assignments = ofType("Microsoft.Authorization/roleAssignments");
    expect(assignments.length).toBeGreaterThan(4);
    for (const { scope, properties } of assignments) {
      expect(scope).toMatch(/Microsoft\.(Storage|Insights|KeyVault)\//);
      expect(properties.principalType).toMatch(/^ServicePrincipal$|administrators/);
      expect(properties.roleDefinitionId).toMatch(
        /^\[subscriptionResourceId\('Microsoft\.Authorization\/roleDefinitions'/,
      );
    }
  });

  it("names every role: ids stand in the map of roles and nowhere else", () => {
    const roles = guidsIn(readFileSync(`${INFRA}modules/roles.bicep`, "utf8"));
    expect(roles.length).toBeGreaterThan(0);
    expect(guidsIn(JSON.stringify(declared()))).toEqual([]);
    // Parameters of a workbook have ids of their own.
    const ofWorkbook = guidsIn(readFileSync(`${INFRA}workbook.json`, "utf8"));
    expect(guidsIn(compile()).filter((id) => !roles.includes(id) && !ofWorkbook.includes(id))).toEqual([]);
  });

  it("writes no host name, but takes them from Azure", () => {
    const written = declared().filter(({ type }) => type !== "Microsoft.Insights/workbooks");
    expect(JSON.stringify(written)).not.toMatch(/https?:\/\/(?!\{0\}\/api\/)/);
    expect(JSON.stringify(written)).not.toMatch(/windows\.net|azurewebsites|botframework|microsoftonline/);
  });

  it("uses every module", () => {
    const files = readdirSync(`${INFRA}modules`);
    const source = [`${INFRA}main.bicep`, ...files.map((file) => `${INFRA}modules/${file}`)]
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    expect(files.filter((file) => !new RegExp(`'(modules/)?${file}'`).test(source))).toEqual([]);
  });

  it("gives a deploying pipeline what it needs, by names that azd can keep", () => {
    const { outputs } = z.object({ outputs: z.record(z.string(), z.unknown()) }).parse(JSON.parse(compile()));
    for (const name of Object.keys(outputs)) expect(name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(Object.keys(outputs)).toEqual(
      expect.arrayContaining([
        "FUNCTION_APP_NAME",
        "FUNCTION_APP_HOST_NAME",
        "IDENTITY_PRINCIPAL_ID",
        "IDENTITY_CLIENT_ID",
        "DEPLOYMENT_CONTAINER_URL",
        "TABLES_ENDPOINT",
        "BOT_NAME",
      ]),
    );
  });
});

function guidsIn(text: string): string[] {
  return [...text.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi)].map(([id]) => id);
}
