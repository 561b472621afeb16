import { isWrong, type Reading } from "./errors.ts";
import { maskNumbers } from "./mask.ts";
import { normaliseGuid } from "./routing/party.ts";

/** Names of all settings that Ringroute reads; the host has others of its own. */
export const SETTING_NAMES = [
  "BOT_APP_ID",
  "BOT_TENANT_ID",
  "BOT_CREDENTIAL",
  "MANAGED_IDENTITY_CLIENT_ID",
  "BOT_CERTIFICATE_PATH",
  "BOT_CLIENT_SECRET",
  "TABLES_ENDPOINT",
  "TABLES_CONNECTION_STRING",
  "CALLBACK_BASE_URL",
  "CLOUD",
  "OPENID_METADATA_URLS",
  "TOKEN_ISSUERS",
  "LOCAL_STACK_URL",
  "ALLOWED_TENANTS",
  "FALLBACK_TARGET",
  "DEFAULT_REGION",
  "DEADLINE_SECONDS",
  "ROUTES_CACHE_SECONDS",
  "CALLS_RETENTION_DAYS",
  "MASK_CALLERS",
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

/** Set by Azure wherever it runs an app, by one plan or another, and by nobody else. */
export const MARKS_OF_AZURE = ["WEBSITE_INSTANCE_ID", "WEBSITE_POD_NAME", "WEBSITE_SKU"] as const;

/** What the host sets and Ringroute heeds. */
export type HostSettingName = "WEBSITE_HOSTNAME" | (typeof MARKS_OF_AZURE)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings never shown in a message. */
const SECRET: ReadonlySet<SettingName> = new Set(["BOT_CLIENT_SECRET", "TABLES_CONNECTION_STRING"]);
/** A connection string in the wrong place is not shown either, nor an address with a password. */
const LOOKS_SECRET = /-----BEGIN|(AccountKey|SharedAccessSignature|sig)\s*=|:\/\/[^/\s]*:[^/\s]*@/i;
/** Settings that hold people's numbers, which are masked wherever they are logged. */
const WITH_NUMBERS: ReadonlySet<SettingName> = new Set(["FALLBACK_TARGET"]);

/** Takes settings one by one and gathers what is wrong with them, so that one message can name them all. */
export class SettingReader {
  readonly faults: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The setting as typed; blank counts as not set. */
  text(name: SettingName | HostSettingName): string | undefined {
    return this.#environment[name]?.trim() || undefined;
  }

  optional<T>(name: SettingName, reading: Reading<T>): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = reading(text);
    if (!isWrong(value)) return value;
    const held = SECRET.has(name) || LOOKS_SECRET.test(text) ? "holds a wrong value" : `is "${text}"`;
    const fault = `${name} ${held}; ${value.wrong}`;
    this.faults.push(WITH_NUMBERS.has(name) ? maskNumbers(fault) : fault);
    return undefined;
  }

  /**
   * @param why what makes the setting necessary, to follow "is not set"
   * @returns the value, or undefined once a fault is noted
   */
  required<T>(name: SettingName, reading: Reading<T>, why = ""): T | undefined {
    if (this.text(name) !== undefined) return this.optional(name, reading);
    const value = reading("");
    this.faults.push(`${name} is not set${why}; ${isWrong(value) ? value.wrong : "give it a value"}`);
    return undefined;
  }
}

/** A reading that takes what `read` makes of a text, and otherwise says what to use. */
export function reading<T>(use: string, read: (text: string) => T | undefined): Reading<T> {
  return (text) => read(text) ?? { wrong: `use ${use}` };
}

export const guid = reading("an id such as 6d17c2f5-eac8-588b-835e-843f1323bef3", normaliseGuid);
export const httpsUrl = reading("an address that starts with https://", (text) => address(text, ["https:"]));
export const httpUrl = reading("an address that starts with http:// or https://", (text) =>
  address(text, ["http:", "https:"]),
);
export const loopbackUrl = reading(
  "the loopback address that npm start prints, such as http://127.0.0.1:7072",
  (text) => {
    const url = address(text, ["http:", "https:"]);
    const host = url === undefined ? "" : new URL(url).hostname;
    return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host) ? url : undefined;
  },
);
export const trueOrFalse = reading("true or false", (text) => {
  const index = ["false", "true", "0", "1"].indexOf(text.toLowerCase());
  return index < 0 ? undefined : index % 2 === 1;
});

export function nonEmpty(what: string): Reading<string> {
  return reading(what, (text) => text || undefined);
}

export function oneOf<T extends string>(names: readonly T[], more = ""): Reading<T> {
  return reading(`${names.join(", ")}${more}`, (text) => names.find((name) => name === text.toLowerCase()));
}

export function numberIn(least: number, most: number): Reading<number> {
  return reading(`a number from ${least} to ${most}`, (text) => {
    const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  });
}

/** A comma-separated list with at least one entry. */
export function listOf<T>(entry: Reading<T>): Reading<T[]> {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    const values: T[] = [];
    for (const part of parts) {
      const value = entry(part);
      if (isWrong(value)) return { wrong: `${value.wrong}, or several with commas between` };
      values.push(value);
    }
    return values;
  };
}

function address(text: string, protocols: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return protocols.includes(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
    ? text.replace(/\/+$/, "")
    : undefined;
}
