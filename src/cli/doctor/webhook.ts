import { object, record, string } from "zod/mini";
import packageJson from "../../../package.json" with { type: "json" };
import { messageOf } from "../../errors.ts";
import { good, patience, unknown, type Verdict, wrong } from "./examination.ts";

/** The platform waits longer than this, but the caller hears silence meanwhile. */
const SLOW_MS = 5000;

/** Whether the app is up, and whether its webhook turns away a post without a token. */
export async function examineWebhook(appUrl: string, interrupted: AbortSignal): Promise<Verdict[]> {
  return [await examineHealth(appUrl, interrupted), await examinePost(appUrl, interrupted)];
}

const health = object({ version: string() });

async function examineHealth(appUrl: string, interrupted: AbortSignal): Promise<Verdict> {
  const address = `${appUrl}/api/health`;
  try {
    const response = await fetch(address, { signal: patience(interrupted) });
    if (response.status !== 200) {
      await response.body?.cancel();
      return wrong("app", `${address} answered ${response.status}`, remedyOfStatus(response.status));
    }
    const { version } = health.parse(await response.json());
    const { version: own } = packageJson;
    return version === own
      ? good("app", `version ${version} is up at ${appUrl}`)
      : good("app", `version ${version} is up at ${appUrl}; this command is ${own}`);
  } catch (error) {
    return wrong("app", `${address}: ${causeOf(error)}`, "Check the address (--app), and whether the app is deployed.");
  }
}

async function examinePost(appUrl: string, interrupted: AbortSignal): Promise<Verdict> {
  const address = `${appUrl}/api/calls`;
  try {
    const startedAt = performance.now();
    const response = await fetch(address, { method: "POST", body: "{}", signal: patience(interrupted) });
    const ms = Math.round(performance.now() - startedAt);
    await response.body?.cancel();
    if (response.status !== 401) {
      const answered = `${address} answered ${response.status} to a post without a token, not 401`;
      return wrong("webhook", answered, remedyOfStatus(response.status));
    }
    if (response.headers.get("www-authenticate") === null)
      return wrong("webhook", "answers 401 without WWW-Authenticate", "See what stands between here and the app.");
    if (ms > SLOW_MS)
      return wrong("webhook", `turned a post without a token away after ${ms} ms`, "Keep an instance always ready.");
    return good("webhook", `turns away a post without a token (401 in ${ms} ms)`);
  } catch (error) {
    return wrong("webhook", `${address}: ${causeOf(error)}`, "The platform must reach it over https from anywhere.");
  }
}

function remedyOfStatus(status: number): string {
  if (status === 404) return "Nothing is deployed under that address, or not this app: deploy the package.";
  if (status === 403) return "Access restrictions or an IP filter are in the way: Teams must reach the webhook.";
  if (status >= 500) return "The app cannot start or work: see its log, and the settings above.";
  return "Something else answers there: check the address (--app), sign-in in front of the app, and proxies.";
}

const readiness = object({ parts: record(string(), string()) });

/** What the app itself says of its tables, keys and token, by its own identity. */
export async function examineReadiness(
  appUrl: string,
  key: string | undefined,
  interrupted: AbortSignal,
): Promise<Verdict[]> {
  if (key === undefined) {
    return [
      unknown(
        "app's own view",
        "not asked",
        "Give a function key with --key: az functionapp keys list --name APP --resource-group GROUP --query functionKeys.default -o tsv",
      ),
    ];
  }
  const address = `${appUrl}/api/health/ready`;
  try {
    const response = await fetch(address, { headers: { "x-functions-key": key }, signal: patience(interrupted) });
    if (response.status === 401) {
      await response.body?.cancel();
      return [wrong("app's own view", "the key was refused", "Take a function key or host key of this app.")];
    }
    const { parts } = readiness.parse(await response.json());
    return Object.entries(parts).map(([part, state]) =>
      state === "ok"
        ? good(`app's ${part}`, "the app has them")
        : wrong(`app's ${part}`, `the app says ${state}`, remedyOfPart(state)),
    );
  } catch (error) {
    return [wrong("app's own view", `${address}: ${causeOf(error)}`, "See the app's log.")];
  }
}

function remedyOfPart(state: string): string {
  switch (state) {
    case "tables-refused":
      return "Give the app's managed identity the role Storage Table Data Contributor on its tables (infra/ does).";
    case "tables-unavailable":
      return "Check TABLES_ENDPOINT, and that the app's network reaches the storage account.";
    case "keys-unavailable":
      return "Let the app reach OPENID_METADATA_URLS.";
    case "token-unavailable":
      return "Check BOT_CREDENTIAL: for federated, the app registration must trust the managed identity (docs/deploy.md).";
    default:
      return "See the app's log.";
  }
}

/** fetch hides why it failed in the cause. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
