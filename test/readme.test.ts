import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Deadline } from "../src/deadline.ts";
import { decide } from "../src/routing/decide.ts";
import { ANONYMOUS, partyOf } from "../src/routing/party.ts";
import { ringTargets } from "../src/routing/ring.ts";
import type { CallFacts, Target } from "../src/routing/rule.ts";
import { formatTarget } from "../src/routing/targets.ts";
import { storedRows } from "../src/store/row-source.ts";
import { TableRuleSource } from "../src/store/rule-source.ts";
import { useAzurite } from "./support/azurite.ts";
import { parseTable } from "./support/markdown.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const BOT = "570cd818-9325-59a7-9b41-20d893417843";
const TABLES = ["Lines", "Routes", "Schedules", "CallerLists"] as const;

type Cells = Record<string, string>;

/** The tables of one example, by the word that stands above them. */
interface Example {
  readonly title: string;
  readonly tables: Readonly<Record<string, readonly Cells[]>>;
}

function examples(): Example[] {
  const chapter = /## Routes by example\n(.*?)\n## /s.exec(README)?.[1] ?? "";
  return chapter
    .split(/\n### /)
    .slice(1)
    .map((section) => {
      const tables = [...section.matchAll(/^(\w+)\n\n((?:\|.*\n?)+)/gm)].map(([, name, table]) => [
        name,
        filled(parseTable(table ?? "")),
      ]);
      return { title: section.split("\n")[0] ?? "", tables: Object.fromEntries(tables) };
    });
}

/** Empty cells are not typed. */
function filled(rows: readonly Cells[]): Cells[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, text]) => text !== "")));
}

describe("the README's routes by example", () => {
  const azurite = useAzurite();

  it("are all read", () => {
    expect(examples().length).toBeGreaterThanOrEqual(7);
  });

  it.each(examples())("$title", async ({ tables: rows }) => {
    const { tables } = azurite();
    for (const table of TABLES) {
      for await (const { partitionKey = "", rowKey = "" } of tables[table].listEntities())
        await tables[table].deleteEntity(partitionKey, rowKey);
      for (const { PartitionKey: partitionKey = "", RowKey: rowKey = "", ...cells } of rows[table] ?? []) {
        await tables[table].upsertEntity({ partitionKey, rowKey, ...cells });
      }
    }
    const rules = new TableRuleSource({
      rows: storedRows(tables),
      region: "US",
      freshMs: 0,
      now: () => performance.now(),
    });
    const calls = rows.Calls ?? [];
    expect(calls.length).toBeGreaterThan(0);
    for (const [turn, { from = "", to = BOT, at = "", rings = "" }] of calls.entries()) {
      const call: CallFacts = {
        callId: crypto.randomUUID(),
        called: partyOf("applicationInstance", to),
        caller: from === "anonymous" ? ANONYMOUS : partyOf("phone", from, "US"),
        cameFrom: [],
      };
      const deadline = new Deadline(10_000);
      const { book, lists, newFaults } = await rules.find(call, new Date(at), deadline);
      deadline.end();
      expect(newFaults).toEqual([]);
      const decision = decide(call, book, { atMs: Date.parse(at), lists, ownTenantId: BOT, fallbackTargets: [] });
      const told =
        decision.kind === "reject"
          ? `reject ${decision.reason}`
          : spoken(ringTargets(decision.ring, decision.targets, call.callId, turn));
      expect(told, `${from} at ${at}`).toBe(rings);
    }
  });
});

/** Targets without names and weights, as the README's last column has them. */
function spoken(targets: readonly Target[]): string {
  return targets.map(({ kind, id }) => formatTarget({ kind, id, weight: 1 })).join(", ");
}
