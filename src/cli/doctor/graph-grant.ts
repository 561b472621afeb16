import type { TokenCredential } from "@azure/identity";
import { array, object, optional, string } from "zod/mini";
import type { Config } from "../../config.ts";
import { CALL_CODES } from "./call-codes.ts";
import { good, patience, reasonOf, unknown, type Verdict, wrong } from "./examination.ts";
import { CALL_ROLE } from "./token.ts";

/** Microsoft Graph's own app id, the same in every tenant. */
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const PART = "permission";

const servicePrincipal = object({ id: string(), appRoles: array(object({ id: string(), value: optional(string()) })) });
const assignments = object({ value: array(object({ appRoleId: string(), resourceId: string() })) });

/**
 * Whether the bot's service principal holds Calls.Initiate.All, as the directory tells whoever is signed in here. The
 * role is looked up by its name: ids in circulation are often those of other permissions.
 */
export async function examineGrant(
  { cloud, botAppId }: Pick<Config, "cloud" | "botAppId">,
  credential: TokenCredential,
  interrupted: AbortSignal,
): Promise<Verdict> {
  const signal = patience(interrupted);
  try {
    const token = await credential.getToken(`${cloud.graphRoot}/.default`, { abortSignal: signal });
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${token?.token ?? ""}` };
      const response = await fetch(`${cloud.graphRoot}/v1.0/${path}`, { headers, signal });
      if (response.ok) return await response.json();
      await response.body?.cancel();
      throw new Error(`Graph answered ${response.status} to ${path.split("?")[0]}`);
    };
    const graph = servicePrincipal.parse(await ask(`servicePrincipals(appId='${GRAPH_APP_ID}')?$select=id,appRoles`));
    const role = graph.appRoles.find(({ value }) => value === CALL_ROLE);
    const { value } = assignments.parse(
      await ask(`servicePrincipals(appId='${botAppId}')/appRoleAssignments?$top=999`),
    );
    const granted = value.some(({ appRoleId, resourceId }) => appRoleId === role?.id && resourceId === graph.id);
    if (granted) return good(PART, `${CALL_ROLE} is granted to the bot in this tenant`);
    return wrong(PART, `${CALL_ROLE} is not granted to the bot in this tenant`, CALL_CODES["7504"]?.remedy ?? "");
  } catch (error) {
    return unknown(
      PART,
      `could not be looked up: ${reasonOf(error)}`,
      "Sign in (az login) as somebody who may read applications of the tenant.",
    );
  }
}
