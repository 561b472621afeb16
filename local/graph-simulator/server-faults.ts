import type { ServerResponse } from "node:http";
import type { IdentityFault, KeyServerFault } from "./faults.ts";
import type { Platform } from "./platform.ts";

/**
 * Lets a fault strike a request to the key server or to the machine's identity.
 *
 * @returns whether the request is still to be answered
 */
export async function strike(
  fault: KeyServerFault | IdentityFault | null,
  platform: Platform,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault?.kind) {
    case "keys-hang":
    case "identity-hang":
      return false;
    case "keys-reset":
      response.socket?.resetAndDestroy();
      return false;
    case "keys-503":
    case "identity-503":
      response.writeHead(503).end();
      return false;
    case "keys-slow":
    case "identity-slow":
      await platform.wait(fault.latencyMs);
      return true;
    case undefined:
      return true;
    default:
      return fault satisfies never;
  }
}
