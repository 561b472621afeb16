import type { AccessToken, TokenCredential } from "@azure/identity";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { CallFault } from "../../local/graph-simulator/faults.ts";
import type { GraphRequestRecord } from "../../local/graph-simulator/records.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";
import { Deadline } from "../../src/deadline.ts";
import { GraphCallControl } from "../../src/graph/call-control.ts";
import { GraphTokens } from "../../src/graph/tokens.ts";
import type { RedirectRequest } from "../../src/ports.ts";

export const TENANT = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
export const BOT = "570cd818-9325-59a7-9b41-20d893417843";
const GRAPH_TOKEN = "local-stack";

/** A simulator on a port of its own, or on one that is asked for. Its notifications go nowhere. */
export function startGraph(port = 0): Promise<GraphSimulator> {
  return startGraphSimulator({
    port,
    webhookUrl: "http://127.0.0.1:1/api/calls",
    botAppId: BOT,
    tenantId: TENANT,
    graphToken: GRAPH_TOKEN,
  });
}

/** A simulator for the tests of a file; faults are those of single calls. @returns what to ask for it */
export function useGraph(): () => GraphSimulator {
  let running: GraphSimulator | undefined;
  beforeAll(async () => {
    running = await startGraph();
  });
  afterAll(async () => await running?.close());
  return () => {
    if (running === undefined) throw new Error("the simulator has not been started yet");
    return running;
  };
}

/** Places a call that waits to be redirected. @returns its id and the requests that Graph gets about it */
export async function placeCall(
  graph: GraphSimulator,
  { callId, faults = [] }: { readonly callId?: string; readonly faults?: readonly CallFault[] } = {},
): Promise<{ readonly callId: string; readonly requests: readonly GraphRequestRecord[] }> {
  const { id, requests } = await graph.placeCall({
    caller: { phone: { id: "+14255550142" } },
    called: { applicationInstance: { id: "84292c1d-8acc-582c-b421-be858516a6a1" } },
    callId,
    faults,
  });
  return { callId: id, requests };
}

export function aRedirect(callId: string, request: Partial<RedirectRequest> = {}): RedirectRequest {
  return {
    callId,
    tenantId: TENANT,
    targets: [{ kind: "user", id: "6d17c2f5-eac8-588b-835e-843f1323bef3", weight: 1 }],
    policies: [],
    callbackUri: "https://bot.contoso.com/api/calls/1",
    ...request,
  };
}

/** A deadline that the test's end ends. */
export function aDeadline(ms = 10_000): Deadline {
  const deadline = new Deadline(ms);
  onTestFinished(() => deadline.end());
  return deadline;
}

/** A deadline that has passed. */
export async function aPassedDeadline(): Promise<Deadline> {
  const deadline = aDeadline(1);
  await deadline.within("waiting for its end", 1000, () => Promise.withResolvers<never>().promise).catch(() => {});
  return deadline;
}

/** A credential that counts how often it is asked. */
export class CountingCredential implements TokenCredential {
  readonly scopes: (string | string[])[] = [];
  readonly #give: (turn: number) => Promise<AccessToken | null>;

  /** @param give its answer to the first, second, ... request */
  constructor(give: (turn: number) => Promise<AccessToken | null> = async () => aToken()) {
    this.#give = give;
  }

  get asked(): number {
    return this.scopes.length;
  }

  getToken(scopes: string | string[]): Promise<AccessToken | null> {
    this.scopes.push(scopes);
    return this.#give(this.asked);
  }
}

export function aToken({ token = GRAPH_TOKEN, secondsLeft = 3600 } = {}): AccessToken {
  return { token, expiresOnTimestamp: Date.now() + secondsLeft * 1000 };
}

export function callControl(graphRoot: string, credential: TokenCredential = new CountingCredential()) {
  return new GraphCallControl(graphRoot, new GraphTokens(`${graphRoot}/.default`, () => credential));
}
