import type { IncomingMessage } from "node:http";
import { type Random, seededRandom } from "./graph-simulator/random.ts";

/** How often a fault strikes, and which requests. What is left out, every request has. */
interface Reach {
  /** 0 to 1; default 1. */
  readonly rate?: number;
  /** Only the next so many times; default: until it is taken back. */
  readonly count?: number;
  readonly table?: string;
  /** What the PartitionKey that a request names begins with. */
  readonly partition?: string;
  /** In upper case: `GET` reads, `POST` inserts, `PATCH` merges, `PUT` replaces, `DELETE`. */
  readonly method?: string;
}

/** Keeps a request waiting before anything else happens to it. */
export interface SlowTable extends Reach {
  readonly kind: "slow";
  readonly latencyMs: number;
  /** `heavy`: latencyMs is the least, and now and then it takes up to a hundred times as long. */
  readonly tail?: "heavy";
}

/** Ways that a request goes wrong; at most one strikes a request. */
export type TableFailure = Reach & {
  readonly kind: /** The connection breaks as soon as the request begins. */
    | "down"
    /** The request is taken, and nothing comes of it. */
    | "hang"
    /** 503 ServerBusy, as a storage account answers that is over its limits. */
    | "busy"
    /** The same, as a partition answers that is over its own: give `partition`. */
    | "throttle"
    /** The same, for a connection that breaks now and then. */
    | "reset-before"
    /** It is carried out, and the connection breaks before the answer. */
    | "reset-after"
    /** It is carried out, and the connection breaks in the middle of the answer's body, or before an answer without one. */
    | "reset-mid";
};

export type TableFault = SlowTable | TableFailure;

/** `seed` (default 1) starts the random numbers again, so that a run can be repeated. */
export interface TableFaultPlan {
  readonly seed?: number;
  readonly faults: readonly TableFault[];
}

/** What a request is about, as far as faults choose by it. */
export interface TableRequest {
  readonly method: string;
  /** Empty for a request about the account. */
  readonly table: string;
  /** The PartitionKey that is named: of the row, of the filter, or of the first row of a batch. */
  readonly partition: string | undefined;
}

/** @param body a batch names its tables there, an insert its PartitionKey */
export function describeRequest({ method = "GET", url = "" }: IncomingMessage, body: string): TableRequest {
  const target = decoded(url);
  if (target.includes("/$batch")) {
    const [, operation = method, address = ""] = /^(POST|PUT|PATCH|MERGE|DELETE) (\S+) HTTP/m.exec(body) ?? [];
    return { method: operation, table: tableOf(decoded(address)), partition: partitionOf(decoded(address), body) };
  }
  return { method, table: tableOf(target), partition: partitionOf(target, body) };
}

/** The faults that are on, with how often each may still strike. */
export class TableFaults {
  readonly #random: Random;
  readonly #entries: readonly { readonly fault: TableFault; left: number }[];

  constructor({ seed = 1, faults }: TableFaultPlan) {
    this.#random = seededRandom(seed);
    this.#entries = faults.map((fault) => ({ fault, left: fault.count ?? Infinity }));
  }

  /** How long the request is kept waiting. Heavy is a Pareto distribution of shape 1.2, cut off at a hundredfold. */
  drawWaitMs(request: TableRequest): number {
    const slow = this.#draw(request, (fault) => fault.kind === "slow");
    if (slow === undefined) return 0;
    return slow.tail === "heavy" ? slow.latencyMs * Math.min(100, (1 - this.#random()) ** (-1 / 1.2)) : slow.latencyMs;
  }

  drawFailure(request: TableRequest): TableFailure["kind"] | undefined {
    return this.#draw(request, (fault) => fault.kind !== "slow")?.kind;
  }

  /** The first fault of the wanted sort that strikes. */
  #draw<F extends TableFault>(request: TableRequest, isWanted: (fault: TableFault) => fault is F): F | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (entry.left > 0 && isWanted(fault) && reaches(fault, request) && strikes(fault, this.#random)) {
        entry.left -= 1;
        return fault;
      }
    }
    return undefined;
  }
}

function reaches({ table, partition, method }: Reach, request: TableRequest): boolean {
  return (
    (table === undefined || table.toLowerCase() === request.table.toLowerCase()) &&
    (partition === undefined || request.partition?.startsWith(partition) === true) &&
    (method === undefined || method === request.method)
  );
}

function strikes({ rate = 1 }: Reach, random: Random): boolean {
  return rate >= 1 || random() < rate;
}

/** The path's last segment, without the keys behind it: `/devstoreaccount1/Routes(PartitionKey='all',RowKey='a')`. */
function tableOf(address: string): string {
  return /^(?:https?:\/\/[^/]+)?\/[^/]+\/(\w+)/.exec(address)?.[1] ?? "";
}

function partitionOf(address: string, body: string): string | undefined {
  const named = /PartitionKey(?:=| eq | ge | gt )'((?:[^']|'')*)'/.exec(address)?.[1]?.replaceAll("''", "'");
  return named ?? /"PartitionKey"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
