import { describe, expect, it } from "vitest";
import { type Batch, stagesOf } from "../../src/cli/csv/apply.ts";
import { type TablePlan, TablePlanner } from "../../src/cli/csv/plan.ts";
import { readTableFile, type TableFile } from "../../src/cli/csv/table-file.ts";
import { Decider } from "../../src/cli/decider.ts";
import type { Row } from "../../src/store/cells.ts";
import { rowOf } from "../../src/store/layouts.ts";
import { type RowsByTable, rowsInMemory } from "../../src/store/row-source.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const folder = useFolder();

async function fileOf(name: string, ...lines: readonly string[]): Promise<TableFile> {
  const file = await readTableFile(await folder().write(name, lines.join("\n")), undefined, "US");
  expect(file.faults.items).toEqual([]);
  return file;
}

function planOf(file: TableFile, stored: readonly Row[], prune = false): TablePlan {
  const planner = new TablePlanner(file, { prune, region: "US" });
  for (const row of stored) planner.see(row);
  return planner.finish();
}

const stored = (rowKey: string, cells: Readonly<Record<string, unknown>>): Row => ({
  partitionKey: "default",
  rowKey,
  etag: `etag of ${rowKey}`,
  timestamp: "2026-01-01T00:00:00Z",
  ...cells,
});

describe("TablePlanner", () => {
  const headings = "PartitionKey,RowKey,priority,enabled,action,note";
  const rows = [
    stored("night", { priority: 100, action: "reject", note: "at night", ticket: 42 }),
    stored("day", { priority: 50, enabled: true, action: "reject" }),
    stored("old", { action: "reject" }),
  ];

  it("tells what is added and what changes, column by column, and leaves other rows alone", async () => {
    const file = await fileOf(
      "routes.csv",
      headings,
      "default,night,90,,reject,",
      "default,day,50,TRUE,reject,",
      "default,new,,,reject,",
    );
    const plan = planOf(file, rows);
    expect(plan.added.map(({ keys }) => keys.rowKey)).toEqual(["new"]);
    expect(plan.changed.map(({ before, changes }) => [before.rowKey, changes])).toEqual([
      [
        "night",
        [
          { column: "priority", was: "100", becomes: "90" },
          { column: "note", was: "at night", becomes: "" },
        ],
      ],
    ]);
    expect([plan.removed, plan.same, plan.leftAlone]).toEqual([[], 1, 1]);
  });

  it("removes what the file does not name, when told to", async () => {
    const file = await fileOf("routes.csv", headings, "default,night,100,,reject,at night");
    expect(planOf(file, rows, true).removed.map(({ rowKey }) => rowKey)).toEqual(["day", "old"]);
  });

  it("keeps columns of others on a row that changes, and the etag that it was read with", async () => {
    const file = await fileOf("routes.csv", headings, "default,night,90,,reject,");
    expect(planOf(file, rows).changed[0]?.before).toMatchObject({ ticket: 42, etag: "etag of night" });
  });

  it("leaves a column as it is that the file does not have", async () => {
    const file = await fileOf("routes.csv", "PartitionKey,RowKey,action,priority", "default,night,reject,90");
    const [change] = planOf(file, rows).changed;
    expect(change?.cells).toEqual({ action: "reject", priority: "90", note: "at night" });
  });

  it("takes a number in another spelling for the same one", async () => {
    const file = await fileOf("lines.csv", "PartitionKey,RowKey,number", `line,${IDS.line},'+14255550100`);
    const line = { partitionKey: "line", rowKey: IDS.line, number: "(425) 555-0100" };
    expect(planOf(file, [line]).same).toBe(1);
  });
});

/** What a batch writes, as `+ Routes default/night`. */
function describeBatch(batch: Batch): string[] {
  const sign = { insert: "+", replace: "~", remove: "-" };
  return batch.edits.map(({ kind, table, keys }) => `${sign[kind]} ${table} ${keys.partitionKey}/${keys.rowKey}`);
}

describe("stagesOf", () => {
  it("writes 100 rows of a partition at a time, and never two partitions together", async () => {
    const lines = [...Array(205).keys()].map((row) => `default,r${row},reject`);
    const file = await fileOf("routes.csv", "PartitionKey,RowKey,action", ...lines, "night,a,reject", "sales,a,reject");
    const batches = stagesOf([planOf(file, [])]).flatMap((stage) => [...stage]);
    expect(batches.map(({ edits }) => [edits[0]?.keys.partitionKey, edits.length])).toEqual([
      ["default", 100],
      ["default", 100],
      ["default", 5],
      ["night", 1],
      ["sales", 1],
    ]);
  });

  it("writes what others lean on first, and removes it last", async () => {
    const key = (table: string) => ({ Lines: `line/${IDS.line}`, Routes: "default/old" })[table] ?? "old/old";
    const gone = (table: string): Row => {
      const [partitionKey = "", rowKey = ""] = key(table).split("/");
      return { partitionKey, rowKey, etag: "x" };
    };
    const plans = [
      planOf(await fileOf("lines.csv", "PartitionKey,RowKey", `line,${IDS.ben}`), [gone("Lines")], true),
      planOf(
        await fileOf(
          "routes.csv",
          "PartitionKey,RowKey,action",
          `${IDS.ben},a,reject`,
          "support,a,reject",
          "default,a,reject",
        ),
        [gone("Routes"), { partitionKey: IDS.line, rowKey: "old", etag: "x" }],
        true,
      ),
      planOf(await fileOf("schedules.csv", "PartitionKey,RowKey", "holidays,12-25"), [gone("Schedules")], true),
      planOf(await fileOf("lists.csv", "PartitionKey,RowKey", "+14255550100,vip"), [gone("CallerLists")], true),
    ];
    expect(stagesOf(plans).flatMap((stage) => [...stage].flatMap(describeBatch))).toEqual([
      "+ CallerLists +14255550100/vip",
      "+ Schedules holidays/12-25",
      "+ Routes default/a",
      "+ Routes support/a",
      `+ Routes ${IDS.ben}/a`,
      `+ Lines line/${IDS.ben}`,
      `- Lines line/${IDS.line}`,
      `- Routes ${IDS.line}/old`,
      "- Routes default/old",
      "- Schedules old/old",
      "- CallerLists old/old",
    ]);
  });

  it("never leaves a line without an answer, wherever the import ends", async () => {
    const line = { partitionKey: "line", rowKey: IDS.line, group: "sales", etag: "x" };
    const before: RowsByTable = {
      Lines: [line],
      Routes: [{ partitionKey: "sales", rowKey: "old", action: "reject", schedule: "old-hours", etag: "x" }],
      Schedules: [
        { partitionKey: "old-hours", rowKey: "hours", timeZone: "Etc/UTC", ...everyDay("00:00-24:00"), etag: "x" },
      ],
      CallerLists: [],
    };
    const files = [
      await fileOf("lines.csv", "PartitionKey,RowKey,group", `line,${IDS.line},support`),
      await fileOf("routes.csv", "PartitionKey,RowKey,action,schedule", "support,new,reject,new-hours"),
      await fileOf(
        "schedules.csv",
        `PartitionKey,RowKey,timeZone,${Object.keys(everyDay("")).join()}`,
        `new-hours,hours,Etc/UTC${",00:00-24:00".repeat(7)}`,
      ),
    ];
    const plans = files.map((file) => planOf(file, before[file.table], true));
    const batches = stagesOf(plans).flatMap((stage) => [...stage]);
    expect(batches).toHaveLength(5);
    for (let done = 0; done <= batches.length; done++) {
      const rows = batches.slice(0, done).reduce(carryOut, before);
      const decider = new Decider(rowsInMemory(rows), { ownTenantId: "", fallbackTargets: [] });
      const caller = { kind: "phone", id: "+12065550100" } as const;
      const { decision } = await decider.decide({ line: { id: IDS.line, fallback: [] }, caller, at: new Date(0) });
      expect(decision.by.kind, `after ${done} batches`).toBe("rule");
    }
  });
});

function everyDay(hours: string): Record<string, string> {
  const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  return Object.fromEntries(days.map((day) => [day, hours]));
}

function carryOut(rows: RowsByTable, { edits }: Batch): RowsByTable {
  const after: Record<keyof RowsByTable, readonly Row[]> = { ...rows };
  for (const edit of edits) {
    const { table, keys } = edit;
    const others = after[table].filter((row) => row.partitionKey !== keys.partitionKey || row.rowKey !== keys.rowKey);
    after[table] = edit.kind === "remove" ? others : [...others, rowOf(keys, edit.cells)];
  }
  return after;
}
