import type { Refusal } from "../../api.ts";

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
}

/**
 * Asks the server that this page came from. The answer is of the same package, so its shape is taken as `api.ts` says.
 *
 * @param path `/api/week?line=…`, as `pathOf` writes it
 * @throws AskFault when the answer is a refusal or none came
 */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return await ask(path, signal === undefined ? {} : { signal });
}

/** @throws AskFault as `get` */
export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** Sends a file as it is. @throws AskFault as `get` */
export async function postFile<T>(path: string, file: Blob): Promise<T> {
  return await ask(path, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file });
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

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const response = await fetch(path, request).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw new AskFault(0, "The console does not answer: the command that serves it may have ended.");
  });
  if (response.ok) return await response.json();
  const refusal: Partial<Refusal> = await response.json().catch(() => ({}));
  throw new AskFault(response.status, refusal.error ?? `The console answered ${response.status}.`, refusal.theirs);
}
