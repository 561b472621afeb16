import type { TableClient } from "@azure/data-tables";
import type { Deadline } from "../deadline.ts";
import { Fault } from "../errors.ts";
import type { Rotation } from "../ports.ts";
import { isStatus, keyOf, orFault } from "./tables.ts";

/** Milliseconds that a turn may take, if a quarter of what is left is more, and how often instances may collide over it. */
const TURN_MS = 1500;
const MOST_TRIES = 8;

/**
 * Turns of `round-robin` rules, kept in the Calls table beside the calls: PartitionKey `rotation-` and the rule's
 * partition, RowKey the rule. Instances take turns by optimistic concurrency.
 */
export class TableRotation implements Rotation {
  readonly #calls: TableClient;

  constructor(calls: TableClient) {
    this.#calls = calls;
  }

  async nextTurn(partition: string, rule: string, deadline: Deadline): Promise<number | undefined> {
    const key = { partitionKey: `rotation-${keyOf(partition)}`, rowKey: keyOf(rule) };
    try {
      return await deadline.within(
        "taking a turn",
        Math.min(TURN_MS, deadline.remainingMs() / 4),
        async (abortSignal) => {
          for (let tries = 0; tries < MOST_TRIES; tries++) {
            const turn = await orFault(this.#calls, () => this.#take(key, abortSignal));
            if (turn !== undefined) return turn;
            // Instances that collided once would collide again at once.
            await deadline.pause(Math.random() * 10 * (tries + 1));
          }
          return undefined;
        },
      );
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  /** @returns the turn, or undefined when another instance was quicker */
  async #take(key: { partitionKey: string; rowKey: string }, abortSignal: AbortSignal): Promise<number | undefined> {
    try {
      const found = await this.#calls.getEntity(key.partitionKey, key.rowKey, { abortSignal });
      const turn = typeof found.turn === "number" ? found.turn : 0;
      await this.#calls.updateEntity({ ...key, turn: (turn + 1) % TURNS }, "Merge", { etag: found.etag, abortSignal });
      return turn;
    } catch (error) {
      if (isStatus(error, 412)) return undefined;
      if (!isStatus(error, 404)) throw error;
    }
    try {
      await this.#calls.createEntity({ ...key, turn: 1 }, { abortSignal });
      return 0;
    } catch (error) {
      if (isStatus(error, 409)) return undefined;
      throw error;
    }
  }
}

/** Divisible by all small weights' sums, so that starting again at 0 goes unnoticed; fits in an Int32. */
const TURNS = 1_396_755_360;
