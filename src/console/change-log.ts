import { applyPlans } from "../cli/csv/apply.ts";
import type { TablePlan } from "../cli/csv/plan.ts";
import { MistakeError } from "../cli/exit.ts";
import { Fault } from "../errors.ts";
import type { Tables } from "../store/tables.ts";
import type { WriteAnswer } from "./api/changing.ts";
import type { StateAnswer } from "./api/looking.ts";
import { Refused } from "./refused.ts";
import { changesOf, findConflict, findWritten, type RowChange, reversalOf, rowsIn } from "./row-changes.ts";
import { newId, Tickets } from "./tickets.ts";

/** Changes that can be undone; the oldest go first. */
const MOST_UNDOABLE = 100;

/** What may be written: what was reviewed, and what to call it. */
export interface Proposal {
  /** `Changed Routes default/night`. */
  readonly says: string;
  readonly plans: readonly TablePlan[];
}

interface Done {
  readonly says: string;
  readonly atMs: number;
  readonly changes: readonly RowChange[];
}

/** Writes what was reviewed, remembers it, and takes it back. */
export class ChangeLog {
  readonly #tables: Tables;
  readonly #interrupted: AbortSignal;
  readonly #now: () => number;
  readonly #renew: (changes: readonly RowChange[]) => Promise<void>;
  readonly #tickets: Tickets<Proposal>;
  readonly #done = new Map<string, Done>();

  /**
   * @param interrupted ends what is being written behind the batch under way
   * @param now epoch milliseconds
   * @param renew reads the rows anew behind changes
   */
  constructor(
    tables: Tables,
    interrupted: AbortSignal,
    now: () => number,
    renew: (changes: readonly RowChange[]) => Promise<void>,
  ) {
    this.#tables = tables;
    this.#interrupted = interrupted;
    this.#now = now;
    this.#renew = renew;
    this.#tickets = new Tickets(now);
  }

  /** What can still be undone, the newest first. */
  get undoable(): StateAnswer["undoable"] {
    return [...this.#done].map(([id, { says, atMs }]) => ({ id, says, atMs })).reverse();
  }

  propose(proposal: Proposal): string {
    return this.#tickets.issue(proposal);
  }

  /**
   * Writes what a ticket stands for.
   *
   * @throws Refused 409 when somebody has changed a row since it was reviewed; 503 when the tables cannot be had and 504
   *   when they do not answer, after either of which the ticket serves again unless some rows are known to be written.
   *   Rows are looked at again then: when all are as they were to be, only the answer was lost, and nothing is thrown
   */
  async write(ticket: string): Promise<WriteAnswer> {
    const proposal = this.#tickets.take(ticket);
    const { says, plans } = proposal;
    const changes = changesOf(plans);
    const undo = newId();
    try {
      await this.#apply(plans, (written) => {
        // Known before all is written: what was written when it broke off can be undone too.
        const part = written < rowsIn(plans) ? ` (${written} of ${rowsIn(plans)} rows)` : "";
        this.#remember(undo, { says: says + part, atMs: this.#now(), changes });
      });
    } catch (error) {
      // A row that was written after all, unheard, counts as done when it is written again.
      if (error instanceof Refused && error.status > 500 && !this.#done.has(undo))
        this.#tickets.giveBack(ticket, proposal);
      throw error;
    }
    return { rows: rowsIn(plans), says, undo };
  }

  /**
   * Puts rows back as they were before a change of this run.
   *
   * @throws Refused 404 when there is no such change, 409 with the row when somebody has changed it since
   */
  async undo(id: string): Promise<WriteAnswer> {
    const done = this.#done.get(id);
    if (done === undefined) throw new Refused(404, "There is no such change to undo, or it was undone already.");
    const plans = await reversalOf(done.changes, this.#tables, this.#interrupted);
    await this.#apply(plans, () => {});
    this.#done.delete(id);
    return { rows: rowsIn(plans), says: done.says, undo: id };
  }

  async #apply(plans: readonly TablePlan[], onProgress: (rows: number) => void): Promise<void> {
    const changes = changesOf(plans);
    let written = 0;
    const progress = (rows: number) => {
      written = rows;
      onProgress(rows);
    };
    const soFar = () => (written === 0 ? "Nothing was written." : `${written} of ${changes.length} rows are written.`);
    try {
      const { whole } = await applyPlans(this.#tables, plans, this.#interrupted, progress);
      if (!whole) throw new Refused(503, `The console was ended meanwhile. ${soFar()}`);
    } catch (error) {
      if (error instanceof Fault) {
        const found = await findWritten(changes, this.#tables, this.#interrupted);
        if (found !== undefined && found > written) progress(found);
        // The rows are as they were to be: it was the answer that was lost.
        if (written === changes.length) return;
        const isLate = error.code === "late";
        throw new Refused(
          isLate ? 504 : 503,
          `${error.message}. ${isSettled(error, found) ? soFar() : inDoubt(soFar(), written)}`,
        );
      }
      if (!(error instanceof MistakeError)) throw error;
      const conflict = await findConflict(changes, this.#tables, this.#interrupted);
      const theirs = conflict?.refusal.theirs;
      throw new Refused(409, `${error.message}\n${soFar()}`, theirs === undefined ? {} : { theirs });
    } finally {
      if (written > 0) await this.#renew(changes);
    }
  }

  #remember(id: string, done: Done): void {
    this.#done.set(id, done);
    const [oldest] = this.#done.keys();
    if (this.#done.size > MOST_UNDOABLE && oldest !== undefined) this.#done.delete(oldest);
  }
}

/** Whether what was found of rows is the end of it. A request that is only late may still be carried out. */
function isSettled({ code }: Fault, found: number | undefined): boolean {
  return code === "tables-refused" || code === "row-changed" || (found !== undefined && code !== "late");
}

/** What to say where rows may have been written unseen. */
function inDoubt(soFar: string, written: number): string {
  return written === 0
    ? "It is not known whether it was written."
    : `It is not known whether more was written. ${soFar}`;
}
