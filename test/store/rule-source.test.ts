import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { freePort, startAzurite } from "../../local/azurite.ts";
import { createTables } from "../../local/seed.ts";
import { decide } from "../../src/routing/decide.ts";
import { nameOfDecider } from "../../src/routing/explain.ts";
import type { CallFacts } from "../../src/routing/rule.ts";
import { type RuleSourceOptions, TableRuleSource } from "../../src/store/rule-source.ts";
import { keyOf, openTables, type Tables } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { aDeadline, CALLER, someFacts } from "./calls.ts";
import { aTableService, aWayTo, tablesOfNobody } from "./stub-service.ts";

const azurite = useAzurite();
const ADELE = `user:${IDS.adele}`;
const NEVER = "2000-01-01T00:00Z";
const FOR_LONG = "9000-01-01T00:00Z";

beforeEach(async () => {
  for (const table of Object.values(azurite().tables)) {
    for await (const { partitionKey = "", rowKey = "" } of table.listEntities()) {
      await table.deleteEntity(partitionKey, rowKey);
    }
  }
});

/** Reads on every call, unless the options say otherwise. */
function aSource(options: Partial<RuleSourceOptions> = {}): TableRuleSource {
  return new TableRuleSource({ tables: azurite().tables, freshMs: 0, now: () => 0, ...options });
}

type Cells = Readonly<Record<string, unknown>>;

async function put(table: keyof Tables, partition: string, rows: Readonly<Record<string, Cells>>): Promise<void> {
  for (const [row, cells] of Object.entries(rows)) {
    await azurite().tables[table].upsertEntity(
      { partitionKey: keyOf(partition), rowKey: keyOf(row), ...cells },
      "Replace",
    );
  }
}

const find = (source: TableRuleSource, facts: Partial<CallFacts> = {}) => source.find(someFacts(facts), aDeadline());

/** The rules found, in the order in which they are asked. */
async function rulesFound(source = aSource(), facts: Partial<CallFacts> = {}): Promise<string[]> {
  const { book } = await find(source, facts);
  return book.partitions.flat().map(({ partition, name }) => `${partition}/${name}`);
}

/** Who decides a call of Wednesday 2026-11-25, 15:00 UTC. */
async function deciderOf(source = aSource()): Promise<string> {
  const call = someFacts();
  const { book, lists } = await source.find(call, aDeadline());
  const atMs = Date.parse("2026-11-25T15:00:00Z");
  return nameOfDecider(decide(call, book, { atMs, ownTenantId: IDS.tenant, lists, fallbackTargets: [] }).by);
}

describe("TableRuleSource.find", () => {
  it("finds nothing in empty tables, which is no fault", async () => {
    const found = await find(aSource());
    expect(found.book.partitions.flat()).toEqual([]);
    expect(found).toMatchObject({ rowsAgeMs: 0, newFaults: [] });
    expect(found).not.toHaveProperty("staleBecause");
    expect(found.book).not.toHaveProperty("line");
  });

  it("asks all, overrides from narrow to wide, the line, its group and default, in this order", async () => {
    await put("Lines", "line", { [IDS.line]: { number: "+13035550100", group: "sales", site: "Denver" } });
    await put("Routes", "default", { last: { targets: ADELE } });
    await put("Routes", "sales", { group: { targets: ADELE } });
    await put("Routes", IDS.line, { own: { targets: ADELE } });
    await put("Routes", "override", {
      all: { targets: ADELE },
      [IDS.line]: { targets: ADELE },
      "site:denver": { targets: ADELE },
      "site:Boston": { targets: ADELE },
    });
    await put("Routes", "all", { blocked: { action: "reject" } });
    await put("Routes", "other-line", { other: { targets: ADELE } });
    expect(await rulesFound()).toEqual([
      "all/blocked",
      `override/${IDS.line}`,
      "override/site:denver",
      "override/all",
      `${IDS.line}/own`,
      "sales/group",
      "default/last",
    ]);
  });

  it.each(["+13035550100", "(303) 555-0100", "13035550100"])(
    "takes %s for the line's number in an override",
    async (scope) => {
      await put("Lines", "line", { [IDS.line]: { number: "+1 303 555 0100" } });
      await put("Routes", "override", { [scope]: { targets: ADELE } });
      expect(await rulesFound(aSource({ region: "US" }))).toEqual([`override/${scope}`]);
    },
  );

  it("orders the rules of a partition by priority, then by name", async () => {
    await put("Routes", "default", {
      b: { targets: ADELE },
      a: { targets: ADELE },
      late: { targets: ADELE, priority: "200" },
      first: { targets: ADELE, priority: 1 },
    });
    expect(await rulesFound()).toEqual(["default/first", "default/a", "default/b", "default/late"]);
  });

  it("gives the line with its fallback", async () => {
    await put("Lines", "line", {
      [IDS.line]: { name: "Front desk", number: "(303) 555-0100", fallback: "phone:+14255550199" },
    });
    const { book } = await find(aSource({ region: "US" }));
    expect(book.line).toEqual({
      id: IDS.line,
      name: "Front desk",
      number: "+13035550100",
      fallback: [{ kind: "phone", id: "+14255550199", weight: 1 }],
    });
  });

  it("finds a group that the line names in another letter case", async () => {
    await put("Lines", "line", { [IDS.line]: { group: "Sales" } });
    await put("Routes", "sales", { group: { targets: ADELE } });
    expect(await rulesFound()).toEqual(["sales/group"]);
  });

  it("skips a bad row, tells of it once and keeps the others", async () => {
    await put("Routes", "default", { good: { targets: ADELE }, bad: { targets: ADELE, timeout: "soon" } });
    const source = aSource();
    const first = await find(source);
    expect(first.book.partitions.flat().map(({ name }) => name)).toEqual(["good"]);
    expect(first.newFaults).toHaveLength(1);
    for (const part of ["Routes", "default", "bad", "timeout", "soon", "15 to 90"]) {
      expect(first.newFaults[0]).toContain(part);
    }
    expect((await find(source)).newFaults).toEqual([]);
  });

  it("tells of a second mistake when it is made", async () => {
    await put("Routes", "default", { bad: { targets: ADELE, timeout: "soon" } });
    const source = aSource();
    await find(source);
    await put("Routes", "default", { bad: { targets: ADELE, timeout: "later" } });
    expect((await find(source)).newFaults).toEqual([expect.stringContaining("later")]);
  });

  it("lets an edit count on the next call when nothing is remembered, else once freshness is over", async () => {
    const clock = { nowMs: 0 };
    const remembering = aSource({ freshMs: 5000, now: () => clock.nowMs });
    const direct = aSource();
    expect([await rulesFound(direct), await rulesFound(remembering)]).toEqual([[], []]);
    await put("Routes", "default", { added: { targets: ADELE } });
    clock.nowMs = 4999;
    expect([await rulesFound(direct), await rulesFound(remembering)]).toEqual([["default/added"], []]);
    clock.nowMs = 5000;
    expect(await rulesFound(remembering)).toEqual(["default/added"]);
  });

  it("says how old the oldest rows are, also while they count as fresh", async () => {
    const clock = { nowMs: 0 };
    const source = aSource({ freshMs: 5000, now: () => clock.nowMs });
    await find(source);
    clock.nowMs = 3000;
    const found = await find(source);
    expect(found.rowsAgeMs).toBe(3000);
    expect(found).not.toHaveProperty("staleBecause");
  });
});

describe("TableRuleSource.find, schedules", () => {
  const OPEN = { timeZone: "UTC", wednesday: "09:00-17:00", holidays: "Company Days" };

  it("finds the schedules that rules name, and those whose dated rows these share", async () => {
    await put("Routes", "default", { open: { targets: ADELE, schedule: "support" } });
    await put("Schedules", "support", { hours: OPEN });
    expect(await deciderOf()).toBe("default/open");
    await put("Schedules", "company days", { "2026-11-25": { name: "Company day" } });
    expect(await deciderOf()).toBe("nothing");
  });

  it("finds a schedule that the rule names in another letter case", async () => {
    await put("Routes", "default", {
      open: { targets: ADELE, schedule: "Support" },
      closed: { targets: ADELE, schedule: "!SUPPORT" },
    });
    await put("Schedules", "support", { hours: OPEN });
    expect(await deciderOf()).toBe("default/open");
    await put("Schedules", "company days", { "11-25": {} });
    expect(await deciderOf()).toBe("default/closed");
  });

  it("finds a schedule under the very name that the rule gives", async () => {
    await put("Routes", "default", { open: { targets: ADELE, schedule: "Front Desk / Denver" } });
    await put("Schedules", "Front Desk / Denver", { hours: OPEN });
    expect(await deciderOf()).toBe("default/open");
  });

  it("does not read the schedule of a rule that is not enabled", async () => {
    await put("Routes", "default", { off: { targets: ADELE, schedule: "support", enabled: false } });
    await put("Schedules", "support", { hours: { timeZone: "nowhere" } });
    expect((await find(aSource())).newFaults).toEqual([]);
  });

  it("goes on without a schedule that there is not", async () => {
    await put("Routes", "default", {
      open: { targets: ADELE, schedule: "nowhere" },
      other: { targets: ADELE, priority: 200 },
    });
    expect(await deciderOf()).toBe("default/other");
  });
});

describe("TableRuleSource.find, lists", () => {
  it("finds the lists that the caller is on now, in lower case", async () => {
    await put("CallerLists", CALLER, { VIP: {}, blocked: { until: NEVER }, press: { until: FOR_LONG } });
    await put("CallerLists", "+14255550199", { others: {} });
    expect([...(await find(aSource())).lists].toSorted()).toEqual(["press", "vip"]);
  });

  it("finds the lists of a person by the object id", async () => {
    await put("CallerLists", IDS.ben, { vip: {} });
    const { lists } = await find(aSource(), { caller: { kind: "user", id: IDS.ben } });
    expect([...lists]).toEqual(["vip"]);
  });

  it("finds none for a caller that withholds its number, and does not fail", async () => {
    const { lists } = await find(aSource(), { caller: { kind: "anonymous", id: "" } });
    expect([...lists]).toEqual([]);
  });
});

describe("TableRuleSource.find, when the tables cannot be read", () => {
  it("goes on with the rows it remembers at any age, and says how old they are and why", async () => {
    const own = await startAzurite(await freePort());
    onTestFinished(() => own.stop());
    await createTables(own.connectionString);
    const tables = openTables({ connectionString: own.connectionString }, () => {
      throw new Error("not asked");
    });
    await tables.Routes.createEntity({ partitionKey: "default", rowKey: "night", targets: ADELE });
    const clock = { nowMs: 0 };
    const source = new TableRuleSource({ tables, freshMs: 5000, now: () => clock.nowMs });
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
    const way = await aWayTo(azurite().azurite.port);
    const connectionString = azurite().azurite.connectionString.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${way.port}`);
    const tables = openTables({ connectionString }, () => {
      throw new Error("not asked");
    });
    const source = aSource({ tables });
    expect(await deciderOf(source)).toBe("sales/open");
    expect(await deciderOf(source)).toBe("sales/open");
    way.swallow();
    expect(await deciderOf(source)).toBe("sales/open");
  });

  it("uses what it has when one table only cannot be read, and says what is missing", async () => {
    await put("Routes", "default", { night: { targets: ADELE } });
    const { tables: broken } = await aTableService((_request, response) => {
      response.writeHead(503).end();
    });
    const found = await find(aSource({ tables: { ...azurite().tables, CallerLists: broken.CallerLists } }));
    expect(found.book.partitions.flat().map(({ name }) => name)).toEqual(["night"]);
    expect(found.staleBecause).toContain("CallerLists is missing");
  });

  it("throws a Fault when nothing is remembered", async () => {
    const source = aSource({ tables: await tablesOfNobody() });
    await expect(find(source)).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });

  it("throws a Fault when the deadline passes while the tables hang", async () => {
    const { tables } = await aTableService(() => {});
    await expect(aSource({ tables }).find(someFacts(), aDeadline(30))).rejects.toMatchObject({
      name: "Fault",
      code: "late",
    });
  });
});

describe("TableRuleSource.warm", () => {
  it("reads what every call needs, so that the first one finds it", async () => {
    await put("Routes", "default", { night: { targets: ADELE } });
    const source = aSource({ freshMs: 5000 });
    await source.warm();
    await put("Routes", "default", { later: { targets: ADELE } });
    expect(await rulesFound(source)).toEqual(["default/night"]);
  });

  it("lets whoever warms know that it failed", async () => {
    const source = aSource({ tables: await tablesOfNobody() });
    await expect(source.warm()).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });
});
