import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { MistakeError, UsageError } from "../cli/exit.ts";
import { Fault, messageOf } from "../errors.ts";
import type { Desk } from "./desk.ts";
import { findEndpoint } from "./endpoints.ts";
import { Guard, HEADERS } from "./guard.ts";
import { readPageFile } from "./page-files.ts";
import { Refused } from "./refused.ts";

/** Only this machine: nobody on the network can ask. */
const LOOPBACK = "127.0.0.1";
const API = "/api/";
const JSON_TYPE = "application/json; charset=utf-8";
/** Numbers and names of people: no browser may leave them on a disk. The page keeps by itself what it asks for again. */
const NO_STORE = "no-store";

/** A console that is being served. */
export interface ConsoleServer {
  /** With the token that lets in. */
  readonly url: string;
  /** Ends it and every connection to it. */
  close(): Promise<void>;
}

/**
 * Serves the console's page and what it asks for, on loopback.
 *
 * @param port 0 is any free one
 * @param onError told what went wrong in the program itself
 * @throws UsageError when the port is taken
 */
export async function serveConsole(
  desk: Desk,
  port: number,
  onError: (message: string) => void,
): Promise<ConsoleServer> {
  const server = createServer();
  const guard = new Guard(await listen(server, port));
  server.on("request", (request, response) => {
    answer(desk, guard, request, response, onError).catch((error) => onError(messageOf(error)));
  });
  return {
    url: guard.url,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(port, LOOPBACK, listening.resolve);
  try {
    await listening.promise;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    throw new UsageError(`Port ${port} is taken; leave --port away for a free one.`);
  }
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new TypeError("the server listens without an address");
  return address.port;
}

async function answer(
  desk: Desk,
  guard: Guard,
  request: IncomingMessage,
  response: ServerResponse,
  onError: (message: string) => void,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  try {
    guard.refuseForeign(request);
    const { pathname, searchParams } = addressOf(request);
    const token = pathname === "/" ? searchParams.get("token") : null;
    if (token !== null) return letIn(guard, token, response);
    guard.refuseStranger(request);
    if (pathname.startsWith(API)) await answerApi(desk, request, pathname.slice(API.length), searchParams, response);
    else await answerPage(request, pathname, response);
  } catch (error) {
    const { status, refusal } = asRefused(error, onError);
    // What is left of a body that nobody reads would be taken for the next request.
    if (!request.complete) response.setHeader("connection", "close");
    sendJson(response, status, refusal);
  }
}

function addressOf({ url = "" }: IncomingMessage): URL {
  const address = URL.parse(url, `http://${LOOPBACK}`);
  if (address === null) throw new Refused(404, "There is no such address.");
  return address;
}

/** The token leaves the address, and with it the history: from here on a cookie stands for it. */
function letIn(guard: Guard, token: string, response: ServerResponse): void {
  guard.refuseWrongToken(token);
  response.writeHead(303, { location: "/", "set-cookie": guard.cookie, "cache-control": NO_STORE }).end();
}

async function answerApi(
  desk: Desk,
  message: IncomingMessage,
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const endpoint = findEndpoint(path, message.method ?? "");
  const left = new AbortController();
  response.once("close", () => left.abort());
  const signal = AbortSignal.any([left.signal, desk.signal]);
  const value = await endpoint.answer(desk, { query, id: endpoint.id, message, signal });
  if (message.method !== "GET") return sendJson(response, 200, value);
  const body = JSON.stringify(value);
  sendUnlessKnown(message, response, { body, contentType: JSON_TYPE, cacheControl: NO_STORE });
}

async function answerPage(message: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
  const { method } = message;
  const file = await readPageFile(path);
  if (file === undefined) throw new Refused(404, `There is no ${path}.`);
  if (method !== "GET" && method !== "HEAD") throw new Refused(405, `${path} takes GET, not ${method}.`);
  sendUnlessKnown(message, response, { ...file, cacheControl: "no-cache" });
}

interface Sent {
  readonly body: string | Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Answers with a body, or with 304 to who has that very one already. */
function sendUnlessKnown(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { body, contentType, cacheControl }: Sent,
): void {
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  response.setHeader("cache-control", cacheControl).setHeader("etag", etag);
  if (headers["if-none-match"] === etag) response.writeHead(304).end();
  else response.writeHead(200, { "content-type": contentType }).end(method === "HEAD" ? undefined : body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": JSON_TYPE, "cache-control": NO_STORE }).end(JSON.stringify(value));
}

function asRefused(error: unknown, onError: (message: string) => void): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof UsageError) return new Refused(400, error.message);
  if (error instanceof MistakeError) return new Refused(409, error.message);
  if (error instanceof Fault) return new Refused(error.code === "row-changed" ? 409 : 503, error.message);
  onError(messageOf(error));
  return new Refused(500, `This is a fault of ringroute itself: ${messageOf(error)}`);
}
