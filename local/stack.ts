import settingsFile from "../local.settings.sample.json" with { type: "json" };
import { type AppProcess, startAppProcess } from "./app-process.ts";
import { type Azurite, freePort, startAzurite, startBlobService } from "./azurite.ts";
import { identitySettings } from "./graph-simulator/identity-endpoint.ts";
import { type GraphSimulator, startGraphSimulator } from "./graph-simulator/server.ts";
import { createTables, seedTables } from "./seed.ts";

/** The settings that the app runs with, unless a port was taken. */
const settings = settingsFile.Values;

/** Where things are when nobody else is there: the sample settings and Azurite's own default say so. */
export const USUAL_PORTS = { app: 7071, simulator: 7072, tables: 10_002 } as const;

/** The token that Graph takes from the app of a local stack. */
const GRAPH_TOKEN = "local-stack";

export interface StackOptions {
  /** The app's port; without one the usual port if it is free, else any. */
  readonly port?: number;
  /** False where somebody else runs the app, on the port given: Core Tools, say. */
  readonly withApp: boolean;
  readonly onLog: (line: { readonly level: string; readonly message: string }) => void;
  /** Told the id of each call that ends. */
  readonly onCallEnded: (callId: string) => void;
}

/** The platform, the tables and the app, all on loopback. */
export interface LocalStack {
  readonly appUrl: string;
  readonly simulator: GraphSimulator;
  readonly tablesConnectionString: string;
  readonly botAppId: string;
  readonly tenantId: string;
  /** Rejects, with a sentence, when a part ends that should not. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Brings up everything: Azurite with the sample rows, the simulator, the app.
 *
 * @throws Error with a sentence; whatever had started by then is stopped
 */
export async function startLocalStack({ port, withApp, onLog, onCallEnded }: StackOptions): Promise<LocalStack> {
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    const appPort = withApp ? await portForApp(port) : (port ?? USUAL_PORTS.app);
    if (!withApp) await requireUsualPorts();
    const azurite = await startAzurite(USUAL_PORTS.tables);
    parts.push(azurite);
    if (!withApp) parts.push(await startBlobService());
    const { connectionString } = azurite;
    await createTables(connectionString);
    await seedTables(connectionString);
    const simulator = await startSimulator(appPort, onCallEnded);
    parts.push({ stop: () => simulator.close() });
    const own = {
      LOCAL_STACK_URL: simulator.url,
      TABLES_CONNECTION_STRING: connectionString,
      ...identitySettings(simulator.url),
    };
    const app = withApp ? await startAppProcess(appPort, own, onLog) : undefined;
    if (app !== undefined) {
      parts.push(app);
      simulator.setWebhookUrl(`${app.url}/api/calls`);
    }
    return {
      appUrl: app?.url ?? `http://127.0.0.1:${appPort}`,
      simulator,
      tablesConnectionString: connectionString,
      botAppId: settings.BOT_APP_ID,
      tenantId: settings.BOT_TENANT_ID,
      broken: breakdown(azurite, app, () => parts.length === 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An app that somebody else starts goes by the sample settings. */
async function requireUsualPorts(): Promise<void> {
  for (const port of [USUAL_PORTS.simulator, USUAL_PORTS.tables]) {
    if ((await freePort(port)) === port) continue;
    throw new Error(`Port ${port}, which local.settings.sample.json names, is taken, perhaps by another npm start.`);
  }
}

async function portForApp(wanted: number | undefined): Promise<number> {
  if (wanted === 0) return 0;
  const port = await freePort(wanted ?? USUAL_PORTS.app);
  if (wanted === undefined || port === wanted) return port;
  throw new Error(`Port ${wanted} is taken, perhaps by another npm start; choose another with -- --port.`);
}

async function startSimulator(appPort: number, onCallEnded: StackOptions["onCallEnded"]): Promise<GraphSimulator> {
  return await startGraphSimulator({
    port: await freePort(USUAL_PORTS.simulator),
    webhookUrl: `http://127.0.0.1:${appPort}/api/calls`,
    botAppId: settings.BOT_APP_ID,
    tenantId: settings.BOT_TENANT_ID,
    graphToken: GRAPH_TOKEN,
    onEvent: (event) => event.type === "call-ended" && onCallEnded(event.callId),
  });
}

function breakdown(azurite: Azurite, app: AppProcess | undefined, isStopping: () => boolean): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when it breaks down, and that alone is no error.
  promise.catch(() => undefined);
  const report = (what: string) => {
    if (!isStopping()) reject(new Error(`${what} ended unexpectedly.`));
  };
  azurite.ended.then(() => report("Azurite"));
  app?.ended.then((code) => report(code === null ? "The app was killed, so it" : `The app (exit code ${code})`));
  return promise;
}
