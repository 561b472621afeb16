import { decodeJwt } from "jose";
import type { BotCredential, Config } from "../../config.ts";
import { messageOf } from "../../errors.ts";
import { graphCredential } from "../../graph/credentials.ts";
import { GraphTokens } from "../../graph/tokens.ts";
import { CALL_CODES } from "./call-codes.ts";
import { good, unknown, type Verdict, wrong } from "./examination.ts";

/** The one application permission that redirecting needs. */
export const CALL_ROLE = "Calls.Initiate.All";
const PART = "token for Graph";
const ASK_THE_APP = "Ask the app itself with --key FUNCTION_KEY; see the permission below.";

/** Azure shows a reference to a vault as it was written; the host puts the certificate or secret in its place. */
function isInVault(credential: BotCredential): boolean {
  const value = "path" in credential ? credential.path : "secret" in credential ? credential.secret : "";
  return value.startsWith("@Microsoft.KeyVault(");
}

/** Whether the bot gets a token for Graph, and whether its `roles` let it redirect. */
export async function examineToken(config: Config): Promise<Verdict> {
  const { kind } = config.credential;
  if (kind === "managed-identity" || kind === "federated") {
    return unknown(
      PART,
      `BOT_CREDENTIAL=${kind} signs in with a managed identity, which only the app in Azure has`,
      ASK_THE_APP,
    );
  }
  if (isInVault(config.credential)) {
    return unknown(PART, `the ${kind} is in a key vault, and only the app is given it`, ASK_THE_APP);
  }
  try {
    const tokens = new GraphTokens(`${config.cloud.graphRoot}/.default`, graphCredential(config));
    return judgeToken(await tokens.get(config.botTenantId), config);
  } catch (error) {
    return wrong(
      PART,
      messageOf(error),
      `Check BOT_APP_ID, BOT_TENANT_ID, CLOUD, and that the ${kind} is one of the app registration's and has not expired.`,
    );
  }
}

/** @param token as Entra issued it; the local stack's is no JWT */
export function judgeToken(token: string, { credential, botAppId }: Pick<Config, "credential" | "botAppId">): Verdict {
  if (credential.kind === "local") return good(PART, "the local stack's own, which its Graph takes");
  const { roles, appid, azp } = decodeJwt(token);
  const app = appid ?? azp;
  if (app !== undefined && app !== botAppId) {
    return wrong(PART, `is of app ${String(app)}, not of BOT_APP_ID`, "Use the bot's own credential.");
  }
  if (Array.isArray(roles) && roles.includes(CALL_ROLE)) return good(PART, `obtained, and its roles hold ${CALL_ROLE}`);
  const held = Array.isArray(roles) && roles.length > 0 ? roles.join(", ") : "none";
  const { remedy } = CALL_CODES["7504"] ?? { remedy: "" };
  return wrong(PART, `obtained, but its roles are: ${held}; redirects would be refused with 7504`, remedy);
}
