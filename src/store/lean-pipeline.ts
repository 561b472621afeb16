import {
  createHttpHeaders,
  type HttpClient,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { RestError } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { TablesAddress } from "../config.ts";
import { messageOf } from "../errors.ts";
import { headersOf, readBody, send } from "../http.ts";
import { openTables, type Tables } from "./tables.ts";

/**
 * Steps of the SDK's pipeline that do nothing for a request to a table, each a function call and a promise all the same:
 * there are no forms, no redirects, no compressed answers and no proxy here, retries and the time limit are ours, and
 * nobody listens to its log or traces.
 */
const UNNEEDED = [
  "decompressResponsePolicy",
  "defaultRetryPolicy",
  "formDataPolicy",
  "logPolicy",
  "multipartPolicy",
  "proxyPolicy",
  "redirectPolicy",
  "tracingPolicy",
  "wrapAbortSignalLikePolicy",
];

/** The steps of which each proves to the service, in one of its ways, who asks. */
const AUTHENTICATING = ["bearerTokenAuthenticationPolicy", "tablesNamedKeyCredentialPolicy", "tablesSASTokenPolicy"];

/** The five tables, as `openTables` has them, for one process that waits for nothing it does not need: the app. */
export function openLeanTables(address: TablesAddress, credential: () => TokenCredential): Tables {
  const tables = openTables(address, credential, { httpClient: tablesHttp });
  for (const { pipeline } of Object.values(tables)) {
    for (const name of UNNEEDED) pipeline.removePolicy({ name });
  }
  return tables;
}

/** A pipeline that proves who asks as the given one does, and does nothing else. */
export function authenticatingOnly(pipeline: Pipeline): Pipeline {
  const lean = pipeline.clone();
  for (const { name } of lean.getOrderedPolicies()) if (!AUTHENTICATING.includes(name)) lean.removePolicy({ name });
  return lean;
}

/**
 * Sends the tables' requests on connections that all of them share; the SDK's own client takes twice as long over one.
 * Bodies are texts, as all of the tables' are.
 */
export const tablesHttp: HttpClient = {
  async sendRequest(request) {
    const { url, method, headers, body = "", allowInsecureConnection } = request;
    if (typeof body !== "string") throw new TypeError("a request to a table carries a text");
    if (!allowInsecureConnection && !url.startsWith("https:")) throw new TypeError(`${url} is not https`);
    // The step that signs says the length as well, and two would be refused.
    headers.delete("content-length");
    const signal = request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
    try {
      return await exchange(request, { method, headers: headers.toJSON({ preserveCase: true }), body, signal });
    } catch (error) {
      if (signal?.aborted) throw new DOMException("the request was given up", "AbortError");
      const code = error instanceof Error && "code" in error ? String(error.code) : RestError.REQUEST_SEND_ERROR;
      throw new RestError(messageOf(error), { code, request });
    }
  },
};

/** A write that was taken: nobody asks what else the table has to say. */
const NO_CONTENT = 204;

async function exchange(request: PipelineRequest, outgoing: Parameters<typeof send>[1]): Promise<PipelineResponse> {
  const incoming = await send(request.url, outgoing);
  const text = await readBody(incoming);
  const { statusCode: status = 0 } = incoming;
  const headers = createHttpHeaders(status === NO_CONTENT ? {} : Object.fromEntries(headersOf(incoming)));
  return { status, headers, request, bodyAsText: text };
}
