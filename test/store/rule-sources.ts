import { beforeEach } from "vitest";
import { decide } from "../../src/routing/decide.ts";
import { nameOfDecider } from "../../src/routing/explain.ts";
import type { CallFacts } from "../../src/routing/rule.ts";
import { storedRows } from "../../src/store/row-source.ts";
import { type RuleSourceOptions, TableRuleSource } from "../../src/store/rule-source.ts";
import { keyOf, type Tables } from "../../src/store/tables.ts";
import type { TestTables } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { aDeadline, someFacts } from "./calls.ts";

type Cells = Readonly<Record<string, unknown>>;

export const ADELE = `user:${IDS.adele}`;

/** The moment of every call here. */
const WEDNESDAY = new Date("2026-11-25T15:00:00Z");

/** Reads the rows that a call from a phone to the line touches. */
export const find = (source: TableRuleSource, facts: Partial<CallFacts> = {}) =>
  source.find(someFacts(facts), WEDNESDAY, aDeadline());

/** Sources of rules at Azurite, whose tables are empty when a test begins. */
export function ruleSourcesOf(azurite: () => TestTables) {
  beforeEach(async () => {
    for (const table of Object.values(azurite().tables)) {
      for await (const { partitionKey = "", rowKey = "" } of table.listEntities()) {
        await table.deleteEntity(partitionKey, rowKey);
      }
    }
  });

  /** Reads on every call, unless the options say otherwise. */
  const aSource = (options: Partial<RuleSourceOptions> = {}) =>
    new TableRuleSource({ rows: storedRows(azurite().tables), freshMs: 0, now: () => 0, ...options });

  return {
    aSource,

    async put(table: keyof Tables, partition: string, rows: Readonly<Record<string, Cells>>): Promise<void> {
      for (const [row, cells] of Object.entries(rows)) {
        const key = { partitionKey: keyOf(partition), rowKey: keyOf(row) };
        await azurite().tables[table].upsertEntity({ ...key, ...cells }, "Replace");
      }
    },

    /** The rules found, in the order in which they are asked. */
    async rulesFound(source = aSource()): Promise<string[]> {
      const { book } = await find(source);
      return book.partitions.flat().map(({ partition, name }) => `${partition}/${name}`);
    },

    /** Who decides a call of Wednesday 2026-11-25, 15:00 UTC. */
    async deciderOf(source = aSource()): Promise<string> {
      const { book, lists } = await find(source);
      const context = { atMs: WEDNESDAY.getTime(), ownTenantId: IDS.tenant, lists, fallbackTargets: [] };
      return nameOfDecider(decide(someFacts(), book, context).by);
    },
  };
}
