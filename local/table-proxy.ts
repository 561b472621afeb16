import { Agent, createServer, type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { Azurite } from "./azurite.ts";
import { listen } from "./listen.ts";
import { describeRequest, type TableFailure, type TableFaultPlan, TableFaults } from "./table-faults.ts";

export type { TableFault, TableFaultPlan } from "./table-faults.ts";

/** A way to a table service on which things can be made to go wrong. */
export interface TableProxy {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  /** The service's own, by way of the proxy. */
  readonly connectionString: string;
  /** Requests that arrived, whatever became of them, by table and method: `Calls POST`. */
  readonly requests: ReadonlyMap<string, number>;
  /** Takes the place of all faults that were set before. Requests under way keep what was drawn for them. */
  setFaults(plan: TableFaultPlan): void;
  /** Ends everything at once: no timer, connection or promise is left. May be called again. */
  close(): Promise<void>;
}

export interface TableProxyOptions {
  readonly target: Pick<Azurite, "port" | "connectionString">;
  /** On 127.0.0.1; 0, the default, is any free one. */
  readonly port?: number;
}

/** An answer of the service, whole. */
interface Answer {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/**
 * Starts a proxy in front of a table service. Method, path, headers and body go on as they came, since the client has
 * signed them; so the account's name and key stay what they are.
 *
 * @throws the listen error when the port is taken (`code` EADDRINUSE)
 */
export async function startTableProxy({ target, port = 0 }: TableProxyOptions): Promise<TableProxy> {
  const agent = new Agent({ keepAlive: true });
  const closing = new AbortController();
  const requests = new Map<string, number>();
  const running = new Set<Promise<void>>();
  let faults = new TableFaults({ faults: [] });

  const server = createServer((request, response) => {
    const handling = handle(request, response).catch(() => {
      // Either side has gone, or the proxy is closing.
      response.destroy();
    });
    running.add(handling);
    void handling.then(() => running.delete(handling));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const about = describeRequest(request, body.toString());
    const name = `${about.table} ${about.method}`;
    requests.set(name, (requests.get(name) ?? 0) + 1);
    const waitMs = faults.drawWaitMs(about);
    const failure = faults.drawFailure(about);
    if (waitMs > 0) await delay(waitMs, undefined, { signal: closing.signal });
    if (!response.destroyed) await fail(failure, response, () => forward(request, body));
  }

  function forward({ method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const signal = closing.signal;
      const options = { host: "127.0.0.1", port: target.port, method, path: url, headers: rawHeaders, agent, signal };
      const onward = openRequest(options, (answer) => {
        const { statusCode = 502, rawHeaders: headers } = answer;
        buffer(answer).then((whole) => resolve({ status: statusCode, headers, body: whole }), reject);
      });
      onward.on("error", reject).end(body);
    });
  }

  const url = `http://127.0.0.1:${await listen(server, port)}`;
  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    closing.abort();
    const gone = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all([gone, ...running]);
    agent.destroy();
  }
  return {
    url,
    connectionString: target.connectionString.replace(`http://127.0.0.1:${target.port}`, url),
    requests,
    setFaults: (plan) => {
      faults = new TableFaults(plan);
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** Carries a request out and answers it, as far as its fault lets that happen. */
async function fail(
  failure: TableFailure["kind"] | undefined,
  response: ServerResponse,
  carryOut: () => Promise<Answer>,
): Promise<void> {
  switch (failure) {
    case "hang":
      return;
    case "down":
    case "reset-before":
      response.socket?.resetAndDestroy();
      return;
    case "busy":
    case "throttle":
      send(response, serverBusy());
      return;
    case "reset-after":
      await carryOut();
      response.socket?.resetAndDestroy();
      return;
    case "reset-mid":
      cutShort(response, await carryOut());
      return;
    case undefined:
      send(response, await carryOut());
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, endToEnd(headers, body)).end(body);
}

function cutShort(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body.length === 0) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, endToEnd(headers, body));
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** What concerns one connection alone stays behind; the body is whole, so its length is known. */
function endToEnd(headers: readonly string[], body: Buffer): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!/^(connection|keep-alive|transfer-encoding|content-length)$/i.test(name)) {
      kept.push(name, headers[index + 1] ?? "");
    }
  }
  return body.length === 0 ? kept : [...kept, "content-length", String(body.length)];
}

/** The table service's own words, with its ids. */
function serverBusy(): Answer {
  const value =
    "The server is currently unable to receive requests. Please retry your request.\n" +
    `RequestId:${crypto.randomUUID()}\nTime:${new Date().toISOString()}`;
  return {
    status: 503,
    headers: ["content-type", "application/json;odata=minimalmetadata;streaming=true;charset=utf-8"],
    body: Buffer.from(JSON.stringify({ "odata.error": { code: "ServerBusy", message: { lang: "en-US", value } } })),
  };
}
