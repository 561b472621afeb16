import { describe, expect, it } from "vitest";
import { ALICE, BOB, CAROL, type Cells, decideCall, LINE, type TypedTable } from "../support/decisions.ts";

const WORKING_DAYS = (hours: string): Cells => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
});

/** Who a call reaches: `open` while the schedule `hours` is open, else `closed`. */
function reaches(schedules: TypedTable, at: string, schedule = "hours"): string {
  const routes = {
    default: {
      day: { schedule, targets: ALICE },
      night: { schedule: `!${schedule}`, targets: BOB },
    },
  };
  const { does, faults } = decideCall({ routes, schedules }, { at });
  expect(faults).toEqual([]);
  return does === `redirect ${ALICE}` ? "open" : does === `redirect ${BOB}` ? "closed" : does;
}

describe("hours are those of the clock on the wall in the schedule's own zone", () => {
  const nineToFive = (timeZone: string) => ({ hours: { hours: { timeZone, ...WORKING_DAYS("09:00-17:00") } } });

  it.each([
    ["2026-03-06T13:30:00Z", "closed"],
    ["2026-03-06T14:00:00Z", "open"],
    ["2026-03-09T12:59:00Z", "closed"],
    ["2026-03-09T13:00:00Z", "open"],
  ])("in New York before and after the clocks go forward, at %s: %s", (at, state) => {
    expect(reaches(nineToFive("America/New_York"), at)).toBe(state);
  });

  it("Arizona does not change its clocks when Colorado does", () => {
    expect(reaches(nineToFive("America/Denver"), "2026-07-01T15:30:00Z")).toBe("open");
    expect(reaches(nineToFive("America/Phoenix"), "2026-07-01T15:30:00Z")).toBe("closed");
  });

  it("an hour that is lived twice counts both times", () => {
    const schedules = { hours: { hours: { timeZone: "America/New_York", sunday: "01:00-02:00" } } };
    expect(reaches(schedules, "2026-11-01T05:30:00Z")).toBe("open");
    expect(reaches(schedules, "2026-11-01T06:30:00Z")).toBe("open");
    expect(reaches(schedules, "2026-11-01T07:00:00Z")).toBe("closed");
  });
});

describe("a holiday is a date, in each line's own zone", () => {
  const always = (timeZone: string) => ({
    hours: { timeZone, ...WORKING_DAYS("00:00-24:00"), saturday: "00:00-24:00", holidays: "public" },
  });
  const schedules = {
    auckland: always("Pacific/Auckland"),
    london: always("Europe/London"),
    public: { "2026-12-25": { hours: "closed", name: "Christmas" } },
  };

  it.each([
    ["2026-12-24T11:00:00Z", "closed", "open"],
    ["2026-12-25T11:00:00Z", "open", "closed"],
  ])("at %s Auckland is %s and London %s", (at, auckland, london) => {
    expect(reaches(schedules, at, "auckland")).toBe(auckland);
    expect(reaches(schedules, at, "london")).toBe(london);
  });
});

describe("a window over midnight belongs to the day it starts on", () => {
  const schedules = { hours: { hours: { timeZone: "America/New_York", friday: "19:00-07:00" } } };

  it.each([
    ["Friday 22:00", "2026-10-02T22:00:00-04:00", "open"],
    ["Saturday 06:59", "2026-10-03T06:59:00-04:00", "open"],
    ["Saturday 07:00", "2026-10-03T07:00:00-04:00", "closed"],
    ["Saturday 22:00", "2026-10-03T22:00:00-04:00", "closed"],
    ["Friday 02:00", "2026-10-02T02:00:00-04:00", "closed"],
  ])("%s", (_when, at, state) => {
    expect(reaches(schedules, at)).toBe(state);
  });
});

describe("midnight, whole days and empty days", () => {
  it.each(["00:00-00:00", "00:00-24:00"])("%s is the whole day, its last half minute included", (hours) => {
    const schedules = { hours: { hours: { timeZone: "America/New_York", monday: hours } } };
    expect(reaches(schedules, "2026-06-01T00:00:00-04:00")).toBe("open");
    expect(reaches(schedules, "2026-06-01T23:59:30-04:00")).toBe("open");
    expect(reaches(schedules, "2026-06-02T00:00:00-04:00")).toBe("closed");
  });

  it("a day without hours is closed", () => {
    const schedules = { hours: { hours: { timeZone: "America/New_York", monday: "", tuesday: "09:00-17:00" } } };
    expect(reaches(schedules, "2026-06-01T12:00:00-04:00")).toBe("closed");
  });

  it("a rule without a schedule is always open", () => {
    const routes = { default: { day: { targets: ALICE } } };
    expect(decideCall({ routes }, { at: "2027-01-01T03:00:00-05:00" }).does).toBe(`redirect ${ALICE}`);
  });

  it("a whole-day holiday lasts until midnight, not until 23:45", () => {
    const schedules = {
      hours: {
        hours: { timeZone: "America/New_York", friday: "00:00-24:00", saturday: "00:00-24:00" },
        "2027-01-01": { hours: "closed" },
      },
    };
    expect(reaches(schedules, "2027-01-01T23:50:00-05:00")).toBe("closed");
    expect(reaches(schedules, "2027-01-02T00:00:00-05:00")).toBe("open");
  });
});

describe("open and closed are not all: half days and more windows", () => {
  it("a dated row's own hours replace the weekday's", () => {
    const schedules = {
      hours: {
        hours: { timeZone: "America/New_York", ...WORKING_DAYS("09:00-17:00") },
        "2026-12-24": { hours: "09:00-12:00" },
      },
    };
    expect(reaches(schedules, "2026-12-24T11:59:00-05:00")).toBe("open");
    expect(reaches(schedules, "2026-12-24T12:00:00-05:00")).toBe("closed");
    expect(reaches(schedules, "2026-12-23T16:59:00-05:00")).toBe("open");
  });

  it.each([
    ["2026-06-03T13:59:00-04:00", ALICE],
    ["2026-06-03T14:30:00-04:00", CAROL],
    ["2026-06-03T15:00:00-04:00", BOB],
    ["2026-06-03T19:00:00-04:00", CAROL],
    ["2026-06-05T09:00:00-04:00", CAROL],
  ])("early to one, late to another, else to a third: at %s", (at, target) => {
    const mondayToThursday = (hours: string) => ({
      hours: { timeZone: "America/New_York", monday: hours, tuesday: hours, wednesday: hours, thursday: hours },
    });
    const routes = {
      default: {
        early: { priority: 10, schedule: "early", targets: ALICE },
        late: { priority: 10, schedule: "late", targets: BOB },
        else: { targets: CAROL },
      },
    };
    const schedules = { early: mondayToThursday("08:00-14:00"), late: mondayToThursday("15:00-19:00") };
    expect(decideCall({ routes, schedules }, { at }).does).toBe(`redirect ${target}`);
  });
});

describe("a specific rule outside its hours does not hide the general one", () => {
  const routes = {
    default: {
      london: { caller: "+442079*", schedule: "mondays", targets: ALICE },
      britain: { caller: "+44*", targets: BOB },
    },
  };
  const schedules = { mondays: { hours: { timeZone: "Europe/London", monday: "00:00-24:00" } } };

  it.each([
    ["Monday", "2026-06-01T12:00:00+01:00", ALICE],
    ["Tuesday", "2026-06-02T12:00:00+01:00", BOB],
  ])("on a %s", (_day, at, target) => {
    expect(decideCall({ routes, schedules }, { at, caller: "+442079460961" }).does).toBe(`redirect ${target}`);
  });
});

describe("an override has a scope and an end, and works the right way round", () => {
  const DENVER = LINE;
  const SEATTLE = "0ca15291-fc36-535a-950f-454bf8a1d303";
  const snowDay = {
    lines: { [DENVER]: { site: "Denver" }, [SEATTLE]: { site: "Seattle" } },
    schedules: {
      office: {
        hours: { timeZone: "America/Denver", ...WORKING_DAYS("00:00-24:00") },
        "2026-12-02": { hours: "closed" },
      },
    },
    routes: {
      all: { blocked: { caller: "+14255550142", action: "reject" } },
      override: { "site:Denver": { targets: CAROL, until: "2026-12-02T06:00-07:00", note: "Snow day" } },
      default: { day: { schedule: "office", targets: ALICE }, night: { schedule: "!office", targets: BOB } },
    },
  };
  const does = (at: string, called = DENVER, caller = "+12065550142") =>
    decideCall(snowDay, { at, called, caller }).does;

  it("sends the site's calls elsewhere until its end, holiday or not", () => {
    expect(does("2026-12-01T23:59:00-07:00")).toBe(`redirect ${CAROL}`);
    expect(does("2026-12-02T05:59:00-07:00")).toBe(`redirect ${CAROL}`);
  });

  it("leaves other sites alone", () => {
    expect(does("2026-12-01T23:59:00-07:00", SEATTLE)).toBe(`redirect ${ALICE}`);
    expect(does("2026-12-02T05:59:00-07:00", SEATTLE)).toBe(`redirect ${BOB}`);
  });

  it("ends by itself", () => {
    expect(does("2026-12-02T06:00:00-07:00")).toBe(`redirect ${BOB}`);
    expect(does("2026-12-03T06:00:00-07:00")).toBe(`redirect ${ALICE}`);
  });

  it("does not let blocked callers in", () => {
    expect(does("2026-12-02T05:59:00-07:00", DENVER, "+14255550142")).toBe("reject busy");
  });
});
