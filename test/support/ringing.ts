import type { CallFault } from "../../local/graph-simulator/faults.ts";
import type { SimulatedCall } from "../../local/graph-simulator/records.ts";
import { ALICE, CONTOSO, type TestStack } from "./stack.ts";

/** What became of a call, in short. */
export interface Rung {
  readonly id: string;
  /** The webhook's answer to the first post; null when none came. */
  readonly status: number | null | undefined;
  /** Whom Graph was asked to ring, one after the other; `reject` where it was asked to reject. */
  readonly asked: readonly string[];
  /** Who rang in the end. */
  readonly rang: string | undefined;
  /** How often Graph took a redirect or a reject. */
  readonly taken: number;
  readonly call: SimulatedCall;
}

/** Alice calls a line through the platform; resolves when all is over. */
export async function ring(
  { simulator }: TestStack,
  line: string,
  more: { readonly faults?: readonly CallFault[]; readonly callId?: string } = {},
): Promise<Rung> {
  const called = { applicationInstance: { id: line, tenantId: CONTOSO } };
  const { id } = await simulator.placeCall({ caller: { user: { id: ALICE, tenantId: CONTOSO } }, called, ...more });
  const call = await simulator.waitFor(id, ({ finished }) => finished, { timeoutMs: 25_000 });
  const { posts, requests, redirect } = call;
  return {
    id,
    status: posts.find(({ state }) => state === "incoming")?.status,
    asked: requests.map(({ action, body }) => (action === "reject" ? "reject" : firstTarget(body))),
    rang: redirect?.targets[0]?.id,
    taken: requests.filter(({ accepted }) => accepted).length,
    call,
  };
}

/**
 * An entry of a delivery that tells of a call from Alice, which the platform itself knows nothing of.
 *
 * @param more laid over the call
 */
export function incomingEntry(callId: string, line: string, more: object = {}): object {
  return {
    "@odata.type": "#microsoft.graph.commsNotification",
    changeType: "created",
    resourceUrl: `/communications/calls/${callId}`,
    resourceData: {
      "@odata.type": "#microsoft.graph.call",
      id: callId,
      state: "incoming",
      direction: "incoming",
      tenantId: CONTOSO,
      source: { identity: { user: { id: ALICE, tenantId: CONTOSO } } },
      targets: [{ identity: { applicationInstance: { id: line, tenantId: CONTOSO } } }],
      ...more,
    },
  };
}

/** The entry that tells of the call's end. */
export function endedEntry(callId: string, more: object = {}): object {
  return {
    changeType: "deleted",
    resourceUrl: `/communications/calls/${callId}`,
    resourceData: {
      "@odata.type": "#microsoft.graph.call",
      id: callId,
      state: "terminated",
      tenantId: CONTOSO,
      ...more,
    },
  };
}

/** A delivery that holds such an entry alone. */
export function incomingBody(callId: string, line: string): object {
  return { "@odata.type": "#microsoft.graph.commsNotifications", value: [incomingEntry(callId, line)] };
}

function firstTarget(body: unknown): string {
  return /"id":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? "nobody";
}
