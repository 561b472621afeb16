import { RestError, TableClient, type TableServiceClientOptions } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { TablesAddress } from "../config.ts";
import { Fault, messageOf } from "../errors.ts";
import type { Row } from "./cells.ts";

export const TABLE_NAMES = ["Lines", "Routes", "Schedules", "CallerLists", "Calls"] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export type Tables = Readonly<Record<TableName, TableClient>>;

/**
 * The five tables at an address.
 *
 * @param credential asked only when the address is an endpoint
 * @param options of the SDK; without them its retries are off, since they would outlast a call
 */
export function openTables(
  address: TablesAddress,
  credential: () => TokenCredential,
  options: TableServiceClientOptions = NO_RETRIES,
): Tables {
  const open = (name: TableName): TableClient => {
    if ("connectionString" in address) {
      const insecure = /UseDevelopmentStorage=true|(TableEndpoint|DefaultEndpointsProtocol)=http(:|;)/i.test(
        address.connectionString,
      );
      return TableClient.fromConnectionString(address.connectionString, name, {
        ...options,
        allowInsecureConnection: insecure,
      });
    }
    return new TableClient(address.endpoint, name, speakingFaults(credential()), options);
  };
  return Object.fromEntries(TABLE_NAMES.map((name) => [name, open(name)])) as Record<TableName, TableClient>;
}

/** A credential whose failure counts as the tables': the SDK passes on whatever it throws, and that is never a RestError. */
function speakingFaults(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options) {
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        throw new Fault("tables-unavailable", `no token for the tables: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

const NO_RETRIES = { retryOptions: { maxRetries: 0 } };

/** Characters that a table key may not hold, and the one that marks them. */
const UNSAFE_IN_KEY = /[/\\#?%\p{Cc}]/gu;

/**
 * A text as a table key. Two texts never share one: what a key may not hold is written as its percent-encoded bytes, and
 * so is `%` itself. Everything that people and Graph usually write (`+`, `@`, `'`, letters of any script) stays.
 */
export function keyOf(text: string): string {
  return text.replace(UNSAFE_IN_KEY, (unsafe) =>
    [...new TextEncoder().encode(unsafe)]
      .map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`)
      .join(""),
  );
}

/** The text that a key stands for, so that `keyOf` gives the key again; the key itself where there is none. */
export function textOfKey(key: string): string {
  const text = key.replace(/(?:%[0-9A-F]{2})+/g, (bytes) => decoded(bytes));
  return keyOf(text) === key ? text : key;
}

function decoded(escapes: string): string {
  const bytes = escapes
    .split("%")
    .slice(1)
    .map((byte) => Number.parseInt(byte, 16));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** All rows of a partition, however many pages they take. */
export async function readPartition(
  table: TableClient,
  partitionKey: string,
  abortSignal: AbortSignal,
): Promise<Row[]> {
  // The filter language escapes a quote by doubling it.
  const filter = `PartitionKey eq '${partitionKey.replaceAll("'", "''")}'`;
  const rows: Row[] = [];
  return await orFault(table, async () => {
    for await (const entity of table.listEntities({ queryOptions: { filter }, abortSignal })) rows.push(asRow(entity));
    return rows;
  });
}

/** One row, or undefined when there is none. */
export async function readRow(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
  abortSignal: AbortSignal,
): Promise<Row | undefined> {
  return await orFault(table, async () => {
    try {
      return asRow(await table.getEntity(partitionKey, rowKey, { abortSignal }));
    } catch (error) {
      if (isStatus(error, 404) && !isMissingTable(error)) return undefined;
      throw error;
    }
  });
}

/** An entity as the SDK gives it, etag included, as a row. */
export function asRow(entity: Record<string, unknown>): Row {
  return { ...entity, partitionKey: String(entity.partitionKey), rowKey: String(entity.rowKey) };
}

/** Whether the table service answered with this status. */
export function isStatus(error: unknown, status: number): error is RestError {
  return error instanceof RestError && error.statusCode === status;
}

/** Runs an operation; whatever the service or the network does wrong becomes a Fault that says which table. */
export async function orFault<T>(table: TableClient, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toFault(table, error);
  }
}

function toFault(table: TableClient, error: unknown): unknown {
  if (error instanceof Fault) return error;
  const cause = { cause: error };
  if (!(error instanceof RestError)) {
    const aborted = error instanceof Error && error.name === "AbortError";
    return aborted ? new Fault("late", `table ${table.tableName} did not answer in time`, cause) : error;
  }
  if (isMissingTable(error)) return new Fault("tables-refused", `there is no table ${table.tableName}`, cause);
  const status = error.statusCode;
  const what = `table ${table.tableName} answered ${status ?? "nothing"}: ${sayingOf(error)}`;
  const refused = status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return new Fault(refused ? "tables-refused" : "tables-unavailable", what, cause);
}

/** Whether it is the table that is missing, and not a row. */
export function isMissingTable(error: unknown): boolean {
  return isStatus(error, 404) && (odataCode(error) ?? error.code) === "TableNotFound";
}

/** The status of the answer that made a Fault; undefined when there was no answer. */
export function statusOf({ cause }: Fault): number | undefined {
  return cause instanceof RestError ? cause.statusCode : undefined;
}

function odataCode(error: RestError): string | undefined {
  return textAt(error.details, "odataError", "code");
}

/** What the service says for people, without the JSON or XML around it and the ids behind it. */
function sayingOf(error: RestError): string {
  const { details } = error;
  const said = textAt(details, "odataError", "message", "value") ?? textAt(details, "Message") ?? error.message;
  const [first = ""] = said.replace(/^\d+:/, "").split(/\n(?:RequestId|Time):/, 1);
  const code = odataCode(error) ?? textAt(details, "Code") ?? textAt(details, "errorCode");
  // A proxy in between answers with a page.
  if (/^\s*[<{]/.test(first)) return code ?? "no words that can be read";
  const text = messageOf(new Error(first)).slice(0, 200);
  return code === undefined || text === code ? text : `${text} (${code})`;
}

function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  let at = from;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  return typeof at === "string" ? at : undefined;
}
