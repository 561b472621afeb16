import type { IncomingMessage } from "node:http";
import { Refused } from "./refused.ts";

/** What an endpoint takes of a request. */
export interface ApiRequest {
  readonly query: URLSearchParams;
  /** What the path holds in place of `:id`. */
  readonly id: string;
  readonly message: IncomingMessage;
  /** Ends when whoever asked is gone, or the console is. */
  readonly signal: AbortSignal;
}

/** Milliseconds that a request's reading of tables may take in all. */
const TABLES_MS = 15_000;
/** Most bytes of a body. */
const MOST_JSON = 256 * 1024;
const MOST_CSV = 50 * 1024 * 1024;

/** What reads a JSON value: a schema of zod's. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: SchemaError };
}
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/**
 * The JSON body of a request.
 *
 * @throws Refused 413 when it is too long, 400 when it is no JSON or not of that shape
 */
export async function readJson<T>({ message }: ApiRequest, schema: Schema<T>): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of bounded(message, MOST_JSON)) chunks.push(chunk);
  const parsed = schema.safeParse(parseJson(Buffer.concat(chunks).toString("utf8")));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message: wrong }) => `${path.join(".") || "the body"}: ${wrong}`);
  throw new Refused(400, `The request is not as the console's page sends it: ${faults.join("; ")}.`);
}

/** The bytes of a file that a request carries. Throws Refused 413 as soon as they are too many. */
export function csvOf({ message }: ApiRequest): AsyncIterable<Buffer> {
  return bounded(message, MOST_CSV);
}

async function* bounded(message: IncomingMessage, most: number): AsyncGenerator<Buffer> {
  const tooLong = () => new Refused(413, `The request is longer than ${most / 1024} KiB.`);
  if (Number(message.headers["content-length"] ?? 0) > most) throw tooLong();
  let length = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > most) throw tooLong();
    yield bytes;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused(400, "The request is no JSON.");
    throw error;
  }
}

/** @throws Refused 400 when the query has no such parameter */
export function required({ query }: ApiRequest, name: string): string {
  const text = query.get(name)?.trim() ?? "";
  if (text === "") throw new Refused(400, `The address lacks ?${name}=.`);
  return text;
}

/** Ends what a request reads from the tables, also when they hang. */
export function tablesLimit({ signal }: ApiRequest): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TABLES_MS)]);
}

/** Whether a row may be stored under a text as it is. */
export function canBeKey(text: string): boolean {
  return !/[/\\#?\p{Cc}]/u.test(text);
}

/** A whole number in the query. @throws Refused 400 when it is none, or beyond its bounds */
export function wholeNumber({ query }: ApiRequest, name: string, unless: number, most: number): number {
  const text = query.get(name) ?? String(unless);
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Refused(400, `${name} is "${text}"; write a whole number up to ${most}.`);
}
