/** What an error code of Graph's calling API means for a deployment, and what mends it. */
export interface CallCode {
  readonly means: string;
  readonly remedy: string;
}

/** The codes that point at the set-up rather than at one call. Where they were seen stands in docs/operations.md. */
export const CALL_CODES: Readonly<Record<string, CallCode>> = {
  "7503": {
    means: "the bot is not registered for calling",
    remedy:
      "On the Azure Bot's Microsoft Teams channel, enable calling and set the webhook to https://HOST/api/calls; the bot's app id must be BOT_APP_ID.",
  },
  "7504": {
    means: "Calls.Initiate.All is not consented in the call's tenant",
    remedy:
      "Grant the application permission Calls.Initiate.All and have an administrator of that tenant consent; a new grant may take an hour to count.",
  },
  "7505": {
    means: "the token or a target is of another tenant than the call, or a target's kind is wrong",
    remedy:
      "Write resource accounts as resource:ID and bots as app:ID, keep targets in the call's tenant, and check that BOT_TENANT_ID and the consent fit the tenant.",
  },
  "401": {
    means: "Graph did not accept the bot's token",
    remedy: "Check BOT_APP_ID, BOT_CREDENTIAL and CLOUD: tokens of one cloud are worthless in another.",
  },
};
