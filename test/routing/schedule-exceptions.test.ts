import { describe, expect, it } from "vitest";
import { unknownHolidays } from "../../src/routing/schedule.ts";
import { aHolidaySet, aSchedule, isOpen, lookupOf, settledBy } from "./schedules.ts";

describe("scheduleState, exceptions", () => {
  const allDay = (exceptions: Record<string, string>) =>
    aSchedule({ timeZone: "Etc/UTC", every: "09:00-17:00", exceptions });

  it("closes a holiday from its midnight to the next", () => {
    const schedule = aSchedule({ timeZone: "Etc/UTC", every: "open", exceptions: { "2027-01-01": "closed" } });
    expect(isOpen(schedule, "2026-12-31T23:59:59.999Z")).toBe(true);
    expect(isOpen(schedule, "2027-01-01T00:00:00Z")).toBe(false);
    expect(isOpen(schedule, "2027-01-01T23:50:00Z")).toBe(false);
    expect(isOpen(schedule, "2027-01-02T00:00:00Z")).toBe(true);
  });

  it("lets a half day replace the hours of its weekday", () => {
    const schedule = allDay({ "2026-12-24": "09:00-12:00" });
    expect(isOpen(schedule, "2026-12-24T11:59:59Z")).toBe(true);
    expect(isOpen(schedule, "2026-12-24T12:00:00Z")).toBe(false);
  });

  it("opens on a date that is closed every week", () => {
    expect(isOpen(aSchedule({ timeZone: "Etc/UTC", exceptions: { "2026-12-05": "open" } }), "2026-12-05T03:00Z")).toBe(
      true,
    );
  });

  it("holds both ends of a range", () => {
    const schedule = allDay({ "2026-12-24..2026-12-26": "closed" });
    const days = ["2026-12-23", "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27"];
    expect(days.map((day) => isOpen(schedule, `${day}T12:00Z`))).toEqual([true, false, false, false, true]);
  });

  it("closes each date of every year on that date alone", () => {
    const year = daysBetween("2028-01-01", "2028-12-31");
    for (const key of year.map((day) => day.slice(5))) {
      const schedule = allDay({ [key]: "closed" });
      expect(year.filter((day) => !isOpen(schedule, `${day}T12:00Z`))).toEqual([`2028-${key}`]);
    }
  });

  it("keeps 02-29 to leap years", () => {
    const schedule = allDay({ "02-29": "closed" });
    expect(isOpen(schedule, "2028-02-29T12:00Z")).toBe(false);
    expect(isOpen(schedule, "2027-02-28T12:00Z")).toBe(true);
    expect(isOpen(schedule, "2027-03-01T12:00Z")).toBe(true);
  });

  it.each([
    ["first wednesday", ["2026-07-01", "2026-08-05", "2026-09-02"]],
    ["fourth friday", ["2026-07-24", "2026-08-28", "2026-09-25"]],
    ["last friday", ["2026-07-31", "2026-08-28", "2026-09-25"]],
    ["fifth monday", ["2026-08-31"]],
    ["last monday of august", ["2026-08-31"]],
    ["first monday of 09", ["2026-09-07"]],
    ["last monday of may", []],
  ])("counts %s in the third quarter of 2026", (key, days) => {
    const schedule = allDay({ [key]: "closed" });
    expect(daysBetween("2026-07-01", "2026-09-30").filter((day) => !isOpen(schedule, `${day}T12:00Z`))).toEqual(days);
  });

  it.each(["2026-11-26", "2027-11-25", "2028-11-23"])("has Thanksgiving on %s", (day) => {
    expect(settledBy(allDay({ "fourth-thursday-of-november": "closed" }), `${day}T12:00Z`)).toContain("november");
  });

  const precedence = [
    "2026-12-25",
    "2026-12-24..2026-12-25",
    "2026-12-23..2026-12-25",
    "2026-12-01..2026-12-31",
    "12-25",
    "last friday of december",
    "last friday",
  ];

  it.each(precedence.slice(1).map((wider, index) => [precedence[index] ?? "", wider]))(
    "lets %s win over %s",
    (key, wider) => {
      for (const exceptions of [
        { [key]: "open", [wider]: "closed" },
        { [wider]: "closed", [key]: "open" },
      ]) {
        expect(settledBy(allDay(exceptions), "2026-12-25T12:00Z")).toBe(`support ${key}`);
      }
    },
  );

  it("takes the first by key of two that are equally wide", () => {
    const ranges = allDay({ "2026-12-25..2026-12-26": "closed", "2026-12-24..2026-12-25": "open" });
    expect(settledBy(ranges, "2026-12-25T12:00Z")).toBe("support 2026-12-24..2026-12-25");
    const weekdays = allDay({ "Last Friday": "closed", "fourth friday": "open" });
    expect(settledBy(weekdays, "2026-12-25T12:00Z")).toBe("support fourth friday");
  });
});

describe("scheduleState, holidays", () => {
  const christmas = aHolidaySet("christmas", { "2026-12-25": "closed" });
  const bank = aHolidaySet("bank", { "2026-12-25": "10:00-12:00", "12-25": "closed", "01-01": "closed" });
  const inZone = (timeZone: string) => aSchedule({ timeZone, every: "open", holidays: ["christmas"] });

  it.each([
    ["2026-12-24T11:00:00Z", true, false],
    ["2026-12-25T11:00:00Z", false, true],
  ])("reads a shared date in the zone of each schedule that uses it: %s", (moment, auckland, london) => {
    const closed = (zone: string) => !isOpen(inZone(zone), moment, lookupOf(christmas));
    expect([closed("Pacific/Auckland"), closed("Europe/London")]).toEqual([auckland, london]);
  });

  it("names the shared schedule whose row it is", () => {
    expect(settledBy(inZone("Europe/London"), "2026-12-25T11:00Z", lookupOf(christmas))).toBe("christmas 2026-12-25");
  });

  it("prefers the schedule's own row to a shared one of the same width", () => {
    const schedule = aSchedule({ every: "open", holidays: ["bank"], exceptions: { "2026-12-25": "open" } });
    expect(settledBy(schedule, "2026-12-25T11:00Z", lookupOf(bank))).toBe("support 2026-12-25");
  });

  it("prefers a narrower shared row to a wider own one", () => {
    const schedule = aSchedule({ every: "open", holidays: ["bank"], exceptions: { "2026-12-20..2026-12-31": "open" } });
    expect(settledBy(schedule, "2026-12-25T11:00Z", lookupOf(bank))).toBe("bank 2026-12-25");
  });

  it("takes equally wide shared rows in the order of the holidays column", () => {
    for (const holidays of [
      ["christmas", "bank"],
      ["bank", "christmas"],
    ]) {
      const schedule = aSchedule({ every: "open", holidays });
      expect(settledBy(schedule, "2026-12-25T11:00Z", lookupOf(bank, christmas))).toBe(`${holidays[0]} 2026-12-25`);
    }
  });

  it("does not count the holidays of a holiday schedule", () => {
    const middle = aSchedule({ name: "middle", every: "closed", holidays: ["christmas"] });
    const schedule = aSchedule({ every: "open", holidays: ["middle"] });
    expect(isOpen(schedule, "2026-12-25T11:00Z", lookupOf(middle, christmas))).toBe(true);
  });

  it("goes on without a schedule that nobody has written, and tells its name", () => {
    const schedule = aSchedule({ every: "open", holidays: ["nowhere", "christmas"] });
    expect(unknownHolidays(schedule, lookupOf(christmas))).toEqual(["nowhere"]);
    expect(isOpen(schedule, "2026-12-25T11:00Z", lookupOf(christmas))).toBe(false);
    expect(isOpen(schedule, "2026-12-26T11:00Z", lookupOf(christmas))).toBe(true);
  });
});

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += 86_400_000)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}
