import { describe, expect, it, onTestFinished } from "vitest";
import { startAzurite } from "../../local/azurite.ts";
import { createTables } from "../../local/seed.ts";
import { storedRows } from "../../src/store/row-source.ts";
import { TableRuleSource } from "../../src/store/rule-source.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { aDeadline, someFacts } from "./calls.ts";
import { ADELE, find, ruleSourcesOf } from "./rule-sources.ts";
import { aTableService, aWayTo, openConnection, tablesOfNobody } from "./stub-service.ts";

const azurite = useAzurite();
const { aSource, put, rulesFound, deciderOf } = ruleSourcesOf(azurite);

describe("TableRuleSource.find, when the tables cannot be read", () => {
  it("goes on with the rows it remembers at any age, and says how old they are and why", async () => {
    const own = await startAzurite();
    onTestFinished(() => own.stop());
    await createTables(own.connectionString);
    const tables = openConnection(own.connectionString);
    await tables.Routes.createEntity({ partitionKey: "default", rowKey: "night", targets: ADELE });
    const clock = { nowMs: 0 };
    const source = new TableRuleSource({ rows: storedRows(tables), freshMs: 5000, now: () => clock.nowMs });
    expect(await rulesFound(source)).toEqual(["default/night"]);
    await own.stop();
    for (const seconds of [12, 600, 86_400]) {
      clock.nowMs = seconds * 1000;
      const found = await find(source);
      expect(found.book.partitions.flat().map(({ name }) => name)).toEqual(["night"]);
      expect(found.rowsAgeMs).toBe(seconds * 1000);
      expect(found.staleBecause).toContain(`${seconds} s old`);
      expect(found.staleBecause).toContain("table Routes");
    }
  });

  it("goes on with remembered rows of line, group, schedule and holidays when every table hangs", async () => {
    await put("Lines", "line", { [IDS.line]: { group: "Sales" } });
    await put("Routes", "sales", { open: { targets: ADELE, schedule: "Support" } });
    await put("Schedules", "support", {
      hours: { timeZone: "UTC", wednesday: "09:00-17:00", holidays: "Company Days" },
    });
    const { tables, swallow } = await aWayTo(azurite().azurite);
    const source = aSource({ rows: storedRows(tables) });
    expect(await deciderOf(source)).toBe("sales/open");
    expect(await deciderOf(source)).toBe("sales/open");
    swallow();
    expect(await deciderOf(source)).toBe("sales/open");
  });

  it("uses what it has when one table only cannot be read, and says what is missing", async () => {
    await put("Routes", "default", { night: { targets: ADELE } });
    const { tables: broken } = await aTableService((_request, response) => {
      response.writeHead(503).end();
    });
    const found = await find(aSource({ rows: storedRows({ ...azurite().tables, CallerLists: broken.CallerLists }) }));
    expect(found.book.partitions.flat().map(({ name }) => name)).toEqual(["night"]);
    expect(found.staleBecause).toContain("CallerLists is missing");
  });

  it("throws a Fault when nothing is remembered", async () => {
    const source = aSource({ rows: storedRows(await tablesOfNobody()) });
    await expect(find(source)).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });

  it("throws a Fault when the deadline passes while the tables hang", async () => {
    const { tables } = await aTableService(() => {});
    await expect(
      aSource({ rows: storedRows(tables) }).find(someFacts(), new Date(0), aDeadline(30)),
    ).rejects.toMatchObject({
      name: "Fault",
      code: "late",
    });
  });
});
