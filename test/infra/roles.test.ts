import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EXAMPLES, ROOT } from "../../infra/bicep.ts";
import { TABLE_NAMES } from "../../src/store/tables.ts";
import {
  accountOf,
  compile,
  ofType,
  readSnapshot,
  SKIPPED,
  SNAPSHOTS,
  type Snapshot,
  settingsOf,
  theOne,
  toldOf,
} from "./templates.ts";

/** Built-in roles as Azure documents their ids. */
const ROLES: Readonly<Record<string, string>> = {
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
  "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
  "76199698-9eea-4c19-bc75-cec21354c6b6": "Storage Table Data Reader",
  "a4417e6f-fecd-4de8-b567-7b0420556985": "Key Vault Certificates Officer",
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
};

const properties = z.object({ principalId: z.string(), principalType: z.string(), roleDefinitionId: z.string() });

/** Who has which role on what: `Storage Table Data Reader on table Lines`. */
interface Assignment {
  readonly principal: string;
  readonly kind: string;
  readonly what: string;
  readonly roleId: string;
  readonly scope: string;
  readonly name: string;
}

function assignmentsIn(found: Snapshot): Assignment[] {
  return ofType(found, "Microsoft.Authorization/roleAssignments").map((each) => {
    const { principalId, principalType, roleDefinitionId } = properties.parse(each.properties);
    const [, ofExpression, ofId] =
      /^(?:\[extensionResourceId\('([^']+)'|(.+)\/providers\/Microsoft\.Authorization\/)/.exec(each.id) ?? [];
    const scope = ofExpression ?? ofId ?? "";
    const roleId = roleDefinitionId.split("/").at(-1) ?? "";
    const what = `${ROLES[roleId] ?? roleId} on ${nameOf(scope, found)}`;
    return { principal: principalId, kind: principalType, what, roleId, scope, name: each.name };
  });
}

function nameOf(scope: string, found: Snapshot): string {
  const [, table] = /\/tableServices\/default\/tables\/(\w+)$/.exec(scope) ?? [];
  if (table !== undefined) return `table ${table}`;
  if (scope === accountOf(found, "tables").id) return "the account of the tables";
  if (scope === accountOf(found, "host").id) return "the host's account";
  const { type } = found.predictedResources.find(({ id }) => id === scope) ?? { type: scope };
  return type === "Microsoft.KeyVault/vaults"
    ? "the vault"
    : type === "Microsoft.Insights/components"
      ? "telemetry"
      : type;
}

describe.each(SNAPSHOTS)("roles of %s.bicepparam", (_, found) => {
  const credential = settingsOf(found).get("BOT_CREDENTIAL");
  const app = `[${toldOf(theOne(found, "Microsoft.ManagedIdentity/userAssignedIdentities"), "principalId")}]`;
  const assignments = assignmentsIn(found);

  it("let the app write Calls and Routes, read the other tables, run and send telemetry, and nothing else", () => {
    const ofTables = TABLE_NAMES.map((table) =>
      ["Calls", "Routes"].includes(table)
        ? `Storage Table Data Contributor on table ${table}`
        : `Storage Table Data Reader on table ${table}`,
    );
    const ofHost = ["Storage Blob Data Owner on the host's account", "Monitoring Metrics Publisher on telemetry"];
    const ofVault =
      credential === "certificate" || credential === "secret" ? ["Key Vault Secrets User on the vault"] : [];
    const ofApp = assignments.filter(({ principal }) => principal === app);
    expect(ofApp.map(({ what }) => what).sort()).toEqual([...ofTables, ...ofHost, ...ofVault].sort());
    for (const { kind } of ofApp) expect(kind).toBe("ServicePrincipal");
  });

  it("bear another name for an identity that is made anew, though it has the old one's resource id", () => {
    for (const { principal, name, scope, roleId } of assignments.filter(({ principal }) => principal === app)) {
      expect(name).toBe(`[guid('${scope}', ${principal.slice(1, -1)}, '${roleId}')]`);
    }
  });

  it("let each administrator keep rows and what the vault holds, and nothing else", () => {
    const keeper = {
      certificate: ["Key Vault Certificates Officer on the vault"],
      secret: ["Key Vault Secrets Officer on the vault"],
    }[credential ?? ""];
    const others = assignments.filter(({ principal }) => principal !== app);
    for (const person of new Set(others.map(({ principal }) => principal))) {
      const held = others.filter(({ principal }) => principal === person).map(({ what }) => what);
      expect(held).toEqual(["Storage Table Data Contributor on the account of the tables", ...(keeper ?? [])]);
    }
  });
});

describe("administrators", () => {
  const keepersOf = (name: string) =>
    assignmentsIn(readSnapshot(name))
      .filter(({ what }) => what.endsWith("on the account of the tables"))
      .map(({ principal, kind }) => [principal, kind]);

  it.each(["dev", "prod", "usgov"])("of %s come from ADMINISTRATOR_ID and ADMINISTRATOR_KIND", (name) => {
    expect(keepersOf(name)).toContainEqual([EXAMPLES.ADMINISTRATOR_ID, EXAMPLES.ADMINISTRATOR_KIND]);
  });

  it("of azd are who runs it", () => {
    expect(keepersOf("main")).toContainEqual([EXAMPLES.AZURE_PRINCIPAL_ID, EXAMPLES.AZURE_PRINCIPAL_TYPE]);
  });

  it("may be people, groups and pipelines", () => {
    expect(keepersOf("everything").map(([, kind]) => kind)).toEqual(["User", "Group", "ServicePrincipal"]);
  });
});

describe("infra/modules/roles.bicep", () => {
  it("knows the roles by the ids that Azure documents, each under its name", () => {
    const text = readFileSync(`${ROOT}infra/modules/roles.bicep`, "utf8");
    const written = [...text.matchAll(/(\w+): '([^']+)'/g)].map(([, name = "", id = ""]) => [id, name.toLowerCase()]);
    const documented = Object.entries(ROLES).map(([id, name]) => [id, name.replaceAll(" ", "").toLowerCase()]);
    expect(written.sort()).toEqual(documented.sort());
  });
});

const modules = z.object({ resources: z.record(z.string(), z.object({ dependsOn: z.array(z.string()).optional() })) });

describe.skipIf(SKIPPED !== undefined)(`infra/main.bicep${SKIPPED === undefined ? "" : ` (${SKIPPED})`}`, () => {
  it("makes the app after its roles, its vault and its network", () => {
    const { app } = modules.parse(JSON.parse(compile())).resources;
    expect(app?.dependsOn).toEqual(expect.arrayContaining(["dataAccess", "hostAccess", "vault", "network"]));
  });
});
