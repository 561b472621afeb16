import type { Refusal } from "../../api/refusal.ts";

const NOT_MODIFIED = 304;

/** Why an answer did not come: the server's own sentence, or that it could not be reached (`status` 0). */
export class AskFault extends Error {
  readonly status: number;
  /** What somebody else made of the row meanwhile, where the server says it (status 409). */
  readonly theirs: Refusal["theirs"];

  constructor(status: number, message: string, theirs?: Refusal["theirs"]) {
    super(message);
    this.name = "AskFault";
    this.status = status;
    this.theirs = theirs;
  }

  /** Whether the server refuses the request as it is (4xx), so that asking it again is of no use. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500;
  }
}

/** An answer with the mark by which the server knows it again. */
export interface Marked<T> {
  readonly value: T;
  readonly etag: string | null;
}

/**
 * Asks the server that this page came from. The answer is of the same package, so its shape is taken as `api/` says.
 *
 * @param path `/api/week?line=…`, as `pathOf` writes it
 * @throws AskFault when the answer is a refusal or none came
 */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return await (await ask(path, signal === undefined ? {} : { signal })).json();
}

/**
 * Asks for what was answered before: only another answer comes over, else the very same value stays. The page holds it
 * by itself, since a browser that did so would hold it on the disk.
 *
 * @throws AskFault as `get`
 */
export async function getAgain<T>(path: string, last: Marked<T> | undefined, signal: AbortSignal): Promise<Marked<T>> {
  const headers = last?.etag ? { "If-None-Match": last.etag } : {};
  const response = await ask(path, { headers, signal });
  if (last !== undefined && response.status === NOT_MODIFIED) return last;
  return { value: await response.json(), etag: response.headers.get("etag") };
}

/** @throws AskFault as `get` */
export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const response = await ask(path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return await response.json();
}

/** Sends a file as it is. @throws AskFault as `get` */
export async function postFile<T>(path: string, file: Blob): Promise<T> {
  const headers = { "Content-Type": "text/csv" };
  return await (await ask(path, { method: "POST", headers, body: file })).json();
}

/** A path with its parameters, those without a value left out. */
export function pathOf(path: string, params: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(params).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** The sentence of anything thrown while asking. */
export function saysOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

async function ask(path: string, request: RequestInit): Promise<Response> {
  const response = await fetch(path, request).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw new AskFault(0, "The console does not answer: the command that serves it may have ended.");
  });
  if (response.ok || response.status === NOT_MODIFIED) return response;
  const refusal: Partial<Refusal> = await response.json().catch(() => ({}));
  throw new AskFault(response.status, refusal.error ?? `The console answered ${response.status}.`, refusal.theirs);
}
