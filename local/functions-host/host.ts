import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import { listen } from "../listen.ts";
import type { InvocationResponse, OnLog } from "./core-types.ts";
import { createFunctionTable, type FunctionSummary, type FunctionTable } from "./function-table.ts";
import type { FunctionsApp } from "./functions-app.ts";
import { answer, hasLength, MAX_BODY_BYTES, readBody, splitTarget, toRpcHttp, writeResponse } from "./http-exchange.ts";
import { invoke } from "./invoke.ts";
import { type AppSource, loadFunctions } from "./load-functions.ts";
import { OpenWork } from "./open-work.ts";
import { matchRoute, type RouteMatch } from "./routes.ts";
import { readRoutePrefix } from "./settings.ts";

export interface FunctionsHostOptions {
  /** On 127.0.0.1; 0 is any free port. */
  readonly port: number;
  /** The app root, its entry files, or a callback that imports them; the default is the app root. */
  readonly load?: AppSource;
  /** Where host.json and package.json are; the default is the working directory. */
  readonly appRoot?: string;
  /** The default is that of host.json, else `api`. */
  readonly routePrefix?: string;
  readonly onLog?: OnLog;
  /** What opens a function whose authLevel is not anonymous, as `x-functions-key` or `code`; none by default. */
  readonly functionKeys?: readonly string[];
  /** Beyond it a request is answered 413; the default is the real host's 104857600. */
  readonly maxBodyBytes?: number;
}

export interface FunctionsHost {
  /** Without a slash at the end, for instance `http://127.0.0.1:7071`. */
  readonly url: string;
  readonly port: number;
  readonly functions: readonly FunctionSummary[];
  /**
   * Runs a timer function now, not past due.
   *
   * @throws when there is no such timer, or what the function threw
   */
  runTimer(name: string): Promise<void>;
  /**
   * Stops listening, lets open invocations finish for `graceMs` (5000), cuts what is left, runs the appTerminate hooks.
   * Further calls wait for the first.
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Loads an app and serves its functions on loopback until it is closed.
 *
 * @throws what an entry file or an appStart hook threw; an error with code EADDRINUSE when the port is taken
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const appRoot = path.resolve(options.appRoot ?? ".");
  const app = await loadFunctions(options.load ?? appRoot, options.onLog);
  const table = createFunctionTable(app, options.routePrefix ?? (await readRoutePrefix(appRoot)));
  for (const each of table.summaries) {
    if (each.kind === "other") app.systemLog("warning", `${each.name}: this local host does not run a ${each.type}.`);
  }
  await app.runHooks("appStart", { ...appHooks(app), functionAppDirectory: appRoot });

  const open = new OpenWork();
  const serving: Serving = { app, table, options };
  const server = createServer((request, response) => void open.track(answered(serving, request, response)));
  const port = await listen(server, options.port).catch(async (error: unknown) => {
    await terminate(app);
    throw error;
  });
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    functions: table.summaries,
    runTimer: (name) => open.track(runTimer(app, table, name)),
    close: (graceMs = 5000) => {
      closed ??= stop(server, open, graceMs).then(() => terminate(app));
      return closed;
    },
  };
}

interface Serving {
  readonly app: FunctionsApp;
  readonly table: FunctionTable;
  readonly options: FunctionsHostOptions;
}

/** Serves a request and waits until its answer has left, or its connection is gone. */
async function answered(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new Promise<void>((resolve) => response.once("close", () => resolve()));
  try {
    await serve(serving, request, response);
  } catch (error) {
    serving.app.systemLog("error", `A request could not be answered: ${error instanceof Error ? error.stack : error}`);
    response.destroy();
  }
  await gone;
}

/** The order is the real host's: route, key, body. Only what has all three reaches a function. */
async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { table } = serving;
  const { path: target, query } = splitTarget(request);
  const match = matchRoute(table.routes, request.method ?? "GET", target);
  const status = refusal(serving, match, request, query);
  if (status !== undefined || match.kind !== "route") {
    request.resume();
    return answer(response, status ?? 404);
  }
  const found = table.http.get(match.route.functionName);
  const reading = await readBody(request, serving.options.maxBodyBytes ?? MAX_BODY_BYTES);
  if (reading.kind === "aborted" || found === undefined) return;
  if (reading.kind === "too-large") return answer(response, 413);
  if (reading.bytes.length > 0 && !hasLength(request)) {
    serving.app.systemLog("warning", "A chunked body was not handed to the function, as the real host would not.");
  }
  const input = toRpcHttp(request, match.params, reading.bytes, "127.0.0.1");
  const traceparent = request.headersDistinct.traceparent?.[0];
  let result: InvocationResponse;
  try {
    result = await invoke(serving.app, found.target, input, traceparent);
  } catch {
    // `invoke` has logged it; the caller learns no more than from the real host.
    return answer(response, 500);
  }
  writeResponse(response, result);
}

/** The status that turns a request away before its body is read, or undefined. */
function refusal(serving: Serving, match: RouteMatch, request: IncomingMessage, query: string): number | undefined {
  if (match.kind === "malformed") return 400;
  if (match.kind === "none") return 404;
  const level = serving.table.http.get(match.route.functionName)?.authLevel;
  if (level === "anonymous") return undefined;
  const key = request.headersDistinct["x-functions-key"]?.[0] ?? new URLSearchParams(query).get("code");
  return key !== null && serving.options.functionKeys?.includes(key) ? undefined : 401;
}

async function runTimer(app: FunctionsApp, table: FunctionTable, name: string): Promise<void> {
  const target = table.timers.get(name);
  if (target === undefined) {
    throw new Error(`There is no timer function "${name}"; there is ${[...table.timers.keys()].join(", ") || "none"}.`);
  }
  const now = new Date().toISOString();
  const timer = {
    Schedule: { AdjustForDST: true },
    // Next is not worked out: nothing here runs by the clock.
    ScheduleStatus: { Last: "0001-01-01T00:00:00+00:00", Next: now, LastUpdated: now },
    IsPastDue: false,
  };
  await invoke(app, target, { json: JSON.stringify(timer) });
}

async function stop(server: Server, open: OpenWork, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await open.settled(graceMs);
  // What is left is idle, or has had its time.
  server.closeAllConnections();
  await closed;
}

async function terminate(app: FunctionsApp): Promise<void> {
  try {
    await app.runHooks("appTerminate", appHooks(app));
  } catch (error) {
    app.systemLog("error", `An appTerminate hook failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function appHooks(app: FunctionsApp) {
  return { hookData: app.appLevelHookData, appHookData: app.appHookData };
}
