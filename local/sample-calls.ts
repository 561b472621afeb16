import { TableClient } from "@azure/data-tables";
import type { LocalStack } from "./stack.ts";

const BOT = "24701998-1a73-4d42-8085-bf46ed0ae039";
const ACCOUNT = "7629bdce-046c-4903-86b4-a8f718277e1a";
const TENANT = "632899f8-2ea1-4604-8413-27bd2892079f";

const ALICE = "8d1e6ab6-26c5-4e22-a1bc-06ea7343958e";
const BOB = "ec040873-8235-45fd-a403-c7259a5a548e";

/** The three calls of Graph's page on redirecting: to one application, to two people at once, to a phone. */
export const SAMPLE_CALLS = [
  {
    title: "to another application",
    caller: { user: { id: ALICE } },
    called: { application: { id: BOT, displayName: "test bot" } },
  },
  {
    title: "to two people at once",
    caller: { user: { id: BOB } },
    called: { application: { id: BOT, displayName: "test bot" } },
  },
  {
    title: "to a phone",
    caller: { user: { id: ALICE, tenantId: TENANT } },
    called: { applicationInstance: { id: ACCOUNT, displayName: "PstnAppInstance", tenantId: TENANT } },
  },
] as const;

/** What a call did, from both sides: the simulator's record and the app's row in Calls. */
export interface RungCall {
  readonly event: "call";
  readonly callId: string;
  readonly line: string;
  readonly lineName?: string;
  /** Id or number; empty when it was withheld. */
  readonly caller: string;
  readonly callerKind: string;
  readonly rule: string;
  readonly action: string;
  /** The body that Graph received, null when none came. */
  readonly request: unknown;
  /** Graph's answer to it. */
  readonly status: number | null;
  /** Milliseconds from the post of the incoming call to the arrival of the redirect. */
  readonly elapsedMs: number | null;
  readonly outcome: string;
  readonly succeeded: boolean;
}

/** Waits until a call has ended and its record is closed, and tells what happened. */
export async function follow(stack: LocalStack, callId: string): Promise<RungCall> {
  const call = await stack.simulator.waitFor(callId, ({ finished }) => finished, { timeoutMs: 60_000 });
  const row = await findRow(stack, callId);
  const request = call.requests.find(({ accepted }) => accepted) ?? call.requests[0];
  const outcome = String(row?.outcome ?? "not recorded");
  const line = "application" in call.called ? call.called.application : call.called.applicationInstance;
  const [kind, caller] = Object.entries(call.caller ?? {}).find(([, identity]) => identity?.id) ?? ["anonymous", null];
  return {
    event: "call",
    callId,
    line: line.id,
    ...(line.displayName ? { lineName: line.displayName } : {}),
    caller: caller?.id ?? "",
    callerKind: kind,
    rule: String(row?.rule ?? "none"),
    action: String(row?.action ?? "none"),
    request: request?.body ?? null,
    status: request?.status ?? null,
    elapsedMs: request?.sinceIncomingMs == null ? null : Math.round(request.sinceIncomingMs * 10) / 10,
    outcome,
    succeeded: call.redirect !== null && row?.status === "redirected" && outcome === "answered",
  };
}

async function findRow({ tablesConnectionString }: LocalStack, callId: string) {
  const calls = TableClient.fromConnectionString(tablesConnectionString, "Calls", { allowInsecureConnection: true });
  for await (const row of calls.listEntities<Record<string, unknown>>({
    queryOptions: { filter: `callId eq '${callId}'` },
  }))
    return row;
  return undefined;
}

/** The calls on record, oldest first. Rows without a caller are no calls but marks beside them. */
export async function readCallLog({ tablesConnectionString }: LocalStack): Promise<Record<string, unknown>[]> {
  const calls = TableClient.fromConnectionString(tablesConnectionString, "Calls", { allowInsecureConnection: true });
  const rows: Record<string, unknown>[] = [];
  for await (const row of calls.listEntities<Record<string, unknown>>())
    if (row.callerKind !== undefined) rows.push(row);
  return rows.sort((one, other) => Number(one.receivedAt) - Number(other.receivedAt));
}
