import { describe, expect, it } from "vitest";
import { storedRows } from "../../src/store/row-source.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { CALLER } from "./calls.ts";
import { ADELE, find, ruleSourcesOf } from "./rule-sources.ts";
import { tablesOfNobody } from "./stub-service.ts";

const { aSource, put, rulesFound, deciderOf } = ruleSourcesOf(useAzurite());
const NEVER = "2000-01-01T00:00Z";
const FOR_LONG = "9000-01-01T00:00Z";

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

  it("takes a caller off a list at the moment when its row ends", async () => {
    await put("CallerLists", CALLER, {
      vip: { until: "2026-11-25T15:00:01Z" },
      press: { until: "2026-11-25T15:00:00Z" },
    });
    expect([...(await find(aSource())).lists]).toEqual(["vip"]);
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

describe("TableRuleSource.warm", () => {
  it("reads what every call needs, so that the first one finds it", async () => {
    await put("Routes", "default", { night: { targets: ADELE } });
    const source = aSource({ freshMs: 5000 });
    await source.warm();
    await put("Routes", "default", { later: { targets: ADELE } });
    expect(await rulesFound(source)).toEqual(["default/night"]);
  });

  it("lets whoever warms know that it failed", async () => {
    const source = aSource({ rows: storedRows(await tablesOfNobody()) });
    await expect(source.warm()).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });
});
