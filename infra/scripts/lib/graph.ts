import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { messageOf } from "../../../src/errors.ts";
import { CLOUDS, type Cloud, localCloud } from "../../../src/graph/clouds.ts";
import { guid, loopbackUrl, numberIn, oneOf } from "../../../src/settings.ts";
import { type Given, Unreachable } from "./script.ts";

/** Options of every script that asks Graph. */
export const GRAPH_OPTIONS = ["tenant", "cloud", "wait", "graph-root"] as const;

/** Their part of a script's help. */
export const GRAPH_USAGE = `  --cloud NAME         global (default), usgov or usgovdod
  --wait SECONDS       how long to wait until Entra shows what was made a moment ago; default 60
  --graph-root URL     a stand-in for Graph on this machine's loopback, to try the script with; no sign-in is needed
  --dry-run            look, say what would be done, and write nothing
`;

/** The one token that a stand-in on loopback gets: nobody is signed in for it. */
const LOCAL_TOKEN = "local-stack";
const TRY_MS = 30_000;
const LONGEST_PAUSE_MS = 10_000;

/** Statuses that pass by themselves. */
const PASSING = new Set([429, 503, 504]);

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const page = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().optional() });

/** Graph's refusal, in its own words. */
export class GraphError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface RequestOptions {
  readonly method?: "GET" | "POST" | "PATCH";
  readonly body?: object;
  /** What is asked for may have been made a moment ago: until the wait is over, "not found" may mean "not yet". */
  readonly fresh?: boolean;
}

/** Microsoft Graph as the person who is signed in. Paths start with a slash and come after `/v1.0`. */
export class Graph {
  /** `https://HOST/v1.0` */
  readonly root: string;
  readonly #token: () => Promise<string>;
  readonly #waitMs: number;

  constructor(root: string, token: () => Promise<string>, waitMs: number) {
    this.root = root;
    this.#token = token;
    this.#waitMs = waitMs;
  }

  /** @throws GraphError, or Unreachable when nobody answers */
  async get<T>(path: string, schema: z.ZodType<T>, options: Pick<RequestOptions, "fresh"> = {}): Promise<T> {
    return schema.parse(await this.#request(`${this.root}${path}`, options));
  }

  /** All pages. @throws GraphError, or Unreachable when nobody answers */
  async list<T>(path: string, schema: z.ZodType<T>, options: Pick<RequestOptions, "fresh"> = {}): Promise<T[]> {
    const entries: T[] = [];
    let url: string | undefined = `${this.root}${path}`;
    while (url !== undefined) {
      // The token goes where the link leads.
      if (!url.startsWith(`${this.root}/`)) throw new Error(`Graph names a next page elsewhere: ${url}`);
      const { value, "@odata.nextLink": next } = page.parse(await this.#request(url, options));
      entries.push(...value.map((entry) => schema.parse(entry)));
      url = next;
    }
    return entries;
  }

  /** @throws GraphError, or Unreachable when nobody answers */
  async write(method: "POST" | "PATCH", path: string, body: object): Promise<void> {
    await this.#request(`${this.root}${path}`, { method, body, fresh: true });
  }

  async #request(url: string, options: RequestOptions): Promise<unknown> {
    const since = performance.now();
    for (let pauseMs = 1000; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const response = await this.#send(url, options);
      if (response.ok) return response.status === 204 ? undefined : await response.json();
      const mayPass = PASSING.has(response.status) || (options.fresh === true && response.status === 404);
      const asked = Number(response.headers.get("retry-after") ?? Number.NaN);
      const waitMs = Number.isNaN(asked) ? pauseMs : 1000 * asked;
      if (!mayPass || performance.now() - since + waitMs > this.#waitMs) throw await refusal(response);
      await setTimeout(waitMs);
    }
  }

  async #send(url: string, { method = "GET", body }: RequestOptions): Promise<Response> {
    const authorization = `Bearer ${await this.#token()}`;
    try {
      return await fetch(url, {
        method,
        headers: { authorization, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TRY_MS),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
      throw new Unreachable(`${method} ${url}: ${messageOf(error)}${cause}`);
    }
  }
}

async function refusal(response: Response): Promise<GraphError> {
  const said = errorBody.safeParse(await response.json().catch(() => undefined));
  const words = said.success ? `${said.data.error.code}: ${said.data.error.message}` : "without a reason";
  return new GraphError(response.status, `Graph answers ${response.status}, ${words}`);
}

export type CloudName = keyof typeof CLOUDS;

/** Which cloud is meant. */
export function cloudName(given: Given): CloudName {
  return given.optional("cloud", oneOf(["global", "usgov", "usgovdod"])) ?? "global";
}

/** Graph of the cloud that is meant, as whoever is signed in on this machine. */
export function openGraph(given: Given): { readonly graph: Graph; readonly cloud: Cloud } {
  const standIn = given.optional("graph-root", loopbackUrl);
  const tenantId = given.optional("tenant", guid);
  const cloud: Cloud = CLOUDS[cloudName(given)];
  const { graphRoot } = standIn === undefined ? cloud : localCloud(standIn);
  const token = standIn === undefined ? personsToken(cloud, tenantId) : async () => LOCAL_TOKEN;
  const waitMs = 1000 * (given.optional("wait", numberIn(0, 600)) ?? 60);
  return { graph: new Graph(`${graphRoot}/v1.0`, token, waitMs), cloud };
}

/** Asked once: a script is over long before a token is. */
function personsToken({ authorityHost, graphRoot }: Cloud, tenantId: string | undefined): () => Promise<string> {
  let token: Promise<string> | undefined;
  const ask = async () => {
    // It takes longer to load than all the rest; help, mistakes on the command line and a stand-in need it not.
    const { DefaultAzureCredential } = await import("@azure/identity");
    const credential = new DefaultAzureCredential({ authorityHost, ...(tenantId && { tenantId }) });
    return (await credential.getToken(`${graphRoot}/.default`)).token;
  };
  return async () => {
    try {
      token ??= ask();
      return await token;
    } catch (error) {
      const login = `az login${tenantId ? ` --tenant ${tenantId}` : ""}`;
      throw new Unreachable(`nobody is signed in; run ${login} first (${messageOf(error).slice(0, 300)})`);
    }
  };
}
