import type { TableClient } from "@azure/data-tables";
import { Fault } from "../../errors.ts";
import { hoursBetween, type LoggedCall, readHour } from "../../store/call-list.ts";
import { HOUR_MS } from "../../store/call-rows.ts";
import { fateOf } from "./calls-fate.ts";

/** How long ago a call may have come whose end is still waited for. */
const LOOK_BACK_MS = 2 * HOUR_MS;
/** Rows are asked for again for so long, since clocks differ and a row may be seen later than another that was written after it. */
const OVERLAP_MS = 10 * 60_000;
/** A call that is just being decided is told when it is, or when nothing has come of it. */
const BEING_DECIDED_MS = 30_000;

/** Tells each call once when it is decided, and once more when it has ended, however late its row comes. */
export class CallFollower {
  readonly #calls: TableClient;
  /** What was last told of each call, by its key. */
  readonly #told = new Map<string, { readonly state: string; readonly atMs: number }>();
  #polledAt: Date;

  /** @param from when the calls before it are known */
  constructor(calls: TableClient, from: Date) {
    this.#calls = calls;
    this.#polledAt = from;
  }

  /** Whether there is something to tell of a call; from then on it is told. */
  isNews(call: LoggedCall, nowMs: number): boolean {
    const { status, outcome = "" } = call.cells;
    const atMs = call.at.getTime();
    if (status === "claimed" && outcome === "" && nowMs - atMs < BEING_DECIDED_MS) return false;
    const state = `${status} ${outcome} ${fateOf(call, nowMs)}`;
    if (this.#told.get(call.key)?.state === state) return false;
    this.#told.set(call.key, { state, atMs });
    return true;
  }

  /** What is new since the last time, oldest first. */
  async poll(now: Date, abortSignal: AbortSignal): Promise<readonly LoggedCall[]> {
    const nowMs = now.getTime();
    const changedSince = new Date(this.#polledAt.getTime() - OVERLAP_MS);
    const hours = hoursBetween(new Date(nowMs - LOOK_BACK_MS), now);
    const found = await Promise.all(hours.map((hour) => readHour(this.#calls, hour, abortSignal, changedSince)));
    this.#polledAt = now;
    const oldestMs = nowMs - LOOK_BACK_MS - HOUR_MS;
    for (const [key, { atMs }] of this.#told) if (atMs < oldestMs) this.#told.delete(key);
    return found.flat().filter((call) => this.isNews(call, nowMs));
  }
}

/** What following takes. Tests bring their own. */
export interface Following {
  /** Waits until it is time to look again. @throws what ends the following */
  readonly pause: () => Promise<unknown>;
  readonly poll: () => Promise<readonly LoggedCall[]>;
  /** Told once when the tables stop answering, and once when they answer again. */
  readonly tell: (says: string) => void;
  readonly interrupted: AbortSignal;
}

/**
 * New calls without end. Tables that do not answer for a while cost nothing but time: every look asks again for what the
 * last ones missed.
 */
export async function* followCalls({ pause, poll, tell, interrupted }: Following): AsyncGenerator<LoggedCall> {
  let missed = 0;
  for (;;) {
    await pause();
    try {
      yield* await poll();
    } catch (error) {
      if (interrupted.aborted || !isPassing(error)) throw error;
      if (missed++ === 0) tell(`${error.message}. Waiting until it answers again.`);
      continue;
    }
    if (missed > 0) tell("The table answers again.");
    missed = 0;
  }
}

function isPassing(error: unknown): error is Fault {
  return error instanceof Fault && (error.code === "tables-unavailable" || error.code === "late");
}
