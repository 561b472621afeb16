import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { TableClient } from "@azure/data-tables";
import * as z from "zod/mini";
import { freePort } from "../../local/azurite.ts";
import { identitySettings } from "../../local/graph-simulator/identity-endpoint.ts";
import { createTables } from "../../local/seed.ts";
import { buildHarness } from "./apps.ts";
import { type Child, type ChildOptions, startChild } from "./child.ts";

/** What every contender stands on, each in a process of its own and silent: tables, keys and Graph. */
export interface Stage {
  readonly tables: Child;
  readonly platform: Child;
  readonly connectionString: string;
  /** Settings that lead an app to this stage. */
  readonly settings: Readonly<Record<string, string>>;
  /** Starts a process that `stop` will end. */
  start(script: string, options?: ChildOptions): Promise<Child>;
  /** Starts a built app in the local Functions host. */
  startApp(appRoot: string, nodeOptions?: readonly string[]): Promise<Child>;
  tokens(count: number): Promise<readonly string[]>;
  /** Makes a table, or empties it: a write takes Azurite the longer the more rows there are. */
  emptyTable(name: string): Promise<void>;
  /** When the redirects came that have come since last asked, by call id; see `monotonicMs`. */
  arrivals(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** Azurite's account and its documented key. */
const ACCOUNT =
  "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const SETTINGS = path("../../local.settings.sample.json");

const tokenList = z.array(z.string());
const arrivalList = z.array(z.tuple([z.string(), z.number()]));

/** Starts Azurite's table service. */
async function startTables(start: Stage["start"]): Promise<Child> {
  return await start(createRequire(import.meta.url).resolve("azurite/dist/src/table/main.js"), {
    args: [
      ...["--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"],
      ...["--tableHost", "127.0.0.1", "--tablePort", String(await freePort())],
      ...["--tableKeepAliveTimeout", "600"],
    ],
  });
}

/**
 * Brings up the tables, empty, and the platform.
 *
 * @param tablesOf starts a table service; default: Azurite's
 */
export async function startStage(tablesOf = startTables): Promise<Stage> {
  const harness = await buildHarness();
  const children: Child[] = [];
  const start = async (script: string, options?: ChildOptions) => {
    const child = await startChild(script, harness.usageHook, options);
    children.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(children.splice(0).map((child) => child.stop()));
  };
  try {
    const tables = await tablesOf(start);
    const platform = await start(path("platform-process.ts"));
    const connectionString = `DefaultEndpointsProtocol=http;${ACCOUNT};TableEndpoint=${tables.url}/devstoreaccount1;`;
    await createTables(connectionString);
    const settings = {
      LOCAL_STACK_URL: platform.url,
      TABLES_CONNECTION_STRING: connectionString,
      ...identitySettings(platform.url),
    };
    const ask = async (what: string): Promise<unknown> => await (await fetch(`${platform.url}/bench/${what}`)).json();
    return {
      tables,
      platform,
      connectionString,
      settings,
      start,
      startApp: (appRoot, nodeOptions = []) =>
        start(harness.host, {
          args: ["--port", "0", "--settings", SETTINGS],
          cwd: appRoot,
          env: settings,
          nodeOptions,
        }),
      tokens: async (count) => tokenList.parse(await ask(`tokens?count=${count}`)),
      async emptyTable(name) {
        const table = TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
        await table.deleteTable();
        await table.createTable();
      },
      arrivals: async () => new Map(arrivalList.parse(await ask("arrivals"))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds of the clock that all processes of a machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
