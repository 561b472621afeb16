import { beforeEach, describe, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand, runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";

const azurite = useAzurite();
const connection = () => ({ connectionString: azurite().azurite.connectionString });

async function put(table: "Lines" | "Routes" | "CallerLists", partitionKey: string, rowKey: string, cells = {}) {
  await azurite().tables[table].upsertEntity({ partitionKey, rowKey, ...cells }, "Replace");
}

describe("ringroute check", () => {
  beforeEach(async () => {
    for (const name of ["Lines", "Routes", "Schedules", "CallerLists"] as const) {
      const table = azurite().tables[name];
      for await (const { partitionKey = "", rowKey = "" } of table.listEntities())
        await table.deleteEntity(partitionKey, rowKey);
    }
  });

  it("finds nothing wrong with the sample rows, as a process of its own", async () => {
    await seedTables(azurite().azurite.connectionString);
    const { code, stdout, stderr } = await runProcess(["check"], connection());
    expect(stdout).toMatch(/^No mistakes in 3 lines, \d+ rules, 2 schedules and 1 list\.\n$/);
    expect(stderr).toMatch(/^Tables: /);
    expect(code).toBe(0);
  });

  it("prints where, what was found, what it is and the remedy, the gravest first, and ends with 1", async () => {
    await put("Routes", "default", "day", { targets: "bob" });
    await put("Routes", "default", "night", { targets: `user:${IDS.adele}`, prioritty: "5" });
    await put("Routes", "default", "old", { targets: `user:${IDS.adele}`, enabled: "no" });
    const { code, stdout } = await runCommand(["check"], connection());
    expect(stdout).toBe(`Errors: calls go elsewhere than these rows say

Routes default/day, column targets: bob
  The row is left out.
  "bob" is no target: write user:ID, phone:NUMBER, app:ID or resource:ID.

Warnings: probably not meant

Routes default/night, column prioritty: 5
  The cell is ignored.
  Unknown column, ignored: did you mean priority?

Notes

Routes default/old, column enabled: false
  The rule is switched off.
  Set enabled to true, or remove it.

1 error, 1 warning, 1 note in 0 lines, 2 rules, 0 schedules and 0 lists.
`);
    expect(code).toBe(1);
  });

  it("ends with 0 when there are only notes", async () => {
    await put("Routes", "default", "old", { action: "reject", enabled: "no" });
    expect((await runCommand(["check"], connection())).code).toBe(0);
  });

  it("prints the findings as JSON", async () => {
    await put("Routes", "All", "stop", { action: "reject" });
    const { code, stdout } = await runCommand(["check", "--json"], connection());
    expect(JSON.parse(stdout)).toEqual([
      {
        severity: "error",
        kind: "never-read",
        table: "Routes",
        partitionKey: "All",
        rowKey: "stop",
        column: "PartitionKey",
        found: "All",
        says: 'No call looks for rules under "All" in this spelling.',
        remedy: "Write all.",
      },
    ]);
    expect(code).toBe(1);
  });

  it("finds rows under keys that no call has: lines elsewhere than under line, callers in another spelling", async () => {
    await put("Lines", "lines", IDS.line, { number: "+14255550100" });
    await put("CallerLists", "(425) 555-0142", "vip");
    await put("CallerLists", IDS.adele.toUpperCase(), "vip");
    await put("CallerLists", "+14255550143", "vip");
    const { stdout } = await runCommand(["check", "--json"], { ...connection(), env: { DEFAULT_REGION: "US" } });
    const found: { partitionKey: string; kind: string; remedy: string }[] = JSON.parse(stdout);
    expect(found.map(({ partitionKey, kind, remedy }) => [partitionKey, kind, remedy])).toEqual([
      ["lines", "never-read", "Write line."],
      ["(425) 555-0142", "never-read", "Write +14255550142."],
      [IDS.adele.toUpperCase(), "never-read", `Write ${IDS.adele}.`],
    ]);
  });

  it("judges dates by the moment of the check", async () => {
    await put("Routes", "default", "xmas", { targets: `user:${IDS.adele}`, until: "2026-12-27T00:00Z" });
    await put("CallerLists", "+14255550143", "vip", { until: "2026-12-27T00:00Z" });
    const before = await runCommand(["check", "--json"], { ...connection(), now: new Date("2026-12-26T00:00Z") });
    expect(JSON.parse(before.stdout)).toEqual([]);
    const after = await runCommand(["check"], { ...connection(), now: new Date("2026-12-28T00:00Z") });
    expect(after.stdout).toContain("CallerLists vip, column until: 1 of 1 callers");
    expect(after.stdout).toContain("2 notes in");
  });

  it("takes the bot and FALLBACK_TARGET from the app's settings", async () => {
    const bot = { BOT_APP_ID: IDS.line };
    const alone = await runCommand(["check"], { ...connection(), env: bot });
    expect(alone.stdout).toContain("Nobody answers this line");
    const answered = await runCommand(["check"], {
      ...connection(),
      env: { ...bot, FALLBACK_TARGET: `user:${IDS.adele}` },
    });
    expect(answered.code).toBe(0);
  });

  it("says so when the tables cannot be reached, and ends with 3", async () => {
    const connectionString = azurite().azurite.connectionString.replace(/:\d+\//, ":1/");
    const { code, stderr } = await runCommand(["check"], { connectionString });
    expect(stderr).toContain("answered nothing");
    expect(code).toBe(3);
  });
});
