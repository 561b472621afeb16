import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type Azurite, freePort } from "../../local/azurite.ts";
import { openLeanTables } from "../../src/store/lean-pipeline.ts";
import type { Tables } from "../../src/store/tables.ts";

/** The app's tables at a port of this machine, under an account that nobody checks. @param proof of who asks */
function tablesAt(port: number, proof = "AccountName=anybody;AccountKey=YW55Ym9keQ=="): Tables {
  return openConnection(`DefaultEndpointsProtocol=http;${proof};TableEndpoint=http://127.0.0.1:${port}/anybody;`);
}

/** Tables at a port where nothing listens. */
export async function tablesOfNobody(): Promise<Tables> {
  return tablesAt(await freePort());
}

export interface StubService {
  readonly tables: Tables;
  /** How many requests have come. */
  requests(): number;
}

/** A table service that answers every request alike, until the test ends. */
export async function aTableService(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  proof?: string,
): Promise<StubService> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  const port = await listen(server, () => server.closeAllConnections());
  return { tables: tablesAt(port, proof), requests: () => requests };
}

export interface Way {
  readonly tables: Tables;
  /** From now on whatever is sent is swallowed, and nothing answered. */
  swallow(): void;
  /** The next request arrives, but its answer is lost and the connection with it. */
  loseAnswer(): void;
}

/** Tables by a way to Azurite that can be disturbed. */
export async function aWayTo({ port, connectionString }: Azurite): Promise<Way> {
  let swallowing = false;
  let losing = false;
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    near.on("close", () => far.destroy());
    near.on("data", (chunk) => {
      if (!swallowing) far.write(chunk);
    });
    far.on("data", (chunk) => {
      if (losing) near.destroy();
      else near.write(chunk);
      losing = false;
    });
  });
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const detour = connectionString.replace(`:${port}/`, `:${await listen(server, hangUp)}/`);
  return {
    tables: openConnection(detour),
    swallow() {
      swallowing = true;
    },
    loseAnswer() {
      losing = true;
    },
  };
}

/** As the app opens its tables. */
export function openConnection(connectionString: string): Tables {
  return openLeanTables({ connectionString }, () => {
    throw new Error("a connection string needs no credential");
  });
}

/** Listens at a free port until the test ends. @param hangUp ends the connections that are still open then */
async function listen(server: Server, hangUp: () => void): Promise<number> {
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    hangUp();
    await closed;
  });
  return port;
}
