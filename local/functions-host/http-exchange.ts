import type { IncomingMessage, ServerResponse } from "node:http";
import type { InvocationResponse, NullableString, RpcHttpCookie, RpcHttpData, RpcTypedData } from "./core-types.ts";

/** The real host's limit on a request body, in bytes. */
export const MAX_BODY_BYTES = 104_857_600;

export type BodyReading =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "aborted" };

/** Reads the whole body. One that is too large is read to its end and dropped, so that the client sees the answer. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<BodyReading> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size <= maxBytes) chunks.push(bytes);
      else chunks.length = 0;
    }
  } catch {
    // A body ends early for one reason only: the client went away.
    return { kind: "aborted" };
  }
  return size > maxBytes ? { kind: "too-large" } : { kind: "body", bytes: Buffer.concat(chunks) };
}

/** Path and query of a request as they were sent; an absolute-form target loses its origin. */
export function splitTarget(request: IncomingMessage): { readonly path: string; readonly query: string } {
  const target = (request.url ?? "/").replace(/^https?:\/\/[^/?]*/i, "");
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  return { path: path.startsWith("/") ? path : `/${path}`, query: at < 0 ? "" : target.slice(at) };
}

/**
 * A request in the form that the real host sends to the Node worker.
 *
 * Repeated headers and query values are joined by commas, as there. A body without Content-Length (chunked) does
 * not arrive, as there: the host forwards what has a length, unless the app turns HTTP streaming on.
 */
export function toRpcHttp(
  request: IncomingMessage,
  params: Readonly<Record<string, string>>,
  body: Buffer,
  fallbackHost: string,
): RpcTypedData {
  const { path, query } = splitTarget(request);
  const http: RpcHttpData = {
    url: `http://${request.headers.host ?? fallbackHost}${path}${query}`,
    method: request.method ?? "GET",
    nullableHeaders: nullable(
      Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(",")]),
    ),
    nullableQuery: nullable(joinQuery(query)),
    nullableParams: nullable(Object.entries(params)),
    ...(hasLength(request) && { body: { bytes: body } }),
  };
  return { http };
}

/** Whether the real host would forward this request's body. */
export function hasLength(request: IncomingMessage): boolean {
  return Number(request.headers["content-length"] ?? 0) > 0;
}

function joinQuery(query: string): [string, string][] {
  const joined = new Map<string, [string, string]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = joined.get(name.toLowerCase());
    joined.set(name.toLowerCase(), earlier ? [earlier[0], `${earlier[1]},${value}`] : [name, value]);
  }
  return [...joined.values()];
}

function nullable(entries: readonly (readonly [string, string])[]): Record<string, NullableString> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

/** Writes a function's answer: 204 when it returned nothing, as the real host does. */
export function writeResponse(response: ServerResponse, result: InvocationResponse): void {
  const outputs = [result.returnValue, ...(result.outputData ?? []).map((output) => output.data)];
  const http = outputs.find((output) => output?.http)?.http;
  if (!http) {
    answer(response, 204);
    return;
  }
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    // The length is ours to say, and so is the framing.
    if (!/^(content-length|transfer-encoding|connection)$/i.test(name)) response.setHeader(name, value);
  }
  const cookies = (http.cookies ?? []).map(formatCookie);
  if (cookies.length > 0) response.appendHeader("set-cookie", cookies);
  const { bytes, string } = http.body ?? {};
  answer(response, Number(http.statusCode ?? 200), bytes ?? Buffer.from(string ?? ""));
}

/** Ends a response, with an empty body unless one is given. */
export function answer(response: ServerResponse, status: number, body: Uint8Array = new Uint8Array()): void {
  response.statusCode = status;
  const bodiless = status === 204 || status === 304;
  if (!bodiless) response.setHeader("content-length", body.byteLength);
  // With nothing to send besides its head, an answer is one write.
  response.end(bodiless || body.byteLength === 0 ? undefined : body);
}

function formatCookie(cookie: RpcHttpCookie): string {
  const expires = cookie.expires?.value?.seconds;
  const sameSite = { lax: "lax", strict: "strict", explicitNone: "none" }[cookie.sameSite ?? ""];
  return [
    `${encodeURIComponent(cookie.name ?? "")}=${encodeURIComponent(cookie.value ?? "")}`,
    ...(expires ? [`expires=${new Date(expires * 1000).toUTCString()}`] : []),
    ...(typeof cookie.maxAge?.value === "number" ? [`max-age=${cookie.maxAge.value}`] : []),
    ...(cookie.domain?.value ? [`domain=${cookie.domain.value}`] : []),
    `path=${cookie.path?.value ?? "/"}`,
    ...(cookie.secure?.value ? ["secure"] : []),
    ...(sameSite ? [`samesite=${sameSite}`] : []),
    ...(cookie.httpOnly?.value ? ["httponly"] : []),
  ].join("; ");
}
