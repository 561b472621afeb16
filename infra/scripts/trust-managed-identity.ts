import { z } from "zod";
import { guid } from "../../src/settings.ts";
import { GRAPH_OPTIONS, GRAPH_USAGE, type Graph, GraphError, openGraph } from "./lib/graph.ts";
import type { Report } from "./lib/report.ts";
import { type Given, runScript, text } from "./lib/script.ts";

const USAGE = `npm run azure:federate -- --app-id ID --tenant ID --identity ID [OPTIONS]

Makes the bot's app registration trust the managed identity (a federated credential), so that the app needs no secret:
BOT_CREDENTIAL=federated. Needs an owner of the app registration, or an Application Administrator; without that right it
prints what one of them must run, and ends with 1. Where the credential of that name differs, it is changed.

  --app-id ID          the bot's app id (BOT_APP_ID)
  --tenant ID          the tenant of both, the app registration and the identity (BOT_TENANT_ID)
  --identity ID        the managed identity's principal id, which is its object id and not its client id
  --name NAME          of the credential; default ringroute. A second app of the same bot needs another one
${GRAPH_USAGE}
Example, which only looks:
  npm run azure:federate -- --app-id 24701998-1a73-4d42-8085-bf46ed0ae039 \\
    --tenant 632899f8-2ea1-4604-8413-27bd2892079f --identity 5b0a1f0e-5f0e-4d8c-9b83-8a0f6a1c2d3e --dry-run
`;

const principal = z.object({ displayName: z.string(), servicePrincipalType: z.string() });
const stored = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
});

/** A federated credential as Graph takes it. A wrong audience is accepted, and fails when the app first asks for a token. */
interface Trust {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly [string];
}

async function run(given: Given, report: Report): Promise<void> {
  const appId = given.required("app-id", guid);
  const tenantId = given.required("tenant", guid);
  const { graph, cloud } = openGraph(given);
  const trust: Trust = {
    name: given.optional("name", text) ?? "ringroute",
    issuer: `${cloud.authorityHost}/${tenantId}/v2.0`,
    subject: given.required("identity", guid),
    audiences: [cloud.federationAudience],
  };
  try {
    const identity = await readIdentity(graph, trust.subject);
    await establish(graph, appId, trust, `by which ${appId} trusts the identity ${identity}`, given.dryRun, report);
  } catch (error) {
    if (error instanceof GraphError && error.status === 404) {
      return report.refused(`this tenant has no app registration ${appId}: look at --app-id and --tenant`, []);
    }
    if (!(error instanceof GraphError && error.status === 403)) throw error;
    report.refused(`${error.message}. An owner of the app registration or an Application Administrator must run`, [
      `npm run azure:federate -- --app-id ${appId} --tenant ${tenantId} --identity ${trust.subject} --name ${trust.name}`,
      "or, without this repository, where there is none yet,",
      `az ad app federated-credential create --id ${appId} --parameters '${JSON.stringify(trust)}'`,
    ]);
  }
}

/** The identity's name. Graph would take any subject, a client id too, and say nothing until the app asks for a token. */
async function readIdentity(graph: Graph, principalId: string): Promise<string> {
  const path = `/servicePrincipals/${principalId}`;
  const found = await graph.get(path, principal, { fresh: true }).catch((error: unknown) => {
    if (error instanceof GraphError && error.status === 404) return undefined;
    throw error;
  });
  if (found?.servicePrincipalType !== "ManagedIdentity") {
    throw new Error(
      `--identity ${principalId} is no managed identity of this tenant; give its principal id, not its client id`,
    );
  }
  return found.displayName;
}

async function establish(
  graph: Graph,
  appId: string,
  trust: Trust,
  what: string,
  dryRun: boolean,
  report: Report,
): Promise<void> {
  const path = `/applications(appId='${appId}')/federatedIdentityCredentials`;
  const all = await graph.list(path, stored, { fresh: true });
  const found =
    all.find(({ issuer, subject }) => issuer === trust.issuer && subject === trust.subject) ??
    all.find(({ name }) => name === trust.name);
  if (found === undefined) {
    if (dryRun) return report.would(`create the credential ${trust.name}, ${what}`);
    await graph.write("POST", path, trust);
    return report.done(`created the credential ${trust.name}, ${what}`);
  }
  const changes = differences(found, trust);
  if (changes === "") return report.already(`there: the credential ${found.name}, ${what}`);
  if (dryRun) return report.would(`change the credential ${found.name}: ${changes}`);
  const { name: _, ...terms } = trust;
  await graph.write("PATCH", `${path}/${found.id}`, terms);
  report.done(`changed the credential ${found.name}: ${changes}`);
}

/** What must change, in words; empty where nothing must. */
function differences(found: z.infer<typeof stored>, trust: Trust): string {
  const terms: readonly (readonly [string, string, string])[] = [
    ["issuer", found.issuer, trust.issuer],
    ["subject", found.subject, trust.subject],
    ["audience", found.audiences.join(" "), trust.audiences[0]],
  ];
  return terms
    .filter(([, is, wanted]) => is !== wanted)
    .map(([term, is, wanted]) => `${term} ${is} becomes ${wanted}`)
    .join(", ");
}

await runScript({
  name: "azure:federate",
  usage: USAGE,
  options: ["app-id", "identity", "name", ...GRAPH_OPTIONS],
  run,
});
