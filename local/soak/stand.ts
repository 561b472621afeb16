import { TableClient } from "@azure/data-tables";
import settingsFile from "../../local.settings.sample.json" with { type: "json" };
import { startAzurite } from "../azurite.ts";
import { identitySettings } from "../graph-simulator/identity-endpoint.ts";
import { seededRandom } from "../graph-simulator/random.ts";
import { type GraphSimulator, startGraphSimulator } from "../graph-simulator/server.ts";
import { createTables } from "../seed.ts";
import { startTableProxy, type TableProxy } from "../table-proxy.ts";
import { FALLBACK_TARGET, writeDialPlan } from "./dial-plan.ts";
import { AppLog } from "./evidence.ts";
import { type Forwarder, startForwarder } from "./forwarder.ts";
import { Instance } from "./instances.ts";

/** Everything that a storm needs, on loopback: tables behind their fault proxy, the platform, two instances of the app. */
export interface Stand {
  readonly simulator: GraphSimulator;
  readonly tableProxy: TableProxy;
  readonly forwarder: Forwarder;
  readonly instances: readonly [Instance, Instance];
  readonly log: AppLog;
  /** Names of processes that ended though nobody ended them. */
  readonly crashes: readonly string[];
  readonly botAppId: string;
  /** The rows of Calls, past the proxy. */
  readCalls(): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const { BOT_APP_ID, BOT_TENANT_ID } = settingsFile.Values;

/** The token that Graph takes from the app of a local stack. */
const GRAPH_TOKEN = "local-stack";
/** How long an answered call lasts. Real ones last longer, and meanwhile nothing can go wrong with them. */
const TALK_MS = 100;

/** @throws what a part throws that cannot start; whatever had started by then is stopped */
export async function startStand(seed: number): Promise<Stand> {
  const parts: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopPart of parts.splice(0).reverse()) await stopPart();
  };
  try {
    const azurite = await startAzurite();
    parts.push(() => azurite.stop());
    const { connectionString } = azurite;
    await createTables(connectionString);
    await writeDialPlan(connectionString, BOT_APP_ID);
    const tableProxy = await startTableProxy({ target: azurite });
    parts.push(() => tableProxy.close());

    const instances: Instance[] = [];
    const forwarder = await startForwarder({
      incarnations: () => instances.flatMap(({ incarnation }) => incarnation ?? []),
      random: seededRandom(seed + 1),
    });
    parts.push(() => forwarder.close());
    const simulator = await startGraphSimulator({
      port: 0,
      webhookUrl: `${forwarder.url}/api/calls`,
      botAppId: BOT_APP_ID,
      tenantId: BOT_TENANT_ID,
      graphToken: GRAPH_TOKEN,
      talkMs: TALK_MS,
    });
    parts.push(() => simulator.close());

    const app = createPair(simulator, tableProxy);
    for (const instance of app.instances) {
      parts.push(() => instance.end(async () => {}));
      await instance.start();
      instances.push(instance);
    }
    const platform = { simulator, tableProxy, forwarder, botAppId: BOT_APP_ID };
    return { ...platform, ...app, readCalls: () => readCalls(connectionString), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Two instances, not started yet, with what they will have said. */
function createPair(simulator: GraphSimulator, tableProxy: TableProxy): Pick<Stand, "instances" | "log" | "crashes"> {
  const log = new AppLog();
  const crashes: string[] = [];
  const options = {
    settings: {
      LOCAL_STACK_URL: simulator.url,
      TABLES_CONNECTION_STRING: tableProxy.connectionString,
      ...identitySettings(simulator.url),
      FALLBACK_TARGET,
    },
    onLog: (message: string) => log.read(message),
    onCrash: (name: string, code: number | null) => crashes.push(`${name} (exit code ${code})`),
  };
  return { instances: [new Instance("A", options), new Instance("B", options)], log, crashes };
}

async function readCalls(connectionString: string): Promise<Record<string, unknown>[]> {
  const calls = TableClient.fromConnectionString(connectionString, "Calls", { allowInsecureConnection: true });
  const columns = ["callId", "status", "action", "graphStatus", "graphCode", "outcome", "endedAt"];
  const rows: Record<string, unknown>[] = [];
  for await (const row of calls.listEntities<Record<string, unknown>>({ queryOptions: { select: columns } })) {
    rows.push(row);
  }
  return rows;
}
