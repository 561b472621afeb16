import { beforeAll, describe, expect, it } from "vitest";
import { Decider } from "../../src/cli/decider.ts";
import type { LineAnswer, LinesAnswer, LineView, NextAnswer, StateAnswer } from "../../src/console/api/looking.ts";
import { decideUnlisted, lineBook } from "../../src/console/line-book.ts";
import { Snapshot } from "../../src/console/snapshot.ts";
import { rowsInMemory } from "../../src/store/row-source.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole, WEDNESDAY } from "./consoles.ts";
import { addMany, fill } from "./tables.ts";

const SUPPORT = idOf(1);
const SALES = idOf(2);
const OLD = idOf(3);
const BARE = idOf(4);
const UNREAD = idOf(5);
const ADELE = "98da8a1a-1b87-452c-a713-65d3f10b1253";

function idOf(number: number): string {
  return `7629bdce-046c-4903-86b4-${String(number).padStart(12, "0")}`;
}

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

const ROWS = {
  Lines: {
    [`line/${SUPPORT}`]: { name: "Support", number: "+14255550199", group: "care", site: "Denver" },
    [`line/${SALES}`]: { name: "Sales", number: "+14255550198", site: "Denver" },
    [`line/${OLD}`]: { name: "Old", fallback: "phone:+14255550177", group: "CARE" },
    [`line/${BARE}`]: { name: "Bare" },
  },
  Routes: {
    "care/day": { targets: `user:${ADELE} "Adele"`, schedule: "office" },
    "care/night": { action: "reject", schedule: "!office" },
    "override/site:Denver": { targets: "phone:+14255550150", until: "2026-11-25T20:00Z" },
    [`${SALES}/summer`]: { targets: `user:${ADELE}`, until: "2027-06-01T00:00Z", caller: "+1206*" },
    [`${SALES}/broken`]: { targets: "nobody" },
    [`${UNREAD}/own`]: { targets: `user:${ADELE}` },
    "all/blocked": { action: "reject", caller: "list:blocked, +12015550123" },
  },
  Schedules: {
    "office/hours": { timeZone: "America/Denver", wednesday: "09:00-17:00", holidays: "feasts" },
    "feasts/12-25": { name: "Christmas" },
  },
};

async function lines(): Promise<ReadonlyMap<string, LineView>> {
  page().wait(6);
  const { lines: all } = await page().get<LinesAnswer>("lines");
  return new Map(all.map((line) => [line.id, line]));
}

describe("GET /api/lines", () => {
  beforeAll(async () => {
    page().nowMs = WEDNESDAY;
    await fill(azurite().tables, ROWS);
  });

  it("names every line that can be called, also one that only has rules", async () => {
    const all = await lines();
    expect([...all.keys()].sort()).toEqual([SUPPORT, SALES, OLD, BARE, UNREAD]);
    expect(all.get(SUPPORT)).toMatchObject({ name: "Support", number: "+14255550199", site: "Denver", group: "care" });
    expect(all.get(UNREAD)).not.toHaveProperty("name");
  });

  it("calls each line by its name, else its number, else its id", async () => {
    const all = await lines();
    expect([SUPPORT, UNREAD].map((id) => all.get(id)?.label)).toEqual(["Support", UNREAD]);
  });

  it("names an override of one line by the line", async () => {
    await azurite().tables.Routes.createEntity({
      partitionKey: "override",
      rowKey: SALES,
      targets: "phone:+14255550151",
    });
    expect((await lines()).get(SALES)?.now).toMatchObject({
      by: "override/Sales",
      row: { partitionKey: "override", rowKey: SALES },
    });
    await azurite().tables.Routes.deleteEntity("override", SALES);
    await lines();
  });

  it("says who rings now and by which rule, and the override in force with its end", async () => {
    const { now, override, timeZone } = (await lines()).get(SUPPORT) ?? {};
    expect(now).toMatchObject({
      kind: "redirect",
      who: "+1 425 555 0150",
      by: "override/site:Denver",
      row: { partitionKey: "override", rowKey: "site:Denver" },
    });
    expect(override).toEqual({ scope: "site:Denver", untilMs: Date.parse("2026-11-25T20:00Z") });
    expect(timeZone).toBe("America/Denver");
  });

  it("says on which schedule the rule stands, also where the group is written in other letters", async () => {
    const { now, schedule, override } = (await lines()).get(OLD) ?? {};
    expect({ now, schedule, override }).toEqual({
      now: expect.objectContaining({ who: "Adele", by: "care/day" }),
      schedule: "office is open",
      override: undefined,
    });
  });

  it("tells a line that nobody answers, and rejects, from those that ring", async () => {
    expect((await lines()).get(BARE)?.now).toMatchObject({ kind: "reject", who: "nobody rings", by: "nothing" });
  });

  it("counts the errors and warnings in a line's own rows", async () => {
    const all = await lines();
    expect(all.get(SALES)?.problems).toBe(1);
    expect(all.get(SUPPORT)?.problems).toBe(0);
    const { problems } = await page().get<StateAnswer>("state");
    expect(problems.error).toBeGreaterThanOrEqual(1);
  });

  it("takes for an ordinary caller a number that no rule names", async () => {
    const { ordinaryCaller } = await page().get<StateAnswer>("state");
    expect(ordinaryCaller).toMatch(/^\+1\d{10}$/);
    expect(ordinaryCaller).not.toBe("+12015550123");
  });

  it("shows an edit within seconds, under another version", async () => {
    const { version } = await page().get<LinesAnswer>("lines");
    await azurite().tables.Routes.createEntity({ partitionKey: BARE, rowKey: "new", targets: "phone:+14255550111" });
    expect((await lines()).get(BARE)?.now.who).toBe("+1 425 555 0111");
    expect((await page().get<LinesAnswer>("lines")).version).not.toBe(version);
    await azurite().tables.Routes.deleteEntity(BARE, "new");
    expect((await lines()).get(BARE)?.now.kind).toBe("reject");
    expect((await page().get<LinesAnswer>("lines")).version).toBe(version);
  });
});

describe("GET /api/line", () => {
  const TWIN = idOf(6);
  const OTHER_TWIN = idOf(7);
  const lineOf = (text: string) => page().get<LineAnswer>(`line?line=${encodeURIComponent(text)}`);

  it.each([SUPPORT, "+14255550199", "(425) 555-0199", "support"])("finds the line that %s means", async (text) => {
    expect(await lineOf(text)).toEqual({ id: SUPPORT, label: "Support", timeZone: "America/Denver" });
  });

  it("takes the id of a line without a row", async () => {
    expect(await lineOf(UNREAD)).toMatchObject({ id: UNREAD, label: UNREAD });
  });

  it("refuses a name that two lines share, each of which has a label of its own", async () => {
    const { Lines } = azurite().tables;
    await Lines.createEntity({ partitionKey: "line", rowKey: TWIN, name: "Twin", number: "+14255550196" });
    await Lines.createEntity({ partitionKey: "line", rowKey: OTHER_TWIN, name: "twin" });
    const all = await lines();
    expect([all.get(TWIN)?.label, all.get(OTHER_TWIN)?.label]).toEqual(["+1 425 555 0196", OTHER_TWIN]);
    expect(await page().refusalOf("line?line=Twin")).toEqual({
      status: 400,
      error: `Line is "Twin", and 2 lines are called so: ${TWIN}, ${OTHER_TWIN}.`,
    });
    expect(await lineOf(OTHER_TWIN)).toMatchObject({ id: OTHER_TWIN });
    for (const id of [TWIN, OTHER_TWIN]) await Lines.deleteEntity("line", id);
    await lines();
  });
});

describe("GET /api/next", () => {
  it("says what changes next for the lines in view: an override's end, a schedule's, a rule's, or nothing", async () => {
    page().nowMs = WEDNESDAY;
    const { next } = await page().get<NextAnswer>(`next?lines=${SUPPORT},${OLD},${SALES},${BARE},nobody`);
    const at = (text: string) => Date.parse(text);
    expect(next[SUPPORT]).toMatchObject({ atMs: at("2026-11-25T20:00Z"), way: { by: "care/day", who: "Adele" } });
    expect(next[OLD]).toMatchObject({ atMs: at("2026-11-25T17:00-07:00"), way: { kind: "reject", by: "care/night" } });
    expect(next[SALES]).toMatchObject({ atMs: at("2026-11-25T20:00Z"), way: { kind: "reject", by: "nothing" } });
    expect(next[BARE]).toBeNull();
    expect(next).not.toHaveProperty("nobody");
  });

  it("looks past moments at which nothing changes for the line", async () => {
    // Christmas falls on a Friday, on which the office is closed anyway.
    page().nowMs = Date.parse("2026-12-24T12:00Z");
    const { next } = await page().get<NextAnswer>(`next?lines=${OLD}`);
    expect(next[OLD]).toMatchObject({ atMs: Date.parse("2026-12-30T09:00-07:00"), way: { by: "care/day" } });
  });

  it("is for a screen of lines, not for all of them", async () => {
    const ids = Array.from({ length: 201 }, (_, index) => idOf(index)).join(",");
    expect(await page().refusalOf(`next?lines=${ids}`)).toMatchObject({ status: 400 });
  });
});

describe("lineBook", () => {
  const settings = { ownTenantId: "", fallbackTargets: [], region: "US" } as const;
  const rowsOf = (table: Readonly<Record<string, object>>) =>
    Object.entries(table).map(([keys, cells]) => {
      const [partitionKey = "", rowKey = ""] = keys.split("/");
      return { partitionKey, rowKey, ...cells };
    });

  it("decides every call as the app does, whose rows come from the tables one call at a time", async () => {
    const rows = {
      Lines: rowsOf(ROWS.Lines),
      Routes: rowsOf({
        ...ROWS.Routes,
        "override/+14255550198": { targets: "phone:+14255550151", schedule: "OFFICE" },
        "default/late": { targets: "phone:+14255550152", schedule: "Evening", priority: "50" },
        "default/rest": { targets: "phone:+14255550153", enabled: "no" },
      }),
      Schedules: rowsOf({ ...ROWS.Schedules, "Evening/hours": { timeZone: "Europe/Berlin", friday: "18:00-02:00" } }),
    };
    const snapshot = new Snapshot(rows, settings);
    const decider = new Decider(rowsInMemory({ ...rows, CallerLists: [] }), settings);
    const moments = ["2026-11-25T18:00Z", "2026-11-25T23:00Z", "2026-11-27T20:00Z", "2026-12-25T18:00Z"];
    const callers = ["+14155550100", "+12065550100", "+12015550123"].map((id) => ({ kind: "phone", id }) as const);
    for (const line of snapshot.directory.lines) {
      const book = lineBook(line, snapshot.directory);
      for (const [moment, caller] of moments.flatMap((each) => callers.map((who) => [each, who] as const))) {
        const at = new Date(moment);
        const { decision } = await decider.decide({ line, caller, at });
        expect(decideUnlisted(line, caller, book, settings, at.getTime())).toEqual(decision);
      }
    }
  });
});

describe("ten thousand lines", () => {
  const COUNT = 10_000;

  it("are all answered, each with who rings for it", { timeout: 120_000 }, async () => {
    const { tables } = azurite();
    await fill(tables, {});
    const keysOf = (number: number) => ({ partitionKey: "line", rowKey: idOf(number) });
    const nameOf = (number: number) => `Line ${number}`;
    const numbers = Array.from({ length: COUNT }, (_, number) => number);
    await addMany(
      tables,
      numbers.map((number) => ({
        kind: "insert",
        table: "Lines",
        keys: keysOf(number),
        cells: { name: nameOf(number), group: `group-${number % 10}` },
      })),
    );
    for (let group = 0; group < 9; group++)
      await tables.Routes.createEntity({
        partitionKey: `group-${group}`,
        rowKey: "desk",
        targets: `phone:+1425555010${group}`,
      });
    await tables.Routes.createEntity({ partitionKey: idOf(7777), rowKey: "own", targets: "phone:+14255550199" });
    // Reading so many rows may take longer than a request waits for it.
    await expect.poll(async () => (await lines()).size, { timeout: 60_000 }).toBe(COUNT);
    const all = await lines();
    const expected = (number: number) => {
      if (number === 7777) return "+1 425 555 0199";
      return number % 10 === 9 ? "nobody rings" : `+1 425 555 010${number % 10}`;
    };
    expect(numbers.filter((number) => all.get(idOf(number))?.now.who !== expected(number))).toEqual([]);
    expect(numbers.filter((number) => all.get(idOf(number))?.name !== nameOf(number))).toEqual([]);
  });
});
