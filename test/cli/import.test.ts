import { mkdir } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import type { TableClient } from "@azure/data-tables";
import { beforeEach, describe, expect, it } from "vitest";
import { applyPlans } from "../../src/cli/csv/apply.ts";
import { type TablePlan, TablePlanner } from "../../src/cli/csv/plan.ts";
import { readTableFile } from "../../src/cli/csv/table-file.ts";
import { MistakeError } from "../../src/cli/exit.ts";
import { ringroute } from "../../src/cli/main.ts";
import { readAllRows } from "../../src/store/row-edits.ts";
import { TABLE_NAMES } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand, runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();

const ROUTES = "PartitionKey,RowKey,priority,action,targets,note,caller";

function where() {
  return { connectionString: running().azurite.connectionString, cwd: folder().path, env: { DEFAULT_REGION: "US" } };
}

async function rowsOf(table: TableClient): Promise<string[]> {
  const rows: string[] = [];
  for await (const { partitionKey, rowKey } of readAllRows(table, new AbortController().signal))
    rows.push(`${partitionKey}/${rowKey}`);
  return rows;
}

beforeEach(async () => {
  const { tables } = running();
  for (const name of TABLE_NAMES) {
    for await (const { partitionKey, rowKey } of readAllRows(tables[name], new AbortController().signal))
      await tables[name].deleteEntity(partitionKey, rowKey);
  }
  await tables.Routes.createEntity({
    partitionKey: "default",
    rowKey: "night",
    action: "reject",
    priority: 100,
    ticket: 7,
  });
  await tables.Routes.createEntity({ partitionKey: "default", rowKey: "old", action: "reject", caller: "+1425*" });
});

describe("ringroute import", () => {
  it("shows what will be added, changed and removed, and writes it", async () => {
    await folder().write(
      "routes.csv",
      `${ROUTES}\ndefault,night,90,reject,,,\ndefault,day,10,,user:${IDS.adele},,+1206*\n`,
    );
    const { code, stdout, stderr } = await runProcess(["import", "routes.csv", "--prune", "--yes"], where());
    expect({ code, told: stderr }).toEqual({ code: 0, told: expect.stringContaining("Written: 3 rows.") });
    expect(stdout).toContain(
      `+ Routes default/day\n    priority: 10\n    targets: user:${IDS.adele}\n    caller: +1206*\n`,
    );
    expect(stdout).toContain("~ Routes default/night\n    priority: 100 -> 90\n");
    expect(stdout).toContain("- Routes default/old\n");
    expect(stdout).toMatch(/Routes +routes\.csv +1 +1 +1 +0 +0/);
    const { Routes } = running().tables;
    expect(await rowsOf(Routes)).toEqual(["default/day", "default/night"]);
    expect(await Routes.getEntity("default", "night")).toMatchObject({ priority: "90", ticket: 7 });
  });

  it("has nothing to do after an export, Storage Explorer's types and all", async () => {
    const { tables } = running();
    await tables.Lines.createEntity({
      partitionKey: "line",
      rowKey: IDS.line,
      number: "(425) 555-0100",
      name: "=O'Brien",
    });
    await tables.Schedules.createEntity({ partitionKey: "holidays", rowKey: "12-25", hours: "closed", name: "Noël" });
    await tables.CallerLists.createEntity({ partitionKey: "+18005550199", rowKey: "Blocked" });
    expect((await runCommand(["export", "rows"], where())).code).toBe(0);
    const { code, stdout } = await runCommand(["import", "rows", "--prune", "--json", "--yes"], where());
    const { plan, written } = JSON.parse(stdout);
    expect({ code, written }).toEqual({ code: 0, written: 0 });
    const counts = plan.map(({ table, added, changed, removed, same }: Record<string, unknown>) => [
      table,
      added,
      changed,
      removed,
      same,
    ]);
    expect(counts).toEqual([
      ["Lines", [], [], [], 1],
      ["Routes", [], [], [], 2],
      ["Schedules", [], [], [], 1],
      ["CallerLists", [], [], [], 1],
    ]);
  });

  it("empties a cell that the file leaves empty, and keeps a column that is none of ours", async () => {
    await folder().write("routes.csv", `${ROUTES}\ndefault,night,,reject,,,\ndefault,old,50,reject,,,+1206*\n`);
    const { code } = await runCommand(["import", "routes.csv", "--yes"], where());
    expect(code).toBe(0);
    const night = await running().tables.Routes.getEntity("default", "night");
    expect(night).not.toHaveProperty("priority");
    expect(night).toMatchObject({ action: "reject", ticket: 7 });
  });

  it("writes nothing with --dry-run, and touches no table whose file is not given", async () => {
    await folder().write("routes.csv", `${ROUTES}\n`);
    await folder().write("lists.csv", "PartitionKey,RowKey\n+14255550100,vip\n");
    const { code, stdout, stderr } = await runCommand(["import", "lists.csv", "--prune", "--dry-run"], where());
    expect({ code, told: stderr }).toEqual({
      code: 0,
      told: expect.stringContaining("Nothing is written (--dry-run)"),
    });
    expect(stdout).toContain("+ CallerLists +14255550100/vip");
    expect(stdout).not.toContain("Routes");
    expect(await rowsOf(running().tables.CallerLists)).toEqual([]);
  });

  it("writes nothing while one line is bad, and names every bad line of every file", async () => {
    await folder().write("routes.csv", `${ROUTES}\ndefault,day,10,,user:nobody,,\ndefault,noon,x,reject,,,\n`);
    await folder().write("lists.csv", "PartitionKey,RowKey\n+14255550100,vip\n4.41E+11,vip\n");
    const { code, stderr } = await runProcess(["import", ".", "--yes"], where());
    expect(code).toBe(1);
    for (const place of [
      "routes.csv line 2, column targets",
      "routes.csv line 3, column priority",
      "lists.csv line 3, column PartitionKey",
    ])
      expect(stderr).toContain(place);
    expect(stderr).toContain("Nothing is written: 3 mistakes in the files.");
    expect(await rowsOf(running().tables.CallerLists)).toEqual([]);
  });

  it("refuses what would break the rows that stay: a rule for a schedule that goes", async () => {
    const { tables } = running();
    await tables.Schedules.createEntity({
      partitionKey: "office",
      rowKey: "hours",
      timeZone: "Etc/UTC",
      monday: "09:00-17:00",
    });
    await tables.Routes.createEntity({ partitionKey: "default", rowKey: "day", action: "reject", schedule: "office" });
    await folder().write("schedules.csv", "PartitionKey,RowKey,timeZone,monday\nshop,hours,Etc/UTC,09:00-17:00\n");
    const { code, stderr } = await runCommand(["import", "schedules.csv", "--prune", "--yes"], where());
    expect({ code, told: stderr }).toEqual({ code: 1, told: expect.stringContaining("default/day, column schedule") });
    expect(await rowsOf(tables.Schedules)).toEqual(["office/hours"]);
  });

  it("asks before it writes, and takes no answer for a no", async () => {
    await folder().write("routes.csv", `${ROUTES}\ndefault,day,10,reject,,,+1206*\n`);
    const { code, stderr } = await runCommand(["import", "routes.csv"], where());
    expect({ code, told: stderr }).toEqual({ code: 2, told: expect.stringContaining("say it with --yes") });
    expect(await rowsOf(running().tables.Routes)).toEqual(["default/night", "default/old"]);
  });

  it("removes all rows of a table for an empty file only when that is said twice", async () => {
    await folder().write("routes.csv", `${ROUTES}\n`);
    const refused = await runCommand(["import", "routes.csv", "--prune", "--yes"], where());
    expect({ code: refused.code, told: refused.stderr }).toEqual({
      code: 2,
      told: expect.stringContaining("--prune --yes --prune-all"),
    });
    expect((await runCommand(["import", "routes.csv", "--prune", "--prune-all", "--yes"], where())).code).toBe(0);
    expect(await rowsOf(running().tables.Routes)).toEqual([]);
  });

  it.each([
    ["a file that is not there", ["import", "missing.csv"], "missing.csv is not there"],
    ["a folder without tables", ["import", "empty"], "holds none of lines.csv"],
    ["a file that no name and no heading tells", ["import", "odd.csv"], "--table lines"],
    ["--table with a folder", ["import", ".", "--table", "lines"], "--table is for a single file"],
  ])("says what is wrong with %s", async (_, args, message) => {
    await mkdir(`${folder().path}/empty`);
    await folder().write("odd.csv", "PartitionKey,RowKey,note\n");
    await folder().write("routes.csv", ROUTES);
    await folder().write("lists.csv", "PartitionKey,RowKey\n");
    const { code, stderr } = await runCommand(args, where());
    expect({ code, told: stderr }).toEqual({ code: 2, told: expect.stringContaining(message) });
  });

  it("says how far it came when it is interrupted, and how to go on", async () => {
    await folder().write("vip.csv", "PartitionKey,RowKey\n+14255550100,vip\n+14255550101,vip\n");
    const { connectionString, cwd } = where();
    const ctrlC = new AbortController();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    // The plan is all that goes there: whoever sees it has second thoughts.
    stdout.once("data", () => ctrlC.abort());
    const code = await ringroute(["import", "vip.csv", "--table", "lists", "--yes"], {
      env: { TABLES_CONNECTION_STRING: connectionString },
      cwd,
      stdin: Readable.from([]),
      stdout,
      stderr,
      now: () => new Date(),
      interrupted: ctrlC.signal,
    });
    expect({ code, told: String(stderr.read()) }).toEqual({
      code: 1,
      told: expect.stringMatching(
        /Stopped: \d of 2 rows (is|are) written\. For the rest: ringroute import vip\.csv --table lists\n$/,
      ),
    });
  });

  it("plans 50,000 list rows within 64 MB of heap", async () => {
    const rows = Array.from({ length: 50_000 }, (_, row) => `+1425${2_000_000 + row},blocked,,Reported ${row}\n`);
    await folder().write("lists.csv", `PartitionKey,RowKey,until,note\n${rows.join("")}`);
    const { connectionString, cwd } = where();
    const { code, stdout } = await runProcess(["import", "lists.csv", "--dry-run"], {
      connectionString,
      cwd,
      env: { NODE_OPTIONS: "--max-old-space-size=64" },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/CallerLists +lists\.csv +50,000 +0 +0 +0 +0/);
  });
});

async function planFor(name: "routes.csv" | "lists.csv", text: string, prune = false): Promise<TablePlan> {
  const file = await readTableFile(await folder().write(name, text), undefined, "US");
  const planner = new TablePlanner(file, { prune, region: "US" });
  for await (const row of readAllRows(running().tables[file.table], new AbortController().signal)) planner.see(row);
  return planner.finish();
}

describe("applyPlans", () => {
  const uninterrupted = new AbortController().signal;
  const ignore = () => {};

  it("ends behind what is under way once interrupted, and a second run writes the rest", async () => {
    const callers = Array.from({ length: 200 }, (_, row) => `+1425555${1000 + row},vip\n`).join("");
    const text = `PartitionKey,RowKey\n${callers}`;
    const { tables } = running();
    const ctrlC = new AbortController();
    const { rows, whole } = await applyPlans(tables, [await planFor("lists.csv", text)], ctrlC.signal, () =>
      ctrlC.abort(),
    );
    expect(whole).toBe(false);
    expect(await rowsOf(tables.CallerLists)).toHaveLength(rows);
    const rest = await planFor("lists.csv", text);
    expect(rest).toMatchObject({ same: rows, changed: [], removed: [] });
    expect(await applyPlans(tables, [rest], uninterrupted, ignore)).toEqual({ rows: 200 - rows, whole: true });
    expect(await rowsOf(tables.CallerLists)).toHaveLength(200);
  });

  it.each([
    ["changed", { priority: 5 }, "Routes default/night: priority: 100 -> 5"],
    ["written with the same cells", {}, "Routes default/night was written again"],
  ])("overwrites no row that somebody else has %s meanwhile, and says what is otherwise", async (_, cells, says) => {
    const { tables } = running();
    const plan = await planFor("routes.csv", `${ROUTES}\ndefault,night,90,reject,,,\ndefault,day,10,reject,,,+1206*\n`);
    await tables.Routes.updateEntity({ partitionKey: "default", rowKey: "night", ...cells }, "Merge");
    const applying = applyPlans(tables, [plan], uninterrupted, ignore);
    await expect(applying).rejects.toThrow(MistakeError);
    await expect(applying).rejects.toThrow(says);
    expect(await rowsOf(tables.Routes)).toEqual(["default/night", "default/old"]);
  });

  it("removes no row that somebody else has changed meanwhile", async () => {
    const { tables } = running();
    const plan = await planFor("routes.csv", `${ROUTES}\ndefault,night,100,reject,,,\n`, true);
    await tables.Routes.updateEntity({ partitionKey: "default", rowKey: "old", note: "still needed" }, "Merge");
    await expect(applyPlans(tables, [plan], uninterrupted, ignore)).rejects.toThrow("note: (empty) -> still needed");
    expect(await rowsOf(tables.Routes)).toContain("default/old");
  });

  it("takes a row for written that already is as the plan wants it, and writes the others of its transaction", async () => {
    const { tables } = running();
    const plan = await planFor(
      "routes.csv",
      `${ROUTES}\ndefault,night,100,reject,,,\ndefault,day,10,reject,,,+1206*\ndefault,noon,11,reject,,,+1207*\n`,
    );
    await tables.Routes.createEntity({
      partitionKey: "default",
      rowKey: "day",
      priority: "10",
      action: "reject",
      caller: "+1206*",
    });
    expect(await applyPlans(tables, [plan], uninterrupted, ignore)).toEqual({ rows: 2, whole: true });
    expect(await rowsOf(tables.Routes)).toContain("default/noon");
  });
});
