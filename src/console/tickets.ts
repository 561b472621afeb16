import { randomBytes } from "node:crypto";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import { Refused } from "./refused.ts";

/** A person who looks away longer than that should look again before anything is written. */
const LIFETIME_MS = 10 * MS_PER_MINUTE;
/** Reviews that nobody acted on; the oldest go first. */
const MOST = 50;
const ID_BYTES = 16;

/** What was reviewed and may be written: once, and not for long. */
export class Tickets<T> {
  readonly #open = new Map<string, { readonly value: T; readonly untilMs: number }>();
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  issue(value: T): string {
    const id = newId();
    this.giveBack(id, value);
    return id;
  }

  /** Makes a ticket serve once more: what it stands for was not done. */
  giveBack(id: string, value: T): void {
    this.#open.set(id, { value, untilMs: this.#now() + LIFETIME_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST && oldest !== undefined) this.#open.delete(oldest);
  }

  /** @throws Refused 409 when it was used, has expired or never was */
  take(id: string): T {
    const ticket = this.#open.get(id);
    this.#open.delete(id);
    if (ticket === undefined || this.#now() >= ticket.untilMs)
      throw new Refused(409, "This was written already, or reviewed too long ago: review it once more.");
    return ticket.value;
  }
}

export function newId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}
