import {
  type DeliveryAnswer,
  type DeliveryPorts,
  type DeliverySettings,
  handleDelivery,
} from "../../src/handle-delivery.ts";
import type { IncomingCallPorts } from "../../src/handle-incoming-call.ts";
import { listeningLog, ports } from "./ports.ts";
import { BOT, CONTOSO } from "./stack.ts";

/** Ports in memory, behind a door that takes every token. */
export function deliveryPorts(overrides: Partial<IncomingCallPorts> = {}): DeliveryPorts {
  return { ...ports(overrides), tokens: { verify: async () => ({ tenantId: CONTOSO }) } };
}

/** Hands a body to the app's own code. @param body bytes, or what is to be sent as JSON */
export async function deliver(
  body: unknown,
  given: DeliveryPorts,
  more: Partial<DeliverySettings> = {},
): Promise<DeliveryAnswer> {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const settings: DeliverySettings = {
    botAppId: BOT,
    ownTenantId: CONTOSO,
    allowedTenants: new Set([CONTOSO]),
    fallbackTargets: [],
    callbackBaseUrl: "https://calls.contoso.com",
    deadlineMs: 2000,
    ...more,
  };
  const request = { authorization: "Bearer a.b.c", contentLength: bytes.length, readBody: async () => bytes };
  return await handleDelivery({ ...request, record: undefined }, listeningLog().log, given, settings);
}
