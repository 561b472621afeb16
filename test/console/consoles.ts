import { request as openRequest } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import { openSession } from "../../src/cli/session.ts";
import type { Refusal } from "../../src/console/api/refusal.ts";
import { type DeskLimits, openDesk } from "../../src/console/desk.ts";
import { type ConsoleServer, serveConsole } from "../../src/console/server.ts";

/** A Wednesday morning, in Denver and in Los Angeles. */
export const WEDNESDAY = Date.parse("2026-11-25T18:00:00Z");

export interface ConsoleOptions {
  readonly connectionString?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where a local stack may have announced itself. */
  readonly cwd?: string;
  readonly limits?: Partial<DeskLimits>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in chunks, without saying how long it is. */
  readonly body?: string;
}

/** A console that is served in this process, and whoever has opened its address. */
export class TestConsole {
  readonly url: string;
  readonly cookie: string;
  readonly #clock: { nowMs: number };

  constructor({ url }: Pick<ConsoleServer, "url">, cookie: string, clock: { nowMs: number }) {
    this.url = url;
    this.cookie = cookie;
    this.#clock = clock;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Lets time pass on the console's clock. */
  wait(seconds: number): void {
    this.#clock.nowMs += seconds * 1000;
  }

  set nowMs(nowMs: number) {
    this.#clock.nowMs = nowMs;
  }

  /** Asks as the page does. @returns the answer; throws with status and sentence when it is a refusal */
  async get<T>(path: string): Promise<T> {
    return await answerOf(await fetch(`${this.origin}/api/${path}`, { headers: { cookie: this.cookie } }));
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return await answerOf(await this.#post(path, body));
  }

  /** The refusal that a request meets. */
  async refusalOf(path: string, body?: unknown): Promise<Refusal & { readonly status: number }> {
    const response = await (body === undefined
      ? fetch(`${this.origin}/api/${path}`, { headers: { cookie: this.cookie } })
      : this.#post(path, body));
    if (response.ok) throw new Error(`${path} was not refused: ${await response.text()}`);
    const refusal: Refusal = JSON.parse(await response.text());
    return { ...refusal, status: response.status };
  }

  async #post(path: string, body: unknown): Promise<Response> {
    return await fetch(`${this.origin}/api/${path}`, {
      method: "POST",
      headers: { cookie: this.cookie },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return JSON.parse(await response.text());
}

/** A request with whatever headers a browser, or somebody who is none, may send. */
export async function rawRequest(
  url: string,
  { method = "GET", headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const request = openRequest(url, { method, headers, agent: false }, (response) => {
    text(response).then(
      (said) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said }),
      reject,
    );
  });
  request.on("error", reject);
  if (body !== undefined) request.write(body);
  request.end();
  return await promise;
}

/** Serves a console until `close`, and opens its address. */
export async function openConsole(options: ConsoleOptions) {
  const interrupted = new AbortController();
  const clock = { nowMs: WEDNESDAY };
  const { connectionString, env = {}, cwd = "/", limits } = options;
  const session = await openSession(connectionString === undefined ? {} : { connectionString }, {
    env: { DEFAULT_REGION: "US", ...env },
    cwd,
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    now: () => new Date(clock.nowMs),
    interrupted: interrupted.signal,
  });
  const errors: string[] = [];
  const server = await serveConsole(await openDesk(session, limits), 0, (error) => errors.push(error));
  const { headers } = await rawRequest(server.url);
  const cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
  return {
    page: new TestConsole(server, cookie, clock),
    close: async () => {
      interrupted.abort();
      await server.close();
      if (errors.length > 0) throw new Error(errors.join("\n"));
    },
  };
}

/** Opens a console before the tests of a file and ends it after them. @returns what to ask for it */
export function useConsole(options: () => ConsoleOptions): () => TestConsole {
  let opened: Awaited<ReturnType<typeof openConsole>> | undefined;
  beforeAll(async () => {
    opened = await openConsole(options());
  });
  afterAll(async () => await opened?.close());
  return () => {
    if (opened === undefined) throw new Error("the console is not open yet");
    return opened.page;
  };
}
