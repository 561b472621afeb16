import type { CheckContext } from "../check/finding.ts";
import { azureCloud, connection, region, type TablesAddress, targetsThatRing } from "../config.ts";
import { isWrong } from "../errors.ts";
import { type Cloud, localCloud } from "../graph/clouds.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Target } from "../routing/rule.ts";
import { type Environment, guid, httpsUrl, SettingReader } from "../settings.ts";
import { UsageError } from "./exit.ts";
import type { RunningStack } from "./local-stack.ts";

/** The flags that say where the tables are. */
export interface ConnectionFlags {
  readonly endpoint?: string;
  readonly connectionString?: string;
}

/** What the command takes from flags, the environment or the local stack. The names are the app's own. */
export interface CommandSettings {
  readonly tables: TablesAddress;
  /** Which tables these are, for people. Never holds a key. */
  readonly where: string;
  readonly cloud: Cloud;
  readonly region?: Region;
  /** Empty when nobody said: then only accounts without a tenant count as internal. */
  readonly ownTenantId: string;
  readonly botAppId?: string;
  readonly fallbackTargets: readonly Target[];
  /** The local stack, when its tables are these. */
  readonly stack?: RunningStack;
}

/**
 * Decides which tables are meant: those of the flags, else of the environment, else of the local stack.
 *
 * @throws UsageError with everything that is wrong, or that nobody says where the tables are
 */
export function readSettings(flags: ConnectionFlags, env: Environment, stack?: RunningStack): CommandSettings {
  const byFlag = addressOfFlags(flags);
  const read = new SettingReader(env);
  const byEnv = byFlag ?? addressOfEnvironment(read);
  const used = byEnv === undefined ? stack : undefined;
  const tables = byEnv ?? (used && { connectionString: used.settings.TABLES_CONNECTION_STRING ?? "" });
  if (tables === undefined && read.faults.length === 0) throw new UsageError(NOWHERE);
  const reader = used === undefined ? read : new SettingReader({ ...used.settings, ...env });
  const settings = settingsOf(reader, used);
  const faults = [...new Set([...read.faults, ...reader.faults])];
  if (faults.length > 0 || tables === undefined) throw new UsageError(faults.join("\n"));
  return { tables, where: placeOf(tables, used), ...settings, ...(used === undefined ? {} : { stack: used }) };
}

const NOWHERE = `Which tables? Start the local stack with npm start, or name the tables:
  --endpoint https://ACCOUNT.table.core.windows.net   with your own sign-in
  --connection-string TEXT                            with the account's key
or set TABLES_ENDPOINT or TABLES_CONNECTION_STRING.`;

/** What a check of the rows takes from the settings. @param atMs epoch milliseconds */
export function checkContextOf(
  { region, botAppId, fallbackTargets }: Pick<CommandSettings, "region" | "botAppId" | "fallbackTargets">,
  atMs: number,
): CheckContext {
  return {
    atMs,
    hasAppFallback: fallbackTargets.length > 0,
    ...(region === undefined ? {} : { region }),
    ...(botAppId === undefined ? {} : { botAppId }),
  };
}

function settingsOf(read: SettingReader, stack: RunningStack | undefined) {
  const defaultRegion = read.optional("DEFAULT_REGION", region);
  const botAppId = read.optional("BOT_APP_ID", guid);
  const local = read.text("CLOUD")?.toLowerCase() === "local" || stack !== undefined;
  return {
    cloud: local ? localCloud(read.text("LOCAL_STACK_URL") ?? stack?.simulatorUrl ?? "") : azureCloud(read),
    ...(defaultRegion === undefined ? {} : { region: defaultRegion }),
    ownTenantId: read.optional("BOT_TENANT_ID", guid) ?? "",
    ...(botAppId === undefined ? {} : { botAppId }),
    fallbackTargets: read.optional("FALLBACK_TARGET", targetsThatRing(defaultRegion)) ?? [],
  };
}

function addressOfFlags({ endpoint, connectionString }: ConnectionFlags): TablesAddress | undefined {
  if (endpoint !== undefined && connectionString !== undefined)
    throw new UsageError("--endpoint and --connection-string are both given; keep one.");
  if (endpoint !== undefined) {
    const address = httpsUrl(endpoint);
    if (isWrong(address)) throw new UsageError(`--endpoint is "${endpoint}"; ${address.wrong}.`);
    return { endpoint: address };
  }
  if (connectionString === undefined) return undefined;
  const text = connection(connectionString);
  if (isWrong(text)) throw new UsageError(`--connection-string holds a wrong value; ${text.wrong}.`);
  return { connectionString: text };
}

function addressOfEnvironment(read: SettingReader): TablesAddress | undefined {
  const connectionString = read.optional("TABLES_CONNECTION_STRING", connection);
  const endpoint = read.optional("TABLES_ENDPOINT", httpsUrl);
  if (connectionString !== undefined && endpoint !== undefined)
    read.faults.push("TABLES_ENDPOINT and TABLES_CONNECTION_STRING are both set; keep one");
  if (connectionString !== undefined) return { connectionString };
  return endpoint === undefined ? undefined : { endpoint };
}

function placeOf(tables: TablesAddress, stack: RunningStack | undefined): string {
  const address = "endpoint" in tables ? tables.endpoint : endpointIn(tables.connectionString);
  if (stack !== undefined) return `the local stack's, at ${new URL(address).host}`;
  return "endpoint" in tables ? `${address} (your sign-in)` : `${address} (connection string)`;
}

/** The address that a connection string leads to, without its keys. */
function endpointIn(connectionString: string): string {
  const part = (name: string) => new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*([^;]*)`, "i").exec(connectionString)?.[1];
  if (/UseDevelopmentStorage\s*=\s*true/i.test(connectionString)) return "http://127.0.0.1:10002/devstoreaccount1";
  const suffix = part("EndpointSuffix") ?? "core.windows.net";
  return part("TableEndpoint")?.replace(/\?.*$/, "") || `https://${part("AccountName")}.table.${suffix}`;
}
