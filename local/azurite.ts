import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";

/** A service of Azurite in a process of its own. */
interface AzuriteProcess {
  /** Resolves when it ends, by itself or because it was stopped. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A running Azurite that serves tables only, from memory. */
export interface Azurite extends AzuriteProcess {
  readonly port: number;
  /** With the account's key; Storage Explorer takes it as it is. */
  readonly connectionString: string;
}

/** The account that every Azurite has, with the key that its documentation prints. */
const WELL_KNOWN = {
  name: "devstoreaccount1",
  key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

/**
 * Starts Azurite's table service as a child process, on 127.0.0.1.
 *
 * @param wanted port; any other is taken when it is not free
 * @throws Error with what Azurite said when it ends before it listens
 */
export async function startAzurite(wanted = 0): Promise<Azurite> {
  try {
    return await startTables(await freePort(wanted));
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("EADDRINUSE"))) throw error;
    // Somebody else took the port between the look and the start.
    return await startTables(await freePort());
  }
}

async function startTables(port: number): Promise<Azurite> {
  return { port, connectionString: connectionStringOf(port), ...(await startService("table", port)) };
}

/** Starts Azurite's blob service, where the real Functions host keeps its locks, on its usual port. */
export async function startBlobService(): Promise<AzuriteProcess> {
  return await startService("blob", USUAL_BLOB_PORT);
}

const USUAL_BLOB_PORT = 10_000;

/** Ends the process when whoever started it is gone, by whatever signal: nobody holds the other end of its stdin then. */
export const END_WITH_STDIN = 'data:text/javascript,process.stdin.on("close", () => process.exit()).resume()';
/** Milliseconds that Azurite may take to end by itself. */
const STOP_MS = 2000;

async function startService(service: "table" | "blob", port: number): Promise<AzuriteProcess> {
  const main = createRequire(import.meta.url).resolve(`azurite/dist/src/${service}/main.js`);
  const address = [`--${service}Host`, "127.0.0.1", `--${service}Port`, String(port)];
  const options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", ...address];
  const child = spawn(process.execPath, ["--import", END_WITH_STDIN, main, ...options], {
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C is for whoever started it, which then stops it in its turn.
    detached: true,
  });
  const ended = once(child, "exit").then(() => {});
  await listening(child);
  return {
    ended,
    async stop() {
      child.kill();
      const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

function connectionStringOf(port: number): string {
  const { name, key } = WELL_KNOWN;
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};TableEndpoint=http://127.0.0.1:${port}/${name};`;
}

/** Azurite says on its standard output when it listens. */
async function listening(child: ChildProcess): Promise<void> {
  let said = "";
  const ready = Promise.withResolvers<void>();
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    if (/service successfully (started|listens)/.test(said)) ready.resolve();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  child.once("error", ready.reject);
  child.once("exit", (code) =>
    ready.reject(new Error(`Azurite ended with ${code} before it listened: ${said.trim()}`)),
  );
  await ready.promise;
}

/** A port of 127.0.0.1 that is free now: the wanted one if it is, else any. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  const port = await new Promise<number | undefined>((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? address?.port : undefined);
    });
  });
  if (port === undefined) return await freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
