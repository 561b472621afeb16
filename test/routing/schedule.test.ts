import { describe, expect, it } from "vitest";
import { dayOf } from "../../src/routing/dates.ts";
import { scheduleState } from "../../src/routing/schedule.ts";
import { aSchedule, at, isOpen, NO_HOLIDAYS, settledBy, WORKING_DAYS } from "./schedules.ts";

describe("scheduleState, ordinary days", () => {
  const office = aSchedule({ ...WORKING_DAYS, timeZone: "Etc/UTC" });

  it.each([
    ["2026-10-05T08:59:59.000Z", false],
    ["2026-10-05T08:59:59.999Z", false],
    ["2026-10-05T09:00:00.000Z", true],
    ["2026-10-05T16:59:59.000Z", true],
    ["2026-10-05T16:59:59.999Z", true],
    ["2026-10-05T17:00:00.000Z", false],
    ["2026-10-05T17:00:00.001Z", false],
  ])("holds the start of 09:00-17:00 and not its end: %s", (moment, open) => {
    expect(isOpen(office, moment)).toBe(open);
  });

  it("stays closed on a day without hours", () => {
    expect(isOpen(office, "2026-10-04T12:00Z")).toBe(false);
    expect(settledBy(office, "2026-10-04T12:00Z")).toBe("support sunday");
  });

  it("tells day, column and interval that settled it", () => {
    const plan = { kind: "weekly", schedule: "support", weekday: "monday", day: dayOf(2026, 10, 5) };
    expect(scheduleState(office, NO_HOLIDAYS, at("2026-10-05T12:00Z"))).toMatchObject({
      open: true,
      settledBy: plan,
      interval: { start: 540, end: 1020 },
    });
    expect(scheduleState(office, NO_HOLIDAYS, at("2026-10-05T18:00Z"))).toMatchObject({ open: false, settledBy: plan });
  });

  it.each([
    ["2026-10-07T14:30:00Z", false],
    ["2026-10-07T13:59:59Z", true],
    ["2026-10-07T15:00:00Z", true],
  ])("keeps two windows a day apart: %s", (moment, open) => {
    expect(isOpen(aSchedule({ timeZone: "Etc/UTC", wednesday: "08:00-14:00, 15:00-19:00" }), moment)).toBe(open);
  });

  it.each(["00:00-24:00", "00:00-00:00", "open"])(
    "keeps %s open through the whole day and not a moment more",
    (text) => {
      const schedule = aSchedule({ timeZone: "Etc/UTC", tuesday: text });
      expect(isOpen(schedule, "2026-10-05T23:59:59.999Z")).toBe(false);
      expect(isOpen(schedule, "2026-10-06T00:00:00Z")).toBe(true);
      expect(isOpen(schedule, "2026-10-06T23:59:30Z")).toBe(true);
      expect(isOpen(schedule, "2026-10-07T00:00:00Z")).toBe(false);
    },
  );
});

describe("scheduleState, hours over midnight", () => {
  const fridayNight = aSchedule({ timeZone: "Etc/UTC", friday: "19:00-07:00" });

  it.each([
    ["2026-10-02T02:00:00Z", false], // the small hours of Friday are Thursday's night
    ["2026-10-02T18:59:59Z", false],
    ["2026-10-02T19:00:00Z", true],
    ["2026-10-02T22:00:00Z", true],
    ["2026-10-03T00:00:00Z", true],
    ["2026-10-03T06:59:59Z", true],
    ["2026-10-03T07:00:00Z", false],
    ["2026-10-03T22:00:00Z", false],
  ])("gives Friday 19:00-07:00 to the night that starts on Friday: %s", (moment, open) => {
    expect(isOpen(fridayNight, moment)).toBe(open);
  });

  it("names Friday's column on Saturday morning", () => {
    expect(settledBy(fridayNight, "2026-10-03T05:00Z")).toBe("support friday");
  });

  const nights = (exceptions: Record<string, string>) =>
    aSchedule({ timeZone: "Etc/UTC", every: "22:00-06:00", exceptions });

  it("lets a night run on into a holiday, and begins none on it", () => {
    const schedule = nights({ "2026-12-25": "closed" });
    expect(isOpen(schedule, "2026-12-25T05:59:59Z")).toBe(true);
    expect(settledBy(schedule, "2026-12-25T05:59:59Z")).toBe("support thursday");
    expect(isOpen(schedule, "2026-12-25T06:00:00Z")).toBe(false);
    expect(settledBy(schedule, "2026-12-25T06:00:00Z")).toBe("support 2026-12-25");
    expect(isOpen(schedule, "2026-12-25T22:00:00Z")).toBe(false);
    expect(isOpen(schedule, "2026-12-26T05:00:00Z")).toBe(false);
    expect(isOpen(schedule, "2026-12-26T22:00:00Z")).toBe(true);
  });

  it("lets an exception's own night run on into the next day", () => {
    const schedule = aSchedule({ timeZone: "Etc/UTC", exceptions: { "2026-12-31": "20:00-02:00" } });
    expect(isOpen(schedule, "2027-01-01T01:59:59Z")).toBe(true);
    expect(settledBy(schedule, "2027-01-01T01:59:59Z")).toBe("support 2026-12-31");
    expect(isOpen(schedule, "2027-01-01T02:00:00Z")).toBe(false);
  });
});

describe("scheduleState, days the clocks change", () => {
  const newYork = aSchedule({ timeZone: "America/New_York", every: "09:00-17:00" });

  it.each([
    ["2026-03-07T13:59:59Z", false],
    ["2026-03-07T14:00:00Z", true], // Saturday, EST
    ["2026-03-08T12:59:59Z", false],
    ["2026-03-08T13:00:00Z", true], // Sunday, EDT
    ["2026-03-08T20:59:59Z", true],
    ["2026-03-08T21:00:00Z", false],
    ["2026-11-01T13:59:59Z", false],
    ["2026-11-01T14:00:00Z", true], // Sunday, EST again
    ["2026-11-01T21:59:59Z", true],
    ["2026-11-01T22:00:00Z", false],
  ])("keeps 09:00-17:00 in New York by the clock on the wall: %s", (moment, open) => {
    expect(isOpen(newYork, moment)).toBe(open);
  });

  it.each([
    ["2026-03-06T13:30:00Z", false],
    ["2026-03-06T14:00:00Z", true],
    ["2026-03-09T12:59:00Z", false],
    ["2026-03-09T13:00:00Z", true],
  ])("opens at nine in New York on the Friday before and the Monday after: %s", (moment, open) => {
    expect(isOpen(aSchedule({ ...WORKING_DAYS, timeZone: "America/New_York" }), moment)).toBe(open);
  });

  it("tells Denver from Phoenix in summer", () => {
    const office = (timeZone: string) => aSchedule({ ...WORKING_DAYS, timeZone });
    expect(isOpen(office("America/Denver"), "2026-07-01T15:30Z")).toBe(true);
    expect(isOpen(office("America/Phoenix"), "2026-07-01T15:30Z")).toBe(false);
  });

  it("never opens in an hour that is skipped", () => {
    const skipped = aSchedule({ timeZone: "America/New_York", sunday: "02:00-03:00" });
    for (let minute = 0; minute < 48 * 60; minute += 1) {
      const state = scheduleState(skipped, NO_HOLIDAYS, at("2026-03-07T12:00Z") + minute * 60_000);
      expect(state.open).toBe(false);
    }
  });

  it.each([
    ["2026-11-01T05:30Z", true],
    ["2026-11-01T06:30Z", true],
    ["2026-11-01T07:00Z", false],
  ])("opens twice in an hour that is lived twice: %s", (moment, open) => {
    expect(isOpen(aSchedule({ timeZone: "America/New_York", sunday: "01:00-02:00" }), moment)).toBe(open);
  });

  it.each([
    ["2026-03-08T06:29:59Z", false],
    ["2026-03-08T06:30:00Z", true],
    ["2026-03-08T07:29:59Z", true],
    ["2026-03-08T07:30:00Z", false],
  ])("cuts 01:30-03:30 short by the skipped hour: %s", (moment, open) => {
    expect(isOpen(aSchedule({ timeZone: "America/New_York", sunday: "01:30-03:30" }), moment)).toBe(open);
  });

  it("keeps Kathmandu's quarter hours", () => {
    const kathmandu = aSchedule({ timeZone: "Asia/Kathmandu", every: "09:00-17:00" });
    expect(isOpen(kathmandu, "2026-06-30T03:14:59Z")).toBe(false);
    expect(isOpen(kathmandu, "2026-06-30T03:15:00Z")).toBe(true);
    expect(isOpen(kathmandu, "2026-06-30T11:14:59Z")).toBe(true);
    expect(isOpen(kathmandu, "2026-06-30T11:15:00Z")).toBe(false);
  });

  it("opens at 01:00 where midnight is skipped (Havana), and keeps the night before it going", () => {
    const sunday = aSchedule({ timeZone: "America/Havana", sunday: "00:00-02:00" });
    expect(isOpen(sunday, "2026-03-08T04:59:59Z")).toBe(false);
    expect(isOpen(sunday, "2026-03-08T05:00:00Z")).toBe(true);
    expect(isOpen(sunday, "2026-03-08T06:00:00Z")).toBe(false);
    const saturday = aSchedule({ timeZone: "America/Havana", saturday: "22:00-01:30" });
    expect(isOpen(saturday, "2026-03-08T05:29:59Z")).toBe(true);
    expect(isOpen(saturday, "2026-03-08T05:30:00Z")).toBe(false);
  });

  it("in Apia lets the night of Thursday 29 December 2011 run on into Saturday the 31st, for there was no Friday", () => {
    const thursday = aSchedule({ timeZone: "Pacific/Apia", thursday: "22:00-06:00", friday: "open" });
    expect(isOpen(thursday, "2011-12-30T09:59:59Z")).toBe(true); // 23:59:59 on the 29th
    expect(isOpen(thursday, "2011-12-30T10:00:00Z")).toBe(true); // 00:00 on the 31st
    expect(settledBy(thursday, "2011-12-30T10:00:00Z")).toBe("support thursday");
    expect(isOpen(thursday, "2011-12-30T15:59:59Z")).toBe(true);
    expect(isOpen(thursday, "2011-12-30T16:00:00Z")).toBe(false);
  });
});
