import type { ListSize, ListSummary } from "../store/book.ts";
import type { Row, RowFault } from "../store/cells.ts";
import { readMembership } from "../store/list-rows.ts";

/** What CallerLists holds before a change and after it, counted in one pass over a table that may be long. */
export class ListTally implements ListSummary {
  readonly sizes = new Map<string, ListSize>();
  readonly faults: RowFault[] = [];
  readonly #atMs: number;

  /** @param atMs epoch milliseconds that tell which rows have lapsed */
  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  add(row: Row): void {
    const { value, faults } = readMembership(row);
    this.faults.push(...faults);
    if (value === undefined) return;
    const { members, lapsed } = this.sizes.get(value.list) ?? { members: 0, lapsed: 0 };
    const hasLapsed = value.untilMs !== undefined && value.untilMs <= this.#atMs;
    this.sizes.set(value.list, { members: members + 1, lapsed: lapsed + (hasLapsed ? 1 : 0) });
  }
}
