import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proveHours } from "../../src/check/schedule-proof.ts";
import { scheduleState } from "../../src/routing/schedule.ts";
import { bookOfRows, NOW } from "./books.ts";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

type Exceptions = Readonly<Record<string, string>>;

/** What is proved of a schedule with the same hours on every day, or those of each, and dated rows. */
function prove(hours: string | readonly string[], own: Exceptions = {}, holidays: Exceptions = {}) {
  const { schedule, sets } = read(hours, own, holidays);
  return proveHours(schedule, sets, Date.parse(NOW));
}

function read(hours: string | readonly string[], own: Exceptions, holidays: Exceptions) {
  const weekly = Object.fromEntries(DAYS.map((day, index) => [day, typeof hours === "string" ? hours : hours[index]]));
  const rows = (exceptions: Exceptions) =>
    Object.fromEntries(Object.entries(exceptions).map(([key, cell]) => [key, { hours: cell }]));
  const book = bookOfRows({
    schedules: {
      desk: { hours: { timeZone: "America/New_York", holidays: "days", ...weekly }, ...rows(own) },
      days: rows(holidays),
    },
  });
  const schedule = book.schedules.get("desk");
  const set = book.schedules.get("days");
  if (schedule === undefined || !("timeZone" in schedule)) throw new TypeError("the schedule has hours");
  return { schedule, sets: set === undefined ? [] : [set] };
}

describe("proveHours", () => {
  it("proves that a schedule without any hours never opens, with holidays or without", () => {
    expect(prove("")).toBe("never-open");
    expect(prove("closed", { "12-25": "closed" }, { "01-01": "closed" })).toBe("never-open");
  });

  it("does not take a schedule for never open that one dated row opens, be it years ahead or a holiday set's", () => {
    expect(prove("", { "2061-07-28": "10:00-11:00" })).toBe("unproven");
    expect(prove("", {}, { "12-24": "09:00-12:00" })).toBe("unproven");
  });

  it("forgets dated rows whose days are over", () => {
    expect(prove("", { "2026-05-01": "10:00-11:00", "2026-01-01..2026-05-20": "open" })).toBe("never-open");
    expect(prove("open", { "2026-05-01": "closed" })).toBe("always-open");
    // Its hours run on into the day of the check.
    expect(prove("", { "2026-06-02": "22:00-21:59" })).toBe("unproven");
  });

  it.each(["open", "00:00-24:00", "00:00-12:00, 12:00-24:00", "06:00-18:00, 18:00-06:00"])(
    "proves that %s on every day never closes",
    (hours) => {
      expect(prove(hours)).toBe("always-open");
    },
  );

  it("does not take a schedule for always open that leaves a minute, or that a holiday closes", () => {
    expect(prove("00:00-23:59")).toBe("unproven");
    expect(prove("open", {}, { "12-25": "closed" })).toBe("unproven");
    expect(prove(["06:00-18:00, 18:00-06:00", ...Array(6).fill("08:00-06:00")])).toBe("unproven");
  });

  it("is never wrong about a moment to come", () => {
    const hours = fc.constantFrom(
      "",
      "open",
      "06:00-18:00, 18:00-06:00",
      "22:00-06:00",
      "06:00-22:00",
      "00:00-12:00, 12:00-24:00",
    );
    const day = fc.constantFrom("2026-06-02", "2026-06-04", "12-25", "2026-05-01..2026-05-10", "first monday");
    const exceptions = fc.dictionary(day, hours, { maxKeys: 2 });
    const week = fc.oneof(hours, fc.array(fc.constantFrom("", "open"), { minLength: 7, maxLength: 7 }));
    fc.assert(
      fc.property(week, exceptions, exceptions, fc.nat({ max: 60 * 24 * 400 }), (weekly, own, shared, minutes) => {
        const { schedule, sets } = read(weekly, own, shared);
        const proof = proveHours(schedule, sets, Date.parse(NOW));
        const { open } = scheduleState(schedule, () => sets[0], Date.parse(NOW) + minutes * 60_000);
        if (proof !== "unproven") expect(open).toBe(proof === "always-open");
      }),
      { numRuns: 1500 },
    );
  });
});
