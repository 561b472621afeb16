import { z } from "zod";
import { guid } from "../../src/settings.ts";
import { GRAPH_OPTIONS, GRAPH_USAGE, type Graph, GraphError, openGraph } from "./lib/graph.ts";
import type { Report } from "./lib/report.ts";
import { type Given, runScript } from "./lib/script.ts";

/** All that a redirect needs, by Graph's page on it. */
const ROLE = "Calls.Initiate.All";
/** Graph's own app id, the same in every tenant; its object id and the ids of its roles are looked up. */
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

const USAGE = `npm run azure:grant -- --app-id ID [OPTIONS]

Grants the bot the application permission ${ROLE} in a tenant, which is what admin consent does. Run it again in
every tenant whose calls arrive. Needs a Privileged Role Administrator or Global Administrator; without that right it
prints what one of them must run, and ends with 1.

  --app-id ID          the bot's app id (BOT_APP_ID)
  --tenant ID          the tenant; default: that of the sign-in
${GRAPH_USAGE}
Example, which only looks:
  npm run azure:grant -- --app-id 24701998-1a73-4d42-8085-bf46ed0ae039 --dry-run
`;

const graphPrincipal = z.object({
  id: z.string(),
  appRoles: z.array(
    z.object({
      id: z.string(),
      value: z.string().nullish(),
      isEnabled: z.boolean(),
      allowedMemberTypes: z.array(z.string()),
    }),
  ),
});
const principal = z.object({ id: z.string(), displayName: z.string() });
const assignment = z.object({ resourceId: z.string(), appRoleId: z.string() });

/** An entry of a service principal's appRoleAssignments, as it is posted. */
interface Grant {
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
}

async function run(given: Given, report: Report): Promise<void> {
  const appId = given.required("app-id", guid);
  const tenantId = given.optional("tenant", guid);
  const { graph } = openGraph(given);
  const again = `npm run azure:grant -- --app-id ${appId}${tenantId ? ` --tenant ${tenantId}` : ""}`;
  let grant: Grant | undefined;
  try {
    const role = await findRole(graph);
    const bot = await graph.get(servicePrincipal(appId), principal, { fresh: true }).catch((error: unknown) => {
      if (error instanceof GraphError && error.status === 404) return undefined;
      throw error;
    });
    if (bot === undefined) {
      return report.refused(`this tenant has no service principal of the app ${appId}; make it, and run this again:`, [
        `az ad sp create --id ${appId}`,
        again,
      ]);
    }
    grant = { principalId: bot.id, ...role };
    await assign(graph, grant, `${ROLE} for ${bot.displayName} (service principal ${bot.id})`, given.dryRun, report);
  } catch (error) {
    if (!(error instanceof GraphError && error.status === 403)) throw error;
    report.refused(`${error.message}. A Privileged Role Administrator or Global Administrator must run`, [
      again,
      ...(grant === undefined ? [] : ["or, without this repository,", azRest(graph, grant)]),
    ]);
  }
}

/** @throws Error when this tenant's Graph has no such application role */
async function findRole(graph: Graph): Promise<Pick<Grant, "resourceId" | "appRoleId">> {
  const { id, appRoles } = await graph.get(servicePrincipal(GRAPH_APP_ID), graphPrincipal);
  const role = appRoles.find(
    ({ value, isEnabled, allowedMemberTypes }) =>
      value === ROLE && isEnabled && allowedMemberTypes.includes("Application"),
  );
  if (role === undefined) {
    throw new Error(`Graph of this tenant has no application role ${ROLE}: this cloud or tenant cannot redirect calls`);
  }
  return { resourceId: id, appRoleId: role.id };
}

async function assign(graph: Graph, grant: Grant, what: string, dryRun: boolean, report: Report): Promise<void> {
  if (await isGranted(graph, grant)) return report.already(`granted: ${what}`);
  if (dryRun) return report.would(`grant ${what}`);
  try {
    await graph.write("POST", assignmentsOf(grant), grant);
  } catch (error) {
    // The first answer may have been lost, or somebody was quicker: Graph refuses a second grant of the same.
    if (!(error instanceof GraphError && error.status !== 403 && (await isGranted(graph, grant)))) throw error;
  }
  report.done(`granted ${what}`);
  report.byHand(
    "wait some minutes; a managed identity that is the bot itself may keep its old token for up to 24 hours",
  );
}

async function isGranted(graph: Graph, grant: Grant): Promise<boolean> {
  const assignments = await graph.list(assignmentsOf(grant), assignment, { fresh: true });
  return assignments.some(
    ({ resourceId, appRoleId }) => resourceId === grant.resourceId && appRoleId === grant.appRoleId,
  );
}

function servicePrincipal(appId: string): string {
  return `/servicePrincipals(appId='${appId}')`;
}

function assignmentsOf({ principalId }: Grant): string {
  return `/servicePrincipals/${principalId}/appRoleAssignments`;
}

function azRest({ root }: Graph, grant: Grant): string {
  const body = JSON.stringify(grant);
  return `az rest --method POST --url "${root}${assignmentsOf(grant)}" --headers Content-Type=application/json --body '${body}'`;
}

await runScript({ name: "azure:grant", usage: USAGE, options: ["app-id", ...GRAPH_OPTIONS], run });
