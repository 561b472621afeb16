import { randomUUID } from "node:crypto";
import {
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { RestError, type TableClient, type TableEntity } from "@azure/data-tables";
import * as z from "zod/mini";
import { authenticatingOnly, tablesHttp } from "./lean-pipeline.ts";

const HEADERS = {
  accept: "application/json;odata=minimalmetadata",
  "content-type": "application/json;odata=nometadata",
  dataserviceversion: "3.0",
  prefer: "return-no-content",
  "x-ms-version": "2019-02-02",
};

type Entity = TableEntity<Record<string, unknown>>;

/**
 * The two writes that every call makes, signed by the SDK but past its description of operations and the rest of its
 * pipeline: to check a row against that, and an empty answer, takes longer than to send it.
 */
export class LeanWrites {
  readonly #table: string;
  /** Of the account, without a slash at the end. */
  readonly #address: string;
  /** A shared access signature proves in the address who asks. */
  readonly #signature: string;
  readonly #pipeline: Pipeline;

  constructor({ tableName, url, pipeline }: TableClient) {
    const [address = "", signature] = url.split("?");
    this.#table = tableName;
    this.#address = address.replace(/\/+$/, "");
    this.#signature = signature === undefined ? "" : `?${signature}`;
    this.#pipeline = authenticatingOnly(pipeline);
    if (this.#signature === "" && this.#pipeline.getOrderedPolicies().length === 0)
      throw new TypeError(`nothing proves to ${address} who asks`);
  }

  /** @throws RestError as `createEntity` does: 409 when there is such a row */
  insert(entity: Entity, abortSignal: AbortSignal): Promise<void> {
    return this.#send("POST", this.#table, entity, abortSignal);
  }

  /** Merges into the row, or makes it. @throws RestError as `upsertEntity` does */
  merge(entity: Entity, abortSignal: AbortSignal): Promise<void> {
    const key = `PartitionKey='${quoted(entity.partitionKey)}',RowKey='${quoted(entity.rowKey)}'`;
    return this.#send("PATCH", `${this.#table}(${key})`, entity, abortSignal);
  }

  async #send(method: "POST" | "PATCH", path: string, entity: Entity, abortSignal: AbortSignal): Promise<void> {
    const requestId = randomUUID();
    const request = createPipelineRequest({
      requestId,
      url: `${this.#address}/${path}${this.#signature}`,
      method,
      headers: createHttpHeaders({ ...HEADERS, "x-ms-client-request-id": requestId }),
      body: JSON.stringify(cellsOf(entity)),
      abortSignal,
      // The client was made for this address, and would not have been for any other.
      allowInsecureConnection: this.#address.startsWith("http:"),
    });
    const response = await this.#pipeline.sendRequest(tablesHttp, request);
    if (response.status < 300) return;
    throw refusal(response);
  }
}

/** As a table has it: keys by the service's names, a moment with its type. */
function cellsOf({ partitionKey, rowKey, ...cells }: Entity): Record<string, unknown> {
  const stored: Record<string, unknown> = { PartitionKey: partitionKey, RowKey: rowKey, ...cells };
  for (const [name, value] of Object.entries(cells)) {
    if (value instanceof Date) stored[`${name}@odata.type`] = "Edm.DateTime";
  }
  return stored;
}

/** A key in an address: the filter language escapes a quote by doubling it. */
function quoted(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

const errorBody = z.object({
  "odata.error": z.object({ code: z.string(), message: z.object({ value: z.string() }) }),
});

/** The service's refusal as the SDK throws it. What is not the service's own JSON has no code. */
function refusal(response: PipelineResponse): RestError {
  const { status, request, bodyAsText } = response;
  const said = errorBody.safeParse(parseJson(bodyAsText ?? "")).data?.["odata.error"];
  const error = new RestError(said?.message.value ?? `status ${status}`, { statusCode: status, request, response });
  error.details = said === undefined ? {} : { odataError: said };
  return error;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
