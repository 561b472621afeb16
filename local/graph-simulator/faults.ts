import type { Random } from "./random.ts";

/** How often a fault strikes. */
interface Chance {
  /** 0 to 1; default 1. */
  readonly rate?: number | undefined;
  /** Only the next so many times; default: until it is taken back. */
  readonly count?: number | undefined;
}

/** Ways that Graph answers wrongly. A number is the HTTP status or, from 7503 on, Graph's own error code. */
export const graphAnswerFaults = [
  "401",
  "500",
  "502",
  "503",
  "504",
  "7503",
  "7504",
  "7505",
  "8522",
  "unknown-error",
  "html",
] as const;

/** Ways that no answer comes: the request not taken, taken but the answer lost, or not taken and the line left open. */
export const connectionFaults = ["reset-before", "reset-after", "hang"] as const;

/** Ways that notifications arrive otherwise than once each and in order. One is drawn for a call when it is placed. */
export const notificationFaults = [
  "duplicate-sequential",
  "duplicate-concurrent",
  "ended-before-incoming",
  "ended-with-incoming",
  "ended-without-incoming",
  "missing-ended",
] as const;

/** Ways that the metadata and the signing keys cannot be had. */
export const keyServerFaults = ["keys-reset", "keys-503", "keys-hang"] as const;

/** Ways that the machine's managed identity gives no token. */
export const identityFaults = ["identity-503", "identity-hang"] as const;

export type GraphAnswerFault = (typeof graphAnswerFaults)[number];
export type NotificationFaultKind = (typeof notificationFaults)[number];

export interface LatencyFault extends Chance {
  readonly kind: "latency";
  readonly latencyMs: number;
  /** `heavy`: latencyMs is the least, and now and then it takes up to a hundred times as long. */
  readonly tail?: "heavy" | undefined;
}

export interface ThrottlingFault extends Chance {
  readonly kind: "429";
  /** Seconds, an HTTP date five seconds ahead, or a wait of decades; left out, the header is too. */
  readonly retryAfter?: number | "date" | "absurd" | undefined;
}

/** A fault of Graph's endpoints other than latency; at most one strikes a request. */
export type GraphFailure =
  | ThrottlingFault
  | (Chance & { readonly kind: GraphAnswerFault })
  | (Chance & { readonly kind: (typeof connectionFaults)[number] });
export type GraphFault = LatencyFault | GraphFailure;
export type NotificationFault = Chance & { readonly kind: NotificationFaultKind };
export type KeyServerFault =
  | (Chance & { readonly kind: (typeof keyServerFaults)[number] })
  | (Chance & { readonly kind: "keys-slow"; readonly latencyMs: number });
export type IdentityFault =
  | (Chance & { readonly kind: (typeof identityFaults)[number] })
  | (Chance & { readonly kind: "identity-slow"; readonly latencyMs: number });

/** A fault that one call can have of its own. */
export type CallFault = GraphFault | NotificationFault;
export type Fault = CallFault | KeyServerFault | IdentityFault;

/** Faults for every call. `seed` (default 1) starts the random numbers again, so that a run can be repeated. */
export interface FaultPlan {
  readonly seed?: number | undefined;
  readonly faults: readonly Fault[];
}

/** Faults of one scope (everything, a call, a target), with how often each may still strike. */
export class FaultList<F extends Fault = Fault> {
  readonly #entries: readonly { readonly fault: F; left: number }[];

  constructor(faults: readonly F[] = []) {
    this.#entries = faults.map((fault) => ({ fault, left: fault.count ?? Infinity }));
  }

  /** The faults as given, `count` being what is left of it. */
  remaining(): readonly F[] {
    return this.#entries.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, count: left }));
  }

  /** The first fault of the wanted sort that strikes now, or null. */
  draw<Wanted extends Fault>(random: Random, isWanted: (fault: Fault) => fault is Wanted): Wanted | null {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (entry.left > 0 && isWanted(fault) && strikes(fault, random)) {
        entry.left -= 1;
        return fault;
      }
    }
    return null;
  }
}

/** The first fault that strikes from several scopes, the narrowest scope given first. */
export function drawFirst<Wanted extends Fault>(
  lists: readonly FaultList[],
  random: Random,
  isWanted: (fault: Fault) => fault is Wanted,
): Wanted | null {
  for (const list of lists) {
    const fault = list.draw(random, isWanted);
    if (fault !== null) return fault;
  }
  return null;
}

/** The wait of a latency fault. Heavy is a Pareto distribution of shape 1.2, cut off at a hundredfold. */
export function latencyOf({ latencyMs, tail }: LatencyFault, random: Random): number {
  return tail === "heavy" ? latencyMs * Math.min(100, (1 - random()) ** (-1 / 1.2)) : latencyMs;
}

export function isLatency(fault: Fault): fault is LatencyFault {
  return fault.kind === "latency";
}

export function isGraphFailure(fault: Fault): fault is GraphFailure {
  return !(isLatency(fault) || isNotificationFault(fault) || isKeyServerFault(fault) || isIdentityFault(fault));
}

export function isNotificationFault(fault: Fault): fault is NotificationFault {
  return notificationFaults.some((kind) => kind === fault.kind);
}

export function isKeyServerFault(fault: Fault): fault is KeyServerFault {
  return fault.kind.startsWith("keys-");
}

export function isIdentityFault(fault: Fault): fault is IdentityFault {
  return fault.kind.startsWith("identity-");
}

function strikes({ rate = 1 }: Chance, random: Random): boolean {
  return rate >= 1 || random() < rate;
}
