import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { freePort } from "../../local/azurite.ts";
import { openTables, type Tables } from "../../src/store/tables.ts";

/** The app's tables at a port of this machine, under an account that nobody checks. */
export function tablesAt(port: number): Tables {
  const account = `AccountName=anybody;AccountKey=YW55Ym9keQ==;TableEndpoint=http://127.0.0.1:${port}/anybody;`;
  return openTables({ connectionString: `DefaultEndpointsProtocol=http;${account}` }, () => {
    throw new Error("a connection string needs no credential");
  });
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
): Promise<StubService> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  const port = await listen(server, () => server.closeAllConnections());
  return { tables: tablesAt(port), requests: () => requests };
}

/** A way to a port that can be made to swallow whatever is sent through it. */
export async function aWayTo(port: number): Promise<{ readonly port: number; swallow(): void }> {
  let swallowing = false;
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    near.on("data", (chunk) => {
      if (!swallowing) far.write(chunk);
    });
    far.pipe(near);
    near.on("close", () => far.destroy());
  });
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: await listen(server, hangUp),
    swallow() {
      swallowing = true;
    },
  };
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
