import type { SimulatedCall } from "../graph-simulator/records.ts";
import type { Attempt } from "./forwarder.ts";

/** A call's row in Calls, as far as a verdict needs it. */
export interface CallRow {
  readonly callId: string;
  readonly status?: string;
  /** `redirect`, or `reject` with its reason: what the rules decided. */
  readonly action?: string;
  readonly graphStatus?: number;
  readonly graphCode?: string;
  readonly outcome?: string;
  readonly isClosed: boolean;
}

/** All that is known of one call, from every side. */
export interface CallEvidence {
  readonly call: Pick<SimulatedCall, "id" | "requests" | "ended" | "notificationFault" | "finished">;
  readonly incoming: readonly Attempt[];
  readonly ends: readonly Attempt[];
  readonly rows: readonly CallRow[];
  /** How often the app logged each event about it. */
  readonly logged: ReadonlyMap<string, number>;
  /** Processes that were killed. */
  readonly killed: ReadonlySet<string>;
  readonly keyTroubles: readonly Span[];
}

/** A stretch of time, in `performance.now()`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What was written down while the storm went on. */
export interface Records {
  readonly calls: readonly SimulatedCall[];
  readonly attempts: readonly Attempt[];
  /** Rows of Calls as the table has them. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly log: AppLog;
  readonly killed: ReadonlySet<string>;
  /** When the key server was at fault. */
  readonly keyTroubles: readonly Span[];
}

/** Counts what the app logs, by call and event. */
export class AppLog {
  readonly #byCall = new Map<string, Map<string, number>>();
  readonly #lines = new Map<string, string[]>();
  readonly #total = new Map<string, number>();

  /** How often each event was logged, whatever call it was about. */
  get total(): ReadonlyMap<string, number> {
    return this.#total;
  }

  /** @param message one line of the app's; what is not an event of its own is passed over */
  read(message: string): void {
    const event = parseEvent(message);
    if (event === undefined) return;
    this.#total.set(event.name, (this.#total.get(event.name) ?? 0) + 1);
    if (event.callId === undefined) return;
    const own = this.#byCall.get(event.callId) ?? new Map<string, number>();
    own.set(event.name, (own.get(event.name) ?? 0) + 1);
    this.#byCall.set(event.callId, own);
    const lines = this.#lines.get(event.callId) ?? [];
    lines.push(message);
    this.#lines.set(event.callId, lines);
  }

  /** How often each event was logged about a call. */
  of(callId: string): ReadonlyMap<string, number> {
    return this.#byCall.get(callId) ?? new Map();
  }

  /** Every line about a call, as it was logged. */
  lines(callId: string): readonly string[] {
    return this.#lines.get(callId) ?? [];
  }
}

function parseEvent(message: string): { readonly name: string; readonly callId: string | undefined } | undefined {
  if (!message.startsWith("{")) return undefined;
  const { event, callId } = JSON.parse(message) as { readonly event?: unknown; readonly callId?: unknown };
  if (typeof event !== "string") return undefined;
  return { name: event, callId: typeof callId === "string" ? callId : undefined };
}

/** Lays what belongs to one call side by side. */
export function gather({ calls, attempts, rows, log, killed, keyTroubles }: Records): CallEvidence[] {
  const attemptsOf = Map.groupBy(attempts, ({ callId }) => callId);
  const rowsOf = Map.groupBy(rows.filter(isCall).map(toCallRow), ({ callId }) => callId);
  return calls.map((call) => {
    const own = attemptsOf.get(call.id) ?? [];
    return {
      call,
      incoming: own.filter(({ state }) => state === "incoming"),
      ends: own.filter(({ state }) => state === "terminated"),
      rows: rowsOf.get(call.id) ?? [],
      logged: log.of(call.id),
      killed,
      keyTroubles,
    };
  });
}

/** Guards, and the places of rotations, stand in Calls beside the calls. */
function isCall({ callId, status }: Readonly<Record<string, unknown>>): boolean {
  return typeof callId === "string" && status !== "guard";
}

function toCallRow(row: Readonly<Record<string, unknown>>): CallRow {
  return {
    callId: String(row.callId),
    isClosed: row.endedAt !== undefined && row.outcome !== undefined,
    ...text("status", row.status),
    ...text("action", row.action),
    ...text("graphCode", row.graphCode),
    ...text("outcome", row.outcome),
    ...(typeof row.graphStatus === "number" ? { graphStatus: row.graphStatus } : {}),
  };
}

function text<N extends string>(name: N, value: unknown): { [key in N]?: string } {
  return (typeof value === "string" ? { [name]: value } : {}) as { [key in N]?: string };
}
