import { beforeAll, describe, expect, it } from "vitest";
import type { ProblemsAnswer, RowsAnswer } from "../../src/console/api/changing.ts";
import type { StateAnswer } from "../../src/console/api/looking.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { useConsole, WEDNESDAY } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";
const ADELE = "98da8a1a-1b87-452c-a713-65d3f10b1253";

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeAll(async () => {
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support", group: "care" } },
    Routes: {
      [`${LINE}/day`]: { targets: "phone:+14255550111", schedule: "office", note: "Front desk" },
      "care/night": { targets: "phone:+14255550112", timeout: "soon" },
      [`override/${LINE}`]: { targets: `user:${ADELE} "Adele"`, until: "2026-01-01T00:00Z" },
      "default/a%2Fb": { targets: "phone:+14255550113", enabled: "false" },
      "default/old": { targets: "phone:+14255550113", until: "2026-01-01T00:00Z" },
    },
    Schedules: { "office/hours": { timeZone: "America/Denver", wednesday: "09:00-17:00" }, "office/12-25": {} },
    CallerLists: {
      "+14255550142/vip": { until: "2026-11-01T00:00Z" },
      "+14255550143/vip": {},
      "+14255550144/blocked": {},
      [`${ADELE}/staff`]: {},
    },
  });
  page().wait(6);
});

const rows = (query: string) => page().get<RowsAnswer>(`rows?${query}`);
const keysIn = ({ rows: found }: RowsAnswer) => found.map(({ keys }) => `${keys.partitionKey}/${keys.rowKey}`);

describe("GET /api/rows", () => {
  it("shows a table in the order of its keys, with its columns, and as much of it as is asked", async () => {
    const routes = await rows("table=Routes");
    expect(keysIn(routes)).toEqual([`${LINE}/day`, "care/night", "default/a%2Fb", "default/old", `override/${LINE}`]);
    expect(routes.columns.slice(0, 4)).toEqual(["priority", "enabled", "caller", "schedule"]);
    const second = await rows("table=Routes&offset=1&limit=1");
    expect({ keys: keysIn(second), total: second.total, offset: second.offset }).toEqual({
      keys: ["care/night"],
      total: 5,
      offset: 1,
    });
  });

  it("finds rows by what stands in them, and rules by the name of their line", async () => {
    expect(keysIn(await rows("table=Routes&find=front%20DESK"))).toEqual([`${LINE}/day`]);
    expect(keysIn(await rows("table=Routes&find=support"))).toEqual([`${LINE}/day`, `override/${LINE}`]);
    expect(keysIn(await rows("table=CallerLists&find=adele"))).toEqual([`${ADELE}/staff`]);
    expect(keysIn(await rows("table=Routes&find=nothing"))).toEqual([]);
  });

  it("names a row's keys as people know them, beside how they type them", async () => {
    const namesIn = async (table: string) =>
      (await rows(`table=${table}`)).rows.map(({ named, shown }) =>
        [named, shown].map(({ partitionKey, rowKey }) => `${partitionKey}/${rowKey}`),
      );
    expect(await namesIn("Routes")).toEqual([
      ["Support/day", `${LINE}/day`],
      ["care/night", "care/night"],
      ["default/a/b", "default/a/b"],
      ["default/old", "default/old"],
      ["override/Support", `override/${LINE}`],
    ]);
    expect(await namesIn("Lines")).toEqual([["line/Support", `line/${LINE}`]]);
    expect((await namesIn("CallerLists")).toSorted()).toEqual([
      ["+1 425 555 0142/vip", "+14255550142/vip"],
      ["+1 425 555 0143/vip", "+14255550143/vip"],
      ["+1 425 555 0144/blocked", "+14255550144/blocked"],
      ["Adele/staff", `${ADELE}/staff`],
    ]);
  });

  it("says whether a row counts now, with its moments for the reader's clock or with the zone of their own", async () => {
    const statesIn = async (table: string) => (await rows(`table=${table}`)).rows.map(({ state }) => state);
    const closing = { atMs: Date.parse("2026-11-25T17:00-07:00"), timeZone: "America/Denver" };
    const [day, night, , old] = await statesIn("Routes");
    expect(day).toEqual(["counts now", ": ", "office ", "open until ", closing]);
    expect(night).toEqual(["left out"]);
    expect(old).toEqual(["does not count now", ": ", "was until ", { atMs: Date.parse("2026-01-01T00:00Z") }]);
    expect(await statesIn("Schedules")).toEqual([undefined, ["open until ", closing]]);
    const [lapsed, standing] = await statesIn("CallerLists");
    const left = ["lapsed ", { atMs: Date.parse("2026-11-01T00:00Z") }];
    expect({ lapsed, standing }).toEqual({ lapsed: left, standing: undefined });
  });

  it("shows what is wrong with a row beside it", async () => {
    const [, night] = (await rows("table=Routes")).rows;
    expect(night?.problems).toContainEqual(
      expect.objectContaining({ severity: "error", column: "timeout", found: "soon" }),
    );
  });

  it("finds a caller by number in any spelling, and the callers of a list", async () => {
    expect(keysIn(await rows("table=CallerLists&find=(425)%20555-0143"))).toEqual(["+14255550143/vip"]);
    expect(keysIn(await rows("table=CallerLists&find=vip"))).toEqual(["+14255550142/vip", "+14255550143/vip"]);
  });
});

describe("GET /api/problems", () => {
  it("finds what ringroute check finds, the worst first, each with its row", async () => {
    const { stdout } = await runCommand(["check", "--json"], {
      connectionString: azurite().azurite.connectionString,
      env: { DEFAULT_REGION: "US" },
      now: new Date(WEDNESDAY),
    });
    const found: ({ partitionKey: string; rowKey: string } & Record<string, unknown>)[] = JSON.parse(stdout);
    const expected = found.map(({ partitionKey, rowKey, ...others }) => ({
      ...others,
      keys: { partitionKey, rowKey },
      place: expect.any(String),
    }));
    expect(expected[0]).toMatchObject({ severity: "error", kind: "bad-row" });
    // The lists are counted behind the first answers.
    await expect.poll(async () => (await page().get<ProblemsAnswer>("problems")).problems).toEqual(expected);
    const { problems } = await page().get<ProblemsAnswer>("problems");
    const places = problems.map(({ place }) => place);
    for (const place of ["Routes care/night, column timeout", "Routes override/Support, column until"])
      expect(places).toContain(place);
  });

  it("finds that a rule's time is over as soon as it is, though no row has changed", async () => {
    const until = new Date(WEDNESDAY + 60_000).toISOString();
    await azurite().tables.Routes.createEntity({
      partitionKey: "default",
      rowKey: "brief",
      targets: "phone:+14255550113",
      until,
    });
    page().wait(6);
    const expired = async () =>
      (await page().get<ProblemsAnswer>("problems")).problems
        .filter(({ kind, keys }) => kind === "expired" && keys.rowKey === "brief")
        .map(({ column }) => column);
    page().nowMs = WEDNESDAY + 59_000;
    expect(await expired()).toEqual([]);
    const before = await page().get<StateAnswer>("state");
    page().nowMs = WEDNESDAY + 60_000;
    await expect.poll(async () => (await page().get<StateAnswer>("state")).version).not.toBe(before.version);
    expect(await expired()).toEqual(["until"]);
  });
});
