import { describe, expect, it } from "vitest";
import { dayOf } from "../../src/routing/dates.ts";
import { formatHours, formatInterval } from "../../src/routing/hours.ts";
import { hoursOn, nextChange, type Schedule } from "../../src/routing/schedule.ts";
import { aSchedule, at, NO_HOLIDAYS, WORKING_DAYS } from "./schedules.ts";

describe("hoursOn", () => {
  it("lays out a week with the row behind each day", () => {
    const schedule = aSchedule({ ...WORKING_DAYS, exceptions: { "2026-12-24": "09:00-12:00", "12-25": "closed" } });
    const week = [21, 22, 23, 24, 25, 26, 27].map((date) => hoursOn(schedule, NO_HOLIDAYS, dayOf(2026, 12, date)));
    expect(week.map((plan) => formatHours(plan.hours))).toEqual([
      ...["09:00-17:00", "09:00-17:00", "09:00-17:00"],
      ...["09:00-12:00", "closed", "closed", "closed"],
    ]);
    expect(week.map((plan) => (plan.kind === "weekly" ? plan.weekday : plan.exception.key))).toEqual([
      ...["monday", "tuesday", "wednesday"],
      ...["2026-12-24", "12-25", "saturday", "sunday"],
    ]);
  });
});

describe("nextChange", () => {
  const next = (schedule: Schedule, moment: string, days = 30) => {
    const change = nextChange(schedule, NO_HOLIDAYS, at(moment), days);
    return change && `${new Date(change.atMs).toISOString()} ${change.state.open ? "opens" : "closes"}`;
  };
  const newYork = aSchedule({
    ...WORKING_DAYS,
    timeZone: "America/New_York",
    exceptions: { "2026-03-09": "10:00-12:00" },
  });

  it.each([
    ["2026-03-06T18:00Z", "2026-03-06T22:00:00.000Z closes"],
    ["2026-03-06T22:00Z", "2026-03-09T14:00:00.000Z opens"], // over a weekend in which the clocks change
    ["2026-03-09T14:00Z", "2026-03-09T16:00:00.000Z closes"],
  ])("finds what comes after %s", (moment, change) => {
    expect(next(newYork, moment)).toBe(change);
  });

  it("closes at a jump of the clock when the end falls into the skipped hour", () => {
    const schedule = aSchedule({ timeZone: "America/New_York", sunday: "01:00-02:30" });
    expect(next(schedule, "2026-03-08T06:30Z")).toBe("2026-03-08T07:00:00.000Z closes");
  });

  it("does not take touching hours for a change", () => {
    const schedule = aSchedule({
      timeZone: "Etc/UTC",
      every: "00:00-12:00, 12:00-24:00",
      exceptions: { "2026-10-08": "" },
    });
    expect(next(schedule, "2026-10-05T08:00Z")).toBe("2026-10-08T00:00:00.000Z closes");
  });

  it("gives up after the days it was told to look", () => {
    expect(next(aSchedule({ every: "closed" }), "2026-10-05T08:00Z", 366)).toBeUndefined();
    expect(next(newYork, "2026-03-06T22:00Z", 2)).toBeUndefined();
  });

  it("says which hours open", () => {
    const change = nextChange(newYork, NO_HOLIDAYS, at("2026-03-06T22:00Z"), 7);
    expect(change?.state.open === true && formatInterval(change.state.interval)).toBe("10:00-12:00");
  });
});
