import { TableClient } from "@azure/data-tables";
import { afterAll, beforeAll, expect } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";
import type { LogLine } from "../../local/functions-host/core-types.ts";
import { type FunctionsHost, startFunctionsHost } from "../../local/functions-host/host.ts";
import type { Fault } from "../../local/graph-simulator/faults.ts";
import { identitySettings } from "../../local/graph-simulator/identity-endpoint.ts";
import type { SimulatorEvent } from "../../local/graph-simulator/records.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";
import { createTables } from "../../local/seed.ts";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import { showsNumber, tokenPartsIn } from "./leaks.ts";

/** The parties of the fixtures. */
export const BOT = "570cd818-9325-59a7-9b41-20d893417843";
export const ACCOUNT = "84292c1d-8acc-582c-b421-be858516a6a1";
export const CONTOSO = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
export const FABRIKAM = "54a1b54f-9133-52a1-81d4-11a3ba2ede7e";
export const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";
export const BOB = "442bf7d8-aa2f-5999-b696-46483e5a6f02";

/** Opens the functions that are not for everybody. */
export const FUNCTION_KEY = "function-key-of-the-tests";

type GraphRequest = Extract<SimulatorEvent, { type: "graph-request" }>;

export interface StackOptions {
  /** Puts the proxy between the app and Azurite. */
  readonly tableProxy?: boolean;
  /** Of the simulator, from before the app starts. */
  readonly faults?: readonly Fault[];
  /** Whether the app signs in to Graph by the machine's identity, as in Azure; default: the local stack's fixed token. */
  readonly managedIdentity?: boolean;
  /** How long the platform waits for a call to be redirected or rejected; default: the simulator's. */
  readonly answerWithinMs?: number;
}

export interface PostOptions {
  /** Null sends no token; absent sends a good one. */
  readonly token?: string | null;
  /** Below `/api/`. */
  readonly path?: string;
}

/** The app in this process, over HTTP, with a real table service and the simulator behind it. */
export class TestStack {
  readonly azurite: Azurite;
  readonly simulator: GraphSimulator;
  readonly host: FunctionsHost;
  readonly graphRequests: GraphRequest[];
  readonly logLines: LogLine[];
  readonly #tableProxy: TableProxy | undefined;
  readonly #posted: string[] = [];

  constructor(
    parts: Pick<TestStack, "azurite" | "simulator" | "host" | "graphRequests" | "logLines">,
    tableProxy?: TableProxy,
  ) {
    this.azurite = parts.azurite;
    this.simulator = parts.simulator;
    this.host = parts.host;
    this.graphRequests = parts.graphRequests;
    this.logLines = parts.logLines;
    this.#tableProxy = tableProxy;
  }

  /** What the app's tables are reached through; the tests' own way to them goes past it. */
  get tableProxy(): TableProxy {
    if (this.#tableProxy === undefined) throw new Error("the stack was started without a table proxy");
    return this.#tableProxy;
  }

  /** Ends everything but Azurite at once. May be called again. */
  async close(): Promise<void> {
    await this.host.close(0);
    await this.simulator.close();
    await this.#tableProxy?.close();
  }

  /** Lines of the app's log that hold a token or a whole number. No test's doings may put one there. */
  leaksInLog(): string[] {
    const rung = JSON.stringify(this.simulator.calls().map(({ caller }) => caller));
    const numbers = [...`${this.#posted.join(" ")} ${rung}`.matchAll(/\+\d{8,}/g)].map(([number]) => number);
    return this.logLines.flatMap(({ message }) => {
      const leaks = tokenPartsIn(message).length > 0 || numbers.some((number) => showsNumber(message, number));
      return leaks ? [message] : [];
    });
  }

  async post(body: unknown, { token, path = "calls" }: PostOptions = {}): Promise<Response> {
    const bearer = token === undefined ? await this.simulator.issueToken() : token;
    this.#posted.push(body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body));
    return await fetch(`${this.host.url}/api/${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: body instanceof Uint8Array ? new Uint8Array(body) : typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** Requests that Graph got about a call, in whatever way they were answered. */
  requestsFor(callId: string): GraphRequest[] {
    return this.graphRequests.filter((request) => request.callId === callId);
  }

  /** What the app logged under a name. */
  logged(event: string): Record<string, unknown>[] {
    return this.logLines.flatMap(({ message }) => {
      if (!message.startsWith("{")) return [];
      const line: Record<string, unknown> = JSON.parse(message);
      return line.event === event ? [line] : [];
    });
  }

  table(name: string): TableClient {
    return TableClient.fromConnectionString(this.azurite.connectionString, name, { allowInsecureConnection: true });
  }

  async addRow(table: string, partitionKey: string, rowKey: string, cells: Record<string, unknown>): Promise<void> {
    await this.table(table).upsertEntity({ partitionKey, rowKey, ...cells }, "Replace");
  }

  /** The rows that Calls holds about a call. */
  async recordsOf(callId: string): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    for await (const row of this.table("Calls").listEntities({ queryOptions: { filter: `callId eq '${callId}'` } }))
      rows.push(row);
    return rows;
  }
}

/**
 * Starts a stack before the tests of a file and stops it after them. The app is one a process, and so one a file.
 *
 * @param settings laid over those that every test uses
 * @returns what to ask for the stack once it runs
 */
export function useStack(settings: Readonly<Record<string, string>> = {}, options: StackOptions = {}): () => TestStack {
  let stack: TestStack | undefined;
  beforeAll(async () => {
    stack = await startStack(settings, options);
  });
  afterAll(async () => {
    await stack?.close();
    await stack?.azurite.stop();
    expect(stack?.leaksInLog()).toEqual([]);
  });
  return () => {
    if (stack === undefined) throw new Error("the stack has not been started yet");
    return stack;
  };
}

async function startStack(
  settings: Readonly<Record<string, string>>,
  { tableProxy, faults = [], managedIdentity = false, answerWithinMs }: StackOptions,
): Promise<TestStack> {
  const graphRequests: GraphRequest[] = [];
  const logLines: LogLine[] = [];
  const azurite = await startAzurite();
  await createTables(azurite.connectionString);
  const simulator = await startGraphSimulator({
    port: 0,
    webhookUrl: "http://127.0.0.1:9/api/calls",
    botAppId: BOT,
    tenantId: CONTOSO,
    graphToken: "local-stack",
    ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
    onEvent: (event) => event.type === "graph-request" && graphRequests.push(event),
  });
  simulator.setFaults({ faults });
  const proxy = tableProxy ? await startTableProxy({ target: azurite }) : undefined;
  Object.assign(process.env, {
    CLOUD: "local",
    LOCAL_STACK_URL: simulator.url,
    TABLES_CONNECTION_STRING: (proxy ?? azurite).connectionString,
    CALLBACK_BASE_URL: "https://calls.contoso.com",
    BOT_APP_ID: BOT,
    BOT_TENANT_ID: CONTOSO,
    DEFAULT_REGION: "US",
    ROUTES_CACHE_SECONDS: "0",
    ...(managedIdentity ? identitySettings(simulator.url) : {}),
    ...settings,
  });
  const host = await startFunctionsHost({
    port: 0,
    load: async () => {
      await import("../../functions/audit.ts");
      await import("../../functions/calls.ts");
      await import("../../functions/health.ts");
      await import("../../functions/prune-calls.ts");
      await import("../../functions/ready.ts");
    },
    functionKeys: [FUNCTION_KEY],
    onLog: (line) => logLines.push(line),
  });
  simulator.setWebhookUrl(`${host.url}/api/calls`);
  return new TestStack({ azurite, simulator, host, graphRequests, logLines }, proxy);
}
