import { beforeAll, beforeEach } from "vitest";
import { TABLES } from "../../src/store/cells.ts";
import { readAllRows } from "../../src/store/row-edits.ts";
import { type TestTables, useAzurite } from "../support/azurite.ts";
import { type CommandOptions, type CommandRun, runCommand } from "../support/command.ts";
import { IDS } from "../support/rows.ts";

/** A third line, in Boulder. The other two, Support and Sales, are in Denver. */
export const BOULDER = "22222222-0000-4000-8000-000000000002";
export const ON_CALL = "+13035550199";
export const BLOCKED = "+18005550199";

/** By table, PartitionKey and RowKey. */
type Cells = Readonly<Record<string, string>>;
export type RowsToWrite = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Cells>>>>>>;

const ROWS: RowsToWrite = {
  Lines: {
    line: {
      [IDS.line]: { number: "+13035550100", name: "Support", group: "helpdesk", site: "Denver" },
      [IDS.queue]: { number: "+13035550101", name: "Sales", site: "Denver", fallback: `phone:${ON_CALL}` },
      [BOULDER]: { name: "Warehouse", site: "Boulder" },
    },
  },
  Routes: {
    all: { blocked: { caller: "list:blocked", action: "reject" } },
    helpdesk: {
      day: { schedule: "office", targets: `user:${IDS.adele} "Adele", user:${IDS.ben} "Ben"`, timeout: "30" },
      night: { schedule: "!office", targets: `phone:${ON_CALL} "On call"` },
    },
    default: { desk: { caller: "*, !anonymous", targets: `user:${IDS.ben} "Ben"` } },
  },
  Schedules: {
    office: {
      hours: {
        timeZone: "America/Denver",
        ...Object.fromEntries(
          ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => [day, "08:00-17:00"]),
        ),
        holidays: "feasts",
      },
      "2026-12-28..2026-12-31": { hours: "08:00-12:00", name: "Year's end" },
    },
    feasts: { "12-25": { name: "Christmas" } },
  },
  CallerLists: { [BLOCKED]: { blocked: {} } },
};

/** Azurite with three lines, before each test as they are here. */
export function useDenver() {
  const running = useAzurite();
  const command = (
    args: readonly string[],
    options: CommandOptions & { readonly now?: Date } = {},
  ): Promise<CommandRun> => runCommand(args, { connectionString: running().azurite.connectionString, ...options });
  beforeAll(async () => await writeRows(running(), ROWS));
  beforeEach(async () => await removeOverrides(running()));
  return { running, command };
}

export async function writeRows({ tables }: TestTables, rows: RowsToWrite): Promise<void> {
  for (const table of TABLES) {
    for (const [partitionKey, partition] of Object.entries(rows[table] ?? {})) {
      for (const [rowKey, cells] of Object.entries(partition)) {
        await tables[table].upsertEntity({ partitionKey, rowKey, ...cells }, "Replace");
      }
    }
  }
}

async function removeOverrides({ tables }: TestTables): Promise<void> {
  for await (const { partitionKey, rowKey } of readAllRows(tables.Routes, new AbortController().signal)) {
    if (partitionKey === "override") await tables.Routes.deleteEntity(partitionKey, rowKey);
  }
}
