import { Deadline } from "../deadline.ts";
import { Fault } from "../errors.ts";
import type { FoundRules } from "../ports.ts";
import { type DecisionContext, decide } from "../routing/decide.ts";
import type { Decision } from "../routing/decision.ts";
import type { Party } from "../routing/party.ts";
import type { CallFacts, Line } from "../routing/rule.ts";
import type { RowSource } from "../store/row-source.ts";
import { TableRuleSource } from "../store/rule-source.ts";
import type { CommandSettings } from "./settings.ts";

/** A call that nobody has placed. */
export interface TrialCall {
  readonly line: Line;
  readonly caller: Party;
  readonly at: Date;
}

/** Milliseconds that reading the rows of one call may take. Nobody is on the line. */
const PATIENCE_MS = 60_000;
/** Settles what `random` chooses; each real call has an id of its own. */
const TRIAL_CALL_ID = "trial";

/** Decides calls as the app does: the same reading of rows, the same `decide`. Rows are read once and then remembered. */
export class Decider {
  readonly #rules: TableRuleSource;
  readonly #settings: Pick<CommandSettings, "ownTenantId" | "fallbackTargets">;

  /** @param interrupted ends whatever is being read at once */
  constructor(
    rows: RowSource,
    settings: Pick<CommandSettings, "region" | "ownTenantId" | "fallbackTargets">,
    interrupted?: AbortSignal,
  ) {
    this.#settings = settings;
    this.#rules = new TableRuleSource({
      rows: interrupted === undefined ? rows : untilInterrupted(rows, interrupted),
      ...(settings.region === undefined ? {} : { region: settings.region }),
      freshMs: Number.POSITIVE_INFINITY,
      now: () => performance.now(),
    });
  }

  /** @throws Fault when the rows cannot be had: a decision without some of them would be another one */
  async decide(trial: TrialCall): Promise<{ readonly decision: Decision; readonly found: FoundRules }> {
    const call = factsOf(trial);
    const deadline = new Deadline(PATIENCE_MS);
    try {
      const found = await this.#rules.find(call, trial.at, deadline);
      if (found.staleBecause !== undefined) throw new Fault("tables-unavailable", found.staleBecause);
      const context = contextOf(this.#settings, trial.at.getTime(), found.lists);
      return { decision: decide(call, found.book, context), found };
    } finally {
      deadline.end();
    }
  }
}

function untilInterrupted(rows: RowSource, interrupted: AbortSignal): RowSource {
  const either = (signal: AbortSignal) => AbortSignal.any([signal, interrupted]);
  return {
    partition: (table, partitionKey, signal) => rows.partition(table, partitionKey, either(signal)),
    row: (table, partitionKey, rowKey, signal) => rows.row(table, partitionKey, rowKey, either(signal)),
  };
}

/** What a decision needs to know of a call that nobody has placed. */
export function factsOf({ line, caller }: Pick<TrialCall, "line" | "caller">): CallFacts {
  const called = { kind: line.id.startsWith("+") ? "phone" : "applicationInstance", id: line.id } as const;
  return { callId: TRIAL_CALL_ID, called, caller, cameFrom: [] };
}

/** @param lists those that the caller is on */
export function contextOf(
  { ownTenantId, fallbackTargets }: Pick<CommandSettings, "ownTenantId" | "fallbackTargets">,
  atMs: number,
  lists: ReadonlySet<string>,
): DecisionContext {
  return { atMs, ownTenantId, lists, fallbackTargets };
}
