import { beforeEach, describe, expect, it } from "vitest";
import { Auditor } from "../../src/check/auditor.ts";
import { jsonLog } from "../../src/log.ts";
import { openTables } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { readDocumentedLog, undocumentedIn } from "../support/documented-log.ts";
import { IDS } from "../support/rows.ts";

const azurite = useAzurite();
const NOW = new Date("2026-12-03T12:47:00Z");
const documented = readDocumentedLog();

let lines: Record<string, unknown>[] = [];
const log = jsonLog((level, line) => {
  const fields: Record<string, unknown> = JSON.parse(line);
  expect(undocumentedIn(documented, fields)).toEqual([]);
  expect(documented.levels.get(String(fields.event))).toContain(level);
  lines.push({ level, ...fields });
});

const anAuditor = () => new Auditor(azurite().tables, { region: "US", hasAppFallback: true });

async function run(auditor: Auditor): Promise<Record<string, unknown>[]> {
  lines = [];
  await auditor.run(NOW, log);
  return lines;
}

async function put(rowKey: string, cells: Record<string, string>, partitionKey = "default"): Promise<void> {
  await azurite().tables.Routes.upsertEntity(
    { partitionKey, rowKey, targets: `user:${IDS.adele}`, ...cells },
    "Replace",
  );
}

describe("Auditor", () => {
  beforeEach(async () => {
    for await (const { partitionKey = "", rowKey = "" } of azurite().tables.Routes.listEntities())
      await azurite().tables.Routes.deleteEntity(partitionKey, rowKey);
  });

  it("logs a mistake once, and again when it comes back", async () => {
    const auditor = anAuditor();
    const counts = (errors: number) => ({
      level: "info",
      event: "rows_audited",
      errors,
      warnings: 0,
      notes: 0,
      swept: 0,
    });
    const mistake = {
      level: "warn",
      event: "mistake_found",
      severity: "error",
      kind: "unknown-schedule",
      table: "Routes",
      row: "default/day",
      column: "schedule",
      finding: 'There is no schedule "office", so the rule never applies.',
      remedy: "Write the name of a schedule that there is, or add its rows.",
    };
    await put("day", { schedule: "office" });
    expect(await run(auditor)).toEqual([mistake, counts(1)]);
    expect(await run(auditor)).toEqual([counts(1)]);
    await put("day", {});
    expect(await run(auditor)).toEqual([counts(0)]);
    await put("day", { schedule: "office" });
    expect(await run(auditor)).toEqual([mistake, counts(1)]);
    expect(await run(anAuditor())).toEqual([mistake, counts(1)]);
  });

  it("logs what is only worth knowing as information", async () => {
    await put("day", { enabled: "no" });
    expect(await run(anAuditor())).toMatchObject([
      { level: "info", event: "mistake_found", severity: "note", kind: "never-applies" },
      { event: "rows_audited", notes: 1 },
    ]);
  });

  it("sweeps lapsed overrides before it looks", async () => {
    await put("all", { until: "2026-12-01T06:00-07:00" }, "override");
    expect(await run(anAuditor())).toMatchObject([
      { level: "info", event: "override_swept", row: "override/all", until: "2026-12-01T13:00:00.000Z" },
      { event: "rows_audited", errors: 0, swept: 1 },
    ]);
  });

  it("never writes a whole number", async () => {
    await put("+14255550142", { schedule: "office" });
    expect(JSON.stringify(await run(anAuditor()))).toContain("default/+*******0142");
    expect(JSON.stringify(lines)).not.toContain("4255550142");
  });

  it("logs that the tables cannot be read, and throws nothing", async () => {
    const port = 1;
    const nowhere = openTables(
      { connectionString: `${azurite().azurite.connectionString.replace(/:\d+\//, `:${port}/`)}` },
      () => {
        throw new Error("a connection string needs no credential");
      },
    );
    lines = [];
    await new Auditor(nowhere, { hasAppFallback: true }).run(NOW, log);
    expect(lines).toMatchObject([{ level: "warn", event: "rows_audited" }]);
    expect(lines[0]?.reason).toContain("table Routes answered nothing");
  });
});
