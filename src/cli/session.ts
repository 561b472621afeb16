import type { TableServiceClientOptions } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { openTables, type Tables } from "../store/tables.ts";
import type { Host } from "./host.ts";
import { findLocalStack } from "./local-stack.ts";
import { Output } from "./output.ts";
import { type CommandSettings, type ConnectionFlags, readSettings } from "./settings.ts";

/** What every command works with. */
export interface Session {
  readonly tables: Tables;
  readonly settings: CommandSettings;
  readonly out: Output;
  readonly host: Host;
  /** The moment at which the command began: one `now` for all that it says. */
  readonly startedAt: Date;
}

/**
 * Finds the tables and says which they are.
 *
 * @throws UsageError when nobody says where they are
 */
export async function openSession(flags: ConnectionFlags, host: Host): Promise<Session> {
  const isNamed = [flags.endpoint, flags.connectionString, host.env.TABLES_ENDPOINT, host.env.TABLES_CONNECTION_STRING];
  const stack = isNamed.some((text) => text?.trim()) ? undefined : await findLocalStack(host.cwd);
  const settings = readSettings(flags, host.env, stack);
  const tables = await connectTables(settings);
  const out = new Output(host);
  out.tell(`Tables: ${settings.where}`);
  return { tables, settings, out, host, startedAt: host.now() };
}

/** Milliseconds that one try of a request may take: the longest that the table service itself works on one. */
const TRY_MS = 30_000;

/**
 * The tables; without options with the SDK's own retries, since nobody is on the line. A request that is not answered in
 * time ends with a Fault `late`.
 */
export async function connectTables(
  settings: Pick<CommandSettings, "tables" | "cloud">,
  options: TableServiceClientOptions = {},
  tryMs = TRY_MS,
): Promise<Tables> {
  const credential = "endpoint" in settings.tables ? await signIn(settings) : undefined;
  return openTables(
    settings.tables,
    () => {
      if (credential === undefined) throw new TypeError("a connection string needs no credential");
      return credential;
    },
    { ...options, additionalPolicies: [...(options.additionalPolicies ?? []), timeLimit(tryMs)] },
  );
}

function timeLimit(timeoutMs: number): NonNullable<TableServiceClientOptions["additionalPolicies"]>[number] {
  return {
    position: "perCall",
    policy: {
      name: "timeLimitPolicy",
      sendRequest(request, next) {
        request.timeout = timeoutMs;
        return next(request);
      },
    },
  };
}

/** Whoever is signed in on this machine. The library takes a while to load, and a connection string needs none of it. */
export async function signIn({ cloud }: Pick<CommandSettings, "cloud">): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential({ authorityHost: cloud.authorityHost });
}
