import type { TokenCredential } from "@azure/identity";
import { boolean, object, optional, string } from "zod/mini";
import { CALL_CODES } from "./call-codes.ts";
import { good, patience, reasonOf, unknown, type Verdict, wrong } from "./examination.ts";

const API_VERSION = "2022-09-15";
const PART = "bot channel";

/** What Azure keeps of a bot's Teams channel. */
const channel = object({
  properties: object({
    properties: object({
      isEnabled: optional(boolean()),
      enableCalling: optional(boolean()),
      callingWebhook: optional(string()),
    }),
  }),
});
const bot = object({ properties: object({ msaAppId: string() }) });

export interface BotAddress {
  /** Resource id of the Azure Bot: `/subscriptions/…/providers/Microsoft.BotService/botServices/NAME`. */
  readonly resourceId: string;
  /** Root of Azure Resource Manager in the cloud. */
  readonly managementRoot: string;
}

/** Whether Teams is told to call this app, as Azure keeps it. */
export async function examineBotChannel(
  { resourceId, managementRoot }: BotAddress,
  expected: { readonly botAppId: string; readonly appUrl: string },
  credential: TokenCredential,
  interrupted: AbortSignal,
): Promise<Verdict[]> {
  const signal = patience(interrupted);
  try {
    const token = await credential.getToken(`${managementRoot}/.default`, { abortSignal: signal });
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${token?.token ?? ""}` };
      const response = await fetch(`${managementRoot}${path}?api-version=${API_VERSION}`, { headers, signal });
      if (response.ok) return await response.json();
      await response.body?.cancel();
      throw new Error(`Azure answered ${response.status} for ${path}`);
    };
    const { msaAppId } = bot.parse(await ask(resourceId)).properties;
    const facts = channel.parse(await ask(`${resourceId}/channels/MsTeamsChannel`)).properties.properties;
    return judgeBotChannel({ msaAppId, ...facts }, expected);
  } catch (error) {
    return [unknown(PART, reasonOf(error), "Check --bot, and that your sign-in may read the Azure Bot.")];
  }
}

export interface BotChannelFacts {
  readonly msaAppId: string;
  readonly isEnabled?: boolean | undefined;
  readonly enableCalling?: boolean | undefined;
  readonly callingWebhook?: string | undefined;
}

/** What of a bot's Teams channel would keep calls away from the app. */
export function judgeBotChannel(
  { msaAppId, isEnabled, enableCalling, callingWebhook }: BotChannelFacts,
  { botAppId, appUrl }: { readonly botAppId: string; readonly appUrl: string },
): Verdict[] {
  const webhook = `${appUrl}/api/calls`;
  const faults: string[] = [];
  if (msaAppId.toLowerCase() !== botAppId) faults.push(`its app id is ${msaAppId}, and BOT_APP_ID is ${botAppId}`);
  if (isEnabled === false) faults.push("the Microsoft Teams channel is switched off");
  if (enableCalling !== true) faults.push("calling is not enabled");
  if (callingWebhook?.toLowerCase() !== webhook.toLowerCase())
    faults.push(`its calling webhook is ${callingWebhook ?? "not set"}, and this app's is ${webhook}`);
  if (faults.length === 0) return [good(PART, `calling is enabled, and posts go to ${webhook}`)];
  return faults.map((fault) => wrong(PART, fault, CALL_CODES["7503"]?.remedy ?? ""));
}
