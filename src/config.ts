import { isWrong, type Reading } from "./errors.ts";
import { CLOUDS, type Cloud, localCloud } from "./graph/clouds.ts";
import { isRegion, type Region } from "./routing/phone-number.ts";
import type { Target } from "./routing/rule.ts";
import { parseTargets, tooMany } from "./routing/targets.ts";
import {
  type Environment,
  guid,
  httpsUrl,
  httpUrl,
  listOf,
  loopbackUrl,
  MARKS_OF_AZURE,
  nonEmpty,
  numberIn,
  oneOf,
  reading,
  SettingReader,
  trueOrFalse,
} from "./settings.ts";

/** How the bot proves to Entra who it is. */
export type BotCredential =
  | { readonly kind: "federated"; readonly managedIdentityClientId: string }
  | { readonly kind: "managed-identity" }
  | { readonly kind: "certificate"; readonly path: string }
  /** Certificate and key themselves, as a reference to Key Vault puts them in the setting. */
  | { readonly kind: "certificate"; readonly pem: string }
  | { readonly kind: "secret"; readonly secret: string }
  /** The local stack's Graph takes one fixed token, which is known, or asked of the machine's managed identity. */
  | { readonly kind: "local"; readonly asksIdentity: boolean };

export type TablesAddress = { readonly endpoint: string } | { readonly connectionString: string };

/** Every setting, checked. */
export interface Config {
  readonly botAppId: string;
  readonly botTenantId: string;
  readonly credential: BotCredential;
  /** The identity by which the app reaches its tables, where it has more than its own. */
  readonly managedIdentityClientId?: string;
  readonly cloud: Cloud;
  readonly tables: TablesAddress;
  /** https, without a slash at its end; callback addresses start with it. */
  readonly callbackBaseUrl: string;
  readonly allowedTenants: ReadonlySet<string>;
  readonly fallbackTargets: readonly Target[];
  readonly defaultRegion?: Region;
  readonly deadlineMs: number;
  readonly routesCacheMs: number;
  readonly callsRetentionDays: number;
  readonly maskCallers: boolean;
}

/** Every setting at fault, in one message: what it holds (secrets never) and what it may hold. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? "a setting is" : `${faults.length} settings are`;
    super(`Ringroute cannot start: ${count} wrong.\n  ${faults.join("\n  ")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/**
 * Reads and checks all settings together. The only reader of the environment.
 *
 * @param environment names and values; blank counts as not set
 * @throws ConfigError with every setting at fault
 */
export function loadConfig(environment: Environment): Config {
  const read = new SettingReader(environment);
  const local = read.text("CLOUD")?.toLowerCase() === "local";
  const cloud = local ? localStack(read) : azureCloud(read);
  const botTenantId = read.required("BOT_TENANT_ID", guid) ?? "";
  const defaultRegion = read.optional("DEFAULT_REGION", region);
  const botAppId = read.required("BOT_APP_ID", guid) ?? "";
  const signIn = local ? localCredential(read) : credential(read);
  const config: Config = {
    botAppId,
    botTenantId,
    credential: signIn,
    ...tablesIdentity(read, signIn),
    cloud: {
      ...cloud,
      metadataUrls: read.optional("OPENID_METADATA_URLS", listOf(local ? httpUrl : httpsUrl)) ?? cloud.metadataUrls,
      issuers: read.optional("TOKEN_ISSUERS", listOf(httpsUrl)) ?? cloud.issuers,
    },
    tables: tablesAddress(read),
    callbackBaseUrl: callbackBaseUrl(read),
    allowedTenants: new Set(read.optional("ALLOWED_TENANTS", listOf(guid)) ?? [botTenantId]),
    fallbackTargets: read.optional("FALLBACK_TARGET", targetsThatRing(defaultRegion)) ?? [],
    ...(defaultRegion ? { defaultRegion } : {}),
    // The platform's limit is 15 s from its own clock; a second of it is the network's.
    deadlineMs: 1000 * (read.optional("DEADLINE_SECONDS", numberIn(1, 14)) ?? 10),
    routesCacheMs: 1000 * (read.optional("ROUTES_CACHE_SECONDS", numberIn(0, 3600)) ?? 5),
    callsRetentionDays: read.optional("CALLS_RETENTION_DAYS", numberIn(1, 3650)) ?? 30,
    maskCallers: read.optional("MASK_CALLERS", trueOrFalse) ?? false,
  };
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  return config;
}

/** Fallback targets ring together. */
export function targetsThatRing(defaultRegion: Region | undefined): Reading<readonly Target[]> {
  return (text) => {
    const targets = parseTargets(text, defaultRegion);
    const many = isWrong(targets) ? undefined : tooMany(targets);
    return many === undefined ? targets : { wrong: many };
  };
}

/** A country's two letters. */
export const region = reading("a country's two letters, such as US", (text) => {
  const upper = text.toUpperCase();
  return isRegion(upper) ? upper : undefined;
});

/** The cloud that CLOUD names, with worldwide Azure for none. */
export function azureCloud(read: SettingReader): Cloud {
  const names = Object.keys(CLOUDS) as (keyof typeof CLOUDS)[];
  const name = read.optional("CLOUD", oneOf(names, ", or local for the local stack"));
  const isMistyped = name === undefined && read.text("CLOUD") !== undefined;
  if (!isMistyped && read.text("LOCAL_STACK_URL") !== undefined) {
    read.faults.push("LOCAL_STACK_URL is set, but counts only with CLOUD=local; remove it");
  }
  return CLOUDS[name ?? "global"];
}

function localStack(read: SettingReader): Cloud {
  if (MARKS_OF_AZURE.some((mark) => read.text(mark) !== undefined)) {
    read.faults.push('CLOUD is "local", which is refused in Azure; use global, usgov or usgovdod');
  }
  return localCloud(read.required("LOCAL_STACK_URL", loopbackUrl, ", which CLOUD=local needs") ?? "");
}

const CREDENTIALS = ["federated", "managed-identity", "certificate", "secret"] as const;

/** A secret or certificate of the bot's is for Entra alone, and nothing is asked of Entra here. */
function localCredential(read: SettingReader): BotCredential {
  const typed = read.optional("BOT_CREDENTIAL", oneOf(CREDENTIALS));
  return { kind: "local", asksIdentity: typed === "managed-identity" };
}

function credential(read: SettingReader): BotCredential {
  const typed = read.optional("BOT_CREDENTIAL", oneOf(CREDENTIALS));
  // What a mistyped kind would need, nobody knows; this one needs nothing more.
  const kind = typed ?? (read.text("BOT_CREDENTIAL") === undefined ? "federated" : "managed-identity");
  const why = `, which BOT_CREDENTIAL=${kind} needs`;
  switch (kind) {
    case "federated":
      return { kind, managedIdentityClientId: read.required("MANAGED_IDENTITY_CLIENT_ID", guid, why) ?? "" };
    case "managed-identity":
      return { kind };
    case "certificate": {
      const path = nonEmpty("the path of a PEM file that holds certificate and key");
      const text = read.required("BOT_CERTIFICATE_PATH", path, why) ?? "";
      return text.startsWith("-----BEGIN ") ? { kind, pem: text } : { kind, path: text };
    }
    case "secret": {
      const secret = nonEmpty("a client secret of the app registration");
      return { kind, secret: read.required("BOT_CLIENT_SECRET", secret, why) ?? "" };
    }
  }
}

function tablesIdentity(read: SettingReader, signIn: BotCredential): Pick<Config, "managedIdentityClientId"> {
  if (signIn.kind === "federated") return { managedIdentityClientId: signIn.managedIdentityClientId };
  const managedIdentityClientId = read.optional("MANAGED_IDENTITY_CLIENT_ID", guid);
  return managedIdentityClientId === undefined ? {} : { managedIdentityClientId };
}

/** A connection string that can lead to tables. */
export const connection = reading(
  "a storage account's connection string with AccountName and AccountKey, or UseDevelopmentStorage=true",
  (text) => {
    const parts = new Map(
      text.split(";").map((part) => [part.split("=")[0]?.trim().toLowerCase(), part.split("=")[1]?.trim()]),
    );
    const endpoint = parts.get("tableendpoint");
    const named = parts.get("accountname") && parts.get("accountkey");
    const signed = endpoint && parts.get("sharedaccesssignature");
    const usable = parts.get("usedevelopmentstorage") === "true" || named || signed;
    return usable && (endpoint === undefined || URL.canParse(endpoint)) ? text : undefined;
  },
);

function tablesAddress(read: SettingReader): TablesAddress {
  const connectionString = read.optional("TABLES_CONNECTION_STRING", connection);
  const endpoint = read.optional("TABLES_ENDPOINT", httpsUrl);
  const both = [read.text("TABLES_CONNECTION_STRING"), read.text("TABLES_ENDPOINT")].filter(
    (text) => text !== undefined,
  );
  if (both.length === 2) read.faults.push("TABLES_ENDPOINT and TABLES_CONNECTION_STRING are both set; keep one");
  if (both.length === 0) {
    read.faults.push(
      "TABLES_ENDPOINT is not set; use https://ACCOUNT.table.core.windows.net, or TABLES_CONNECTION_STRING",
    );
  }
  return connectionString === undefined ? { endpoint: endpoint ?? "" } : { connectionString };
}

function callbackBaseUrl(read: SettingReader): string {
  const host = read.text("WEBSITE_HOSTNAME");
  if (host !== undefined && read.text("CALLBACK_BASE_URL") === undefined) return `https://${host}`;
  return read.required("CALLBACK_BASE_URL", httpsUrl, ", and the site has no host name (WEBSITE_HOSTNAME)") ?? "";
}
