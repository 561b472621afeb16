import { describe, expect, it } from "vitest";
import { againWith } from "../../src/cli/csv/import.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();

function importing(...args: string[]) {
  const { connectionString } = running().azurite;
  return runCommand(["import", ...args], { connectionString, cwd: folder().path, env: { DEFAULT_REGION: "US" } });
}

describe("againWith", () => {
  it("says the whole command line again, but for the key in a connection string", () => {
    expect(
      againWith("rows/routes.csv", {
        prune: true,
        expect: "calls.csv",
        zone: "America/New_York",
        endpoint: "https://account.table.core.windows.net",
      }),
    ).toBe(
      "ringroute import rows/routes.csv --prune --expect calls.csv --zone America/New_York --endpoint https://account.table.core.windows.net",
    );
    expect(againWith("rows", { connectionString: "AccountKey=a2V5" })).toBe(
      "ringroute import rows, with the same --connection-string",
    );
    expect(againWith("rows", { prune: true, pruneAll: true, yes: true })).toBe(
      "ringroute import rows --prune --yes --prune-all",
    );
  });

  it("quotes a path with spaces", () => {
    expect(againWith("my rows", {})).toMatch(/^ringroute import ('my rows'|"my rows")$/);
  });
});

describe("ringroute import", () => {
  it("wants --prune beside --prune-all", async () => {
    await folder().write("routes.csv", "PartitionKey,RowKey\n");
    expect(await importing("routes.csv", "--prune-all", "--yes")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--prune-all goes with --prune"),
    });
  });

  it("finds a cell that is too long for the tables before anything is written", async () => {
    const text = `PartitionKey,RowKey,action,note\ndefault,day,reject,short\ndefault,night,reject,${"x".repeat(32_768)}\n`;
    await folder().write("routes.csv", text);
    expect(await importing("routes.csv", "--dry-run")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/routes\.csv line 3, column note: found "x+…"; .* at most 32,767 characters/),
    });
  });

  it("names the first of very many rows that a removed one leaves behind, and counts the others", async () => {
    const { Routes, Schedules } = running().tables;
    await Schedules.createEntity({ partitionKey: "office", rowKey: "hours", timeZone: "UTC", monday: "09:00-17:00" });
    for (let rule = 1; rule <= 30; rule++) {
      const rowKey = `rule${rule}`;
      await Routes.createEntity({
        partitionKey: "default",
        rowKey,
        priority: rule,
        schedule: "office",
        action: "reject",
      });
    }
    await folder().write("schedules.csv", "PartitionKey,RowKey,hours\nother,12-25,closed\n");
    const { code, stderr } = await importing("schedules.csv", "--prune", "--yes");
    expect(code).toBe(1);
    expect(stderr.match(/^error: /gm)).toHaveLength(20);
    expect(stderr).toMatch(/^ {2}… and \d+ more; --dry-run --json names them all$/m);
  });
});

describe("ringroute help", () => {
  it.each([
    ["help", "bogus"],
    ["bogus", "--help"],
    ["lines", "bogus", "--help"],
    ["help", "lines", "bogus"],
  ])("refuses a command that there is not: %s %s %s", async (...args) => {
    expect(await runCommand(args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no command "bogus"; write one of '),
    });
  });

  it.each([
    ["--help"],
    ["help"],
    ["help", "lines"],
    ["lines", "help", "set"],
    ["lines", "set", "--help"],
    ["calls", "--help"],
    ["calls", "show", "--help"],
    ["import", "rows", "--help"],
  ])("helps with one that there is: %s %s %s", async (...args) => {
    expect(await runCommand(args)).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: ringroute") });
  });
});
