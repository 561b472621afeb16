import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";
import { handleControlRequest } from "./control-endpoints.ts";
import type { FaultPlan } from "./faults.ts";
import { GraphEndpoints } from "./graph-endpoints.ts";
import { sendJson, sendText } from "./http.ts";
import { answerIdentity, isForIdentity } from "./identity-endpoint.ts";
import { handleKeyRequest } from "./key-endpoints.ts";
import { type CallRequest, Platform } from "./platform.ts";
import type { SimulatedCall, SimulatorEvent } from "./records.ts";
import type { TargetSettings } from "./ring.ts";
import { strike } from "./server-faults.ts";
import { type RotateOptions, TokenIssuer, type TokenOverrides } from "./tokens.ts";
import { type Expected, type WaitOptions, waitForCall } from "./wait.ts";

export interface GraphSimulatorOptions {
  /** On 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** The calling webhook of the bot's Teams channel, an http address. */
  readonly webhookUrl: string;
  /** The audience of the platform's tokens. */
  readonly botAppId: string;
  /** The tenant of calls, and of their tokens, that name no other. */
  readonly tenantId: string;
  /** The bearer token that Graph takes from the bot, and no other. */
  readonly graphToken: string;
  /** How long a target rings before it answers, declines or fails; default 30, and never above half of the timeout. */
  readonly ringMs?: number;
  /** How long an answered call lasts; default 30. */
  readonly talkMs?: number;
  /** How long a call waits to be redirected or rejected; default 15000, as documented. */
  readonly answerWithinMs?: number;
  /** What the timeout of a redirect is multiplied with; default 1/1000: 55 seconds take 55 milliseconds. */
  readonly timeScale?: number;
  /** Told of everything that happens. */
  readonly onEvent?: (event: SimulatorEvent) => void;
}

/** A running simulator. Calls that it hands out are live views: they change as the call goes on. */
export interface GraphSimulator {
  /**
   * Its origin, without a slash at the end. Metadata and keys are below `/v1`, Graph below `/v1.0`; `identitySettings`
   * leads to the machine's identity.
   */
  readonly url: string;
  /** Resolves once the first post about the call was answered, or failed. Rejects when the call id is in use. */
  placeCall(request: CallRequest): Promise<SimulatedCall>;
  call(id: string): SimulatedCall | undefined;
  calls(): readonly SimulatedCall[];
  /** Resolves once the call has reached a state or a claim about it holds. Rejects at the timeout, abort or close. */
  waitFor(id: string, wanted: Expected, options?: WaitOptions): Promise<SimulatedCall>;
  issueToken(overrides?: TokenOverrides): Promise<string>;
  /** Signs with a new key from now on; resolves with its `kid`. */
  rotateKeys(options?: RotateOptions): Promise<string>;
  /** Takes the place of all faults that were set before, those of calls and targets apart. */
  setFaults(plan: FaultPlan): void;
  /** `id`: object id, app id or number, in any letter case. Takes the place of the target's earlier settings. */
  setTarget(id: string, settings: TargetSettings): void;
  /** @throws TypeError when it is not an http address */
  setWebhookUrl(webhookUrl: string): void;
  /** Ends everything at once: no timer, connection or promise is left. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts what stands for Microsoft's calling platform: token keys, calls and their notifications, Graph's redirect and
 * reject, and the managed identity of the machine that the bot runs on.
 *
 * @throws the listen error when the port is taken (`code` EADDRINUSE); TypeError for a webhookUrl that is not http
 */
export async function startGraphSimulator(options: GraphSimulatorOptions): Promise<GraphSimulator> {
  const { ringMs = 30, talkMs = 30, answerWithinMs = 15_000, timeScale = 1 / 1000, onEvent = () => {} } = options;
  const tokens = await TokenIssuer.create(options.botAppId, options.tenantId);
  const { webhookUrl, tenantId, graphToken } = options;
  const platform = new Platform(tokens, { webhookUrl, tenantId, ringMs, talkMs, answerWithinMs, timeScale, onEvent });
  const graph = new GraphEndpoints(platform, { graphToken, onEvent });

  const server = createServer((request, response) => {
    void platform.run(handle(request, response));
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    try {
      if (path.startsWith("/v1.0/")) await graph.handle(request, response);
      else if (path.startsWith("/v1/")) await handleKeyRequest(platform, tokens, request, response);
      else if (isForIdentity(request)) await handleIdentityRequest(request, response);
      else if (path.startsWith("/simulator/")) await handleControlRequest(platform, tokens, request, response);
      else sendText(response, 404, `There is nothing at ${path}.`);
    } catch (error) {
      failRequest(response, error);
    }
  }
  async function handleIdentityRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await strike(platform.drawIdentityFault(), platform, response))) return;
    if (request.method !== "GET") {
      response.writeHead(405, { allow: "GET" }).end();
      return;
    }
    const { status, body } = answerIdentity(request, { clientId: options.botAppId, token: graphToken });
    sendJson(response, status, body);
  }
  const url = `http://127.0.0.1:${await listen(server, options.port)}`;
  let closed: Promise<void> | undefined;

  return {
    url,
    placeCall: (request) => platform.place(request),
    call: (id) => platform.call(id),
    calls: () => platform.calls,
    waitFor: async (id, wanted, { signal, timeoutMs = 10_000 } = {}) => {
      const call = platform.call(id);
      if (call === undefined) throw new Error(`there is no call ${id}`);
      const signals = signal === undefined ? [platform.closing] : [platform.closing, signal];
      return waitForCall(call, wanted, { signals, timeoutMs });
    },
    issueToken: (overrides) => tokens.issue(overrides),
    rotateKeys: (rotateOptions) => tokens.rotate(rotateOptions),
    setFaults: (plan) => platform.setFaults(plan),
    setTarget: (id, settings) => platform.setTarget(id, settings),
    setWebhookUrl: (address) => platform.setWebhookUrl(address),
    close: () => {
      closed ??= Promise.all([closeServer(server), platform.close()]).then(() => {});
      return closed;
    },
  };
}

/** The client has gone, the simulator is closing, or there is a fault in the simulator itself, which must be seen. */
function failRequest(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) response.destroy();
  else sendText(response, 500, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    // Whoever is kept waiting, a hanging request above all, would hold the server open.
    server.closeAllConnections();
  });
}
