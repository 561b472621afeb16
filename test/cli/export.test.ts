import { readdir } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { startTableProxy } from "../../local/table-proxy.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand, runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();

function where() {
  return { connectionString: running().azurite.connectionString, cwd: folder().path };
}

describe("ringroute export", () => {
  it("writes one file a table, sorted by keys, and says how many rows of each", async () => {
    const { Lines, Routes, CallerLists } = running().tables;
    await Lines.createEntity({ partitionKey: "line", rowKey: IDS.line, number: "+14255550100", name: "Support, day" });
    await Routes.createEntity({ partitionKey: "default", rowKey: "b", action: "reject", priority: 5, enabled: true });
    await Routes.createEntity({ partitionKey: "default", rowKey: "B", action: "reject", note: '=HYPERLINK("x")' });
    await Routes.createEntity({ partitionKey: "default", rowKey: "a%2Fb", action: "reject", odd: "column" });
    await CallerLists.createEntity({ partitionKey: "+18005550199", rowKey: "blocked" });
    const { code, stdout, stderr } = await runProcess(["export", "rows"], where());
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Tables: .*\n$/) });
    expect(stdout).toMatch(/Routes +rows\/routes\.csv +3/);
    expect(await folder().read("rows/lines.csv")).toBe(
      `PartitionKey,RowKey,number,name,group,site,fallback,note\nline,${IDS.line},'+14255550100,"Support, day",,,,\n`,
    );
    expect(await folder().read("rows/routes.csv")).toBe(
      [
        "PartitionKey,RowKey,priority,enabled,caller,schedule,from,until,action,targets,ring,timeout,policies,fallback,reason,note",
        `default,B,,,,,,,reject,,,,,,,"'=HYPERLINK(""x"")"`,
        "default,a/b,,,,,,,reject,,,,,,,",
        "default,b,5,true,,,,,reject,,,,,,,",
        "",
      ].join("\n"),
    );
    expect(await folder().read("rows/lists.csv")).toBe("PartitionKey,RowKey,until,note\n'+18005550199,blocked,,\n");
    expect((await readdir(`${folder().path}/rows`)).sort()).toEqual([
      "lines.csv",
      "lists.csv",
      "routes.csv",
      "schedules.csv",
    ]);
  });

  it("marks a file as UTF-8 when Excel would spoil its letters, and only then", async () => {
    await running().tables.Schedules.createEntity({ partitionKey: "Zürich", rowKey: "12-25", hours: "closed" });
    const { code } = await runCommand(["export", "."], where());
    expect(code).toBe(0);
    expect((await folder().read("schedules.csv")).startsWith("\ufeffPartitionKey,")).toBe(true);
    expect((await folder().read("schedules.csv")).split("\n")[1]).toBe("Zürich,'12-25,,,,,,,,,,closed,,");
    expect((await folder().read("lines.csv")).startsWith("PartitionKey,")).toBe(true);
  });

  it("counts for a program with --json", async () => {
    const { stdout } = await runCommand(["export", "rows", "--json"], where());
    expect(JSON.parse(stdout)).toContainEqual({ table: "CallerLists", file: "rows/lists.csv", rows: 1 });
  });

  it("leaves the old files as they are when the tables cannot be read", async () => {
    await folder().write("lines.csv", "what was there");
    const nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;";
    const { code } = await runCommand(["export", "."], { connectionString: nowhere, cwd: folder().path });
    expect(code).toBe(3);
    expect(await readdir(folder().path)).toEqual(["lines.csv"]);
    expect(await folder().read("lines.csv")).toBe("what was there");
  });

  it("leaves no folder behind when the tables cannot be read", async () => {
    const nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;";
    await runCommand(["export", "new/rows"], { connectionString: nowhere, cwd: folder().path });
    expect(await readdir(folder().path)).toEqual([]);
  });

  it("leaves no folder behind when a long table breaks off", async () => {
    const proxy = await startTableProxy({ target: running().azurite });
    onTestFinished(() => proxy.close());
    // Its listing alone is asked for when the folder is there already.
    proxy.setFaults({ faults: [{ kind: "down", table: "CallerLists" }] });
    const { code } = await runCommand(["export", "new/rows"], { ...where(), connectionString: proxy.connectionString });
    expect(code).toBe(3);
    expect(await readdir(folder().path)).toEqual([]);
  });

  it("names the path that is a file where a folder should be", async () => {
    const path = await folder().write("rows", "");
    const { code, stderr } = await runCommand(["export", "rows"], where());
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`ringroute: ${path}: file already exists.`),
    });
  });
});
