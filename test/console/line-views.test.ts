import { beforeAll, describe, expect, it } from "vitest";
import type { ExplainAnswer } from "../../src/console/api/calls.ts";
import type { CoverageAnswer, WeekAnswer } from "../../src/console/api/looking.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole, WEDNESDAY } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";
const ADELE = "98da8a1a-1b87-452c-a713-65d3f10b1253";

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeAll(async () => {
  page().nowMs = WEDNESDAY;
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support", number: "+14255550199", fallback: "phone:+14255550177" } },
    Routes: {
      "all/blocked": { action: "reject", caller: "list:blocked" },
      [`${LINE}/day`]: { targets: `user:${ADELE} "Adele", phone:+14255550111`, schedule: "office", timeout: "30" },
      [`${LINE}/winter`]: {
        targets: "phone:+14255550112",
        from: "2026-12-21T12:00-07:00",
        until: "2026-12-24T00:00-07:00",
      },
      [`override/${LINE}`]: { action: "reject", from: "2027-01-04T08:00-07:00", until: "2027-01-05T08:00-07:00" },
      [`${LINE}/self`]: { targets: "phone:+14255550199", priority: "300" },
    },
    Schedules: {
      "office/hours": {
        timeZone: "America/Denver",
        ...Object.fromEntries(
          ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => [day, "09:00-17:00"]),
        ),
        holidays: "feasts",
      },
      "feasts/2026-12-25": { name: "Christmas" },
      "feasts/2026-12-24": { name: "Christmas Eve", hours: "09:00-12:00" },
    },
    CallerLists: { "+14255550142/blocked": { until: "2026-12-01T00:00-07:00" } },
  });
});

const explain = (call: object) => page().post<ExplainAnswer>("explain", call);

describe("POST /api/explain", () => {
  it("says who rings, by which rule, for how long and who when Graph refuses", async () => {
    const { way, facts, timeZone, rules, atMs } = await explain({ line: "Support", caller: "+14155550100" });
    expect(atMs).toBe(WEDNESDAY);
    expect(timeZone).toBe("America/Denver");
    expect(way).toMatchObject({ kind: "redirect", who: "Adele, +1 425 555 0111", by: "Support/day" });
    expect(facts).toContainEqual(["Timeout", "30 s"]);
    expect(facts.find(([label]) => label === "Fallback")?.[1]).toContain("+1 425 555 0177");
    expect(rules.map(({ name, decides }) => [name, decides])).toEqual([
      ["all/blocked", false],
      ["override/Support", false],
      ["Support/winter", false],
      ["Support/day", true],
      ["Support/self", false],
    ]);
  });

  it("says of each earlier rule why it does not apply, in the words of ringroute explain", async () => {
    const at = "2026-12-25 10:00";
    const { rules, dropped, way, atMs } = await explain({ line: "+14255550199", caller: "+14155550100", at });
    expect(atMs).toBe(Date.parse("2026-12-25T10:00-07:00"));
    const says = Object.fromEntries(rules.map(({ row, says: why }) => [row.rowKey, why]));
    expect(says.blocked).toContain("it is for other callers (list:blocked)");
    expect(says.day).toContain('closed by feasts/2026-12-25 "Christmas"');
    expect(says.winter).toContain("it counted until");
    expect(says.self).toContain("leaves nobody to ring");
    expect(dropped).toEqual([expect.stringContaining("it is the called line itself")]);
    expect(way).toMatchObject({ kind: "fallback", by: "the line's fallback", who: "+1 425 555 0177" });
    expect(way).not.toHaveProperty("row");
  });

  it("shows what is sent to Graph", async () => {
    const { request } = await explain({ line: LINE, caller: "+14155550100", at: "2026-12-22T08:00-07:00" });
    expect(request).toEqual({
      method: "POST",
      path: "/v1.0/communications/calls/{call-id}/redirect",
      body: expect.objectContaining({
        targets: [expect.objectContaining({ identity: expect.objectContaining({ phone: expect.anything() }) })],
      }),
    });
  });

  it("knows the lists of the caller who is named, as long as they hold", async () => {
    const blocked = await explain({ line: LINE, caller: "(425) 555-0142", at: "2026-11-30T10:00-07:00" });
    expect(blocked.way).toMatchObject({ kind: "reject", who: "reject busy", by: "all/blocked" });
    expect(blocked.request.path).toMatch(/\/reject$/);
    const later = await explain({ line: LINE, caller: "+14255550142", at: "2026-12-01T10:00-07:00" });
    expect(later.way.by).toBe("Support/day");
  });

  it("takes withheld callers and users, and says which moment it took of one that exists twice", async () => {
    expect((await explain({ line: LINE, caller: "anonymous" })).way.by).toBe("Support/day");
    expect((await explain({ line: LINE, caller: ADELE })).way.by).toBe("Support/day");
    const { remark } = await explain({ line: LINE, caller: "anonymous", at: "2026-11-01 01:30" });
    expect(remark).toContain("comes twice in America/Denver");
  });

  it.each([
    [{ line: "Suport", caller: "anonymous" }, "no line has that id, number or name"],
    [{ line: LINE, caller: "nobody" }, "write a number"],
    [{ line: LINE, caller: "anonymous", at: "soon" }, "write 2026-12-24T09:00-05:00"],
  ])("is refused with what would be right for %j", async (call, says) => {
    expect(await page().refusalOf("explain", call)).toMatchObject({
      status: 400,
      error: expect.stringContaining(says),
    });
  });
});

describe("GET /api/week", () => {
  it("lays out seven days by the line's own clock, with the holidays that count", async () => {
    const week = await page().get<WeekAnswer>(`week?line=${LINE}&day=2026-12-21`);
    expect(week.timeZone).toBe("America/Denver");
    expect(week.days.map(({ day, exceptions }) => [day, exceptions])).toEqual([
      ["2026-12-21", []],
      ["2026-12-22", []],
      ["2026-12-23", []],
      ["2026-12-24", ["Christmas Eve"]],
      ["2026-12-25", ["Christmas"]],
      ["2026-12-26", []],
      ["2026-12-27", []],
    ]);
    const wayAt = (day: number, hour: number) => week.ways[week.days[day]?.steps[hour * 4]?.[0]?.way ?? -1]?.by;
    expect([wayAt(0, 8), wayAt(0, 9), wayAt(0, 17), wayAt(3, 11), wayAt(3, 12), wayAt(4, 11)]).toEqual([
      "the line's fallback",
      "Support/day",
      "Support/winter",
      "Support/day",
      "the line's fallback",
      "the line's fallback",
    ]);
  });

  it("marks the days on which the clocks jump: an hour without a moment, and one with two", async () => {
    const spring = await page().get<WeekAnswer>(`week?line=${LINE}&day=2027-03-08`);
    expect(spring.days[6]).toMatchObject({ day: "2027-03-14", clockChange: "02:00-03:00 does not exist" });
    expect(spring.days[6]?.steps[8]).toEqual([]);
    const autumn = await page().get<WeekAnswer>(`week?line=${LINE}&day=2026-10-26`);
    expect(autumn.days[6]).toMatchObject({ day: "2026-11-01", clockChange: "01:00-02:00 comes twice" });
    expect(autumn.days[6]?.steps[4]?.map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
      "2026-11-01T07:00:00.000Z",
      "2026-11-01T08:00:00.000Z",
    ]);
    expect(autumn.days.filter(({ clockChange }) => clockChange !== undefined)).toHaveLength(1);
  });

  it("is another week for a caller on a list, until the caller leaves it", async () => {
    const week = await page().get<WeekAnswer>(`week?line=${LINE}&day=2026-11-30&caller=%2B14255550142`);
    const byOn = (day: number) => week.ways[week.days[day]?.steps[40]?.[0]?.way ?? -1]?.by;
    expect([byOn(0), byOn(1)]).toEqual(["all/blocked", "Support/day"]);
  });
});

describe("GET /api/coverage", () => {
  const coverage = (more = "") => page().get<CoverageAnswer>(`coverage?line=${LINE}${more}`);

  it("counts for ninety days how long each way lasts, to the minute", async () => {
    const { days, ways, timeZone } = await coverage();
    expect({ count: days.length, first: days[0]?.day, last: days.at(-1)?.day, timeZone }).toEqual({
      count: 90,
      first: "2026-11-25",
      last: "2027-02-22",
      timeZone: "America/Denver",
    });
    const minutesOf = (day: string) => {
      const found = days.find((each) => each.day === day);
      return Object.fromEntries(
        Object.entries(found?.minutes ?? {}).map(([way, count]) => [ways[Number(way)]?.by, count]),
      );
    };
    expect(minutesOf("2026-11-25")).toEqual({ "Support/day": 480, "the line's fallback": 960 });
    expect(minutesOf("2026-11-28")).toEqual({ "the line's fallback": 1440 });
    expect(minutesOf("2026-12-21")).toEqual({ "Support/day": 480, "Support/winter": 420, "the line's fallback": 540 });
    expect(minutesOf("2026-12-24")).toEqual({ "Support/day": 180, "the line's fallback": 1260 });
    for (const { minutes } of days) expect(Object.values(minutes).reduce((sum, count) => sum + count, 0)).toBe(1440);
  });

  it("marks days on which only the fallback answers, holidays, and rules that begin or lapse", async () => {
    const { days } = await coverage();
    const on = (day: string) => days.find((each) => each.day === day);
    expect(on("2026-12-25")).toMatchObject({ onlyFallback: true, exceptions: ["Christmas"] });
    expect(on("2026-12-26")).toMatchObject({ onlyFallback: true, exceptions: [] });
    expect(on("2026-12-24")).toMatchObject({ onlyFallback: false, exceptions: ["Christmas Eve"] });
    expect(on("2026-12-21")?.changes).toEqual(["Support/winter begins"]);
    expect(on("2026-12-24")?.changes).toEqual(["Support/winter lapses"]);
    expect(on("2027-01-04")?.changes).toEqual(["override/Support begins"]);
  });

  it("remarks what is worth a look: gaps, weekdays without hours, holidays that end", async () => {
    const { remarks } = await coverage();
    expect(remarks).toContain("Only a fallback answers from Wed 2026-11-25 00:00 until Wed 2026-11-25 09:00.");
    expect(remarks).toContain("office does not open on any saturday or sunday.");
    expect(remarks).toContain("office has no holidays after 2026-12-25.");
    expect(remarks).toContain("Support/winter begins on 2026-12-21.");
  });

  it("says of schedules of which the same is to be said so once, with the first names and how many more", async () => {
    const { Lines, Routes, Schedules } = azurite().tables;
    const line = "11111111-0000-4000-8000-000000000001";
    await Lines.createEntity({ partitionKey: "line", rowKey: line, name: "Shifts" });
    for (const shift of ["shift-0", "shift-1", "shift-2", "shift-3", "shift-4"]) {
      const hours = Object.fromEntries(["monday", "wednesday"].map((day) => [day, "09:00-17:00"]));
      await Schedules.createEntity({ partitionKey: shift, rowKey: "hours", timeZone: "America/Denver", ...hours });
      const rule = { schedule: shift, targets: "phone:+14255550111", caller: `+1425555${shift.slice(-1)}*` };
      await Routes.createEntity({ partitionKey: line, rowKey: shift, ...rule });
    }
    await Schedules.createEntity({ partitionKey: "shift-0", rowKey: "12-25" });
    page().wait(6);
    const { remarks } = await page().get<CoverageAnswer>("coverage?line=Shifts");
    expect(remarks.filter((remark) => remark.startsWith("shift-"))).toEqual([
      "shift-0, shift-1, shift-2 and 2 more do not open on any tuesday or thursday or friday or saturday or sunday.",
      "shift-1, shift-2, shift-3 and 1 more have no holidays.",
    ]);
  });

  it("tells that dated holidays end also where others come every year, as schedules show does", async () => {
    const { Schedules } = azurite().tables;
    await Schedules.createEntity({ partitionKey: "feasts", rowKey: "01-01", name: "New Year" });
    page().wait(6);
    const { remarks } = await coverage();
    await Schedules.deleteEntity("feasts", "01-01");
    page().wait(6);
    expect(remarks).toContain("office has no holidays after 2026-12-25; those of every year or month go on.");
    const again = await coverage();
    expect(again.remarks).toContain("office has no holidays after 2026-12-25.");
  });

  it("has a day of 23 hours where the clocks jump, and says so", async () => {
    page().nowMs = Date.parse("2027-03-01T18:00Z");
    const { days, remarks } = await coverage();
    const day = days.find((each) => each.day === "2027-03-14");
    expect(Object.values(day?.minutes ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1380);
    expect(day?.clockChange).toBe("02:00-03:00 does not exist");
    expect(remarks).toContain("The clocks change on 2027-03-14: 02:00-03:00 does not exist.");
    page().nowMs = WEDNESDAY;
  });

  it("shows a caller who is on a list until when it holds", async () => {
    const { days, ways } = await coverage("&caller=%2B14255550142");
    const waysOn = (day: string) =>
      Object.keys(days.find((each) => each.day === day)?.minutes ?? {}).map((way) => ways[Number(way)]?.by);
    expect(waysOn("2026-11-30")).toEqual(["all/blocked"]);
    expect(waysOn("2026-12-01").sort()).toEqual(["Support/day", "the line's fallback"]);
  });
});
