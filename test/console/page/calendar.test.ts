import { describe, expect, it } from "vitest";
import {
  type CoveredDay,
  eventsOf,
  formatMinutes,
  sharesOf,
  weeksOf,
} from "../../../src/console/page/quarter/calendar.ts";

function aCoveredDay(given: Partial<CoveredDay>): CoveredDay {
  return {
    day: "2026-11-25",
    minutes: { 0: 1440 },
    exceptions: [],
    changes: [],
    onlyFallback: false,
    ...given,
  };
}

const RINGS = { id: "r", kind: "redirect", who: "Front desk", by: "support/day" } as const;
const REJECTS = { id: "x", kind: "reject", who: "reject busy", by: "support/night" } as const;
const FALLS_BACK = { id: "f", kind: "fallback", who: "+1 425 555 0100", by: "the line's fallback" } as const;

describe("weeksOf", () => {
  it("begins every week on Monday and leaves the places before the first day empty", () => {
    const days = ["2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"];
    const weeks = weeksOf(days.map((day) => aCoveredDay({ day })));
    expect(weeks.map(({ monday }) => monday)).toEqual(["2026-11-23", "2026-11-30"]);
    expect(weeks[0]?.days.map((day) => day?.day.slice(-2))).toEqual([
      undefined,
      undefined,
      "25",
      "26",
      "27",
      "28",
      "29",
    ]);
    expect(weeks[1]?.days.map((day) => day?.day.slice(-2))[0]).toBe("30");
  });
});

describe("sharesOf", () => {
  it("leaves out a way that takes no minute of the day", () => {
    const day = aCoveredDay({ minutes: { 2: 480, 0: 960, 1: 0 } });
    expect(sharesOf(day)).toEqual([
      { way: 0, minutes: 960 },
      { way: 2, minutes: 480 },
    ]);
  });
});

describe("eventsOf", () => {
  it("names holidays, clock changes, and rules that begin", () => {
    const day = aCoveredDay({
      exceptions: ["Christmas"],
      clockChange: "02:00-03:00 is left out",
      changes: ["support/summer begins"],
    });
    expect(eventsOf(day, [RINGS])).toEqual([
      "Christmas",
      "Clock change: 02:00-03:00 is left out",
      "support/summer begins",
    ]);
  });

  it("tells a day on which only a fallback rings from one on which nobody does", () => {
    const gap = aCoveredDay({ minutes: { 1: 1440 }, onlyFallback: true });
    expect(eventsOf(gap, [RINGS, FALLS_BACK])).toEqual(["Only a fallback rings all day"]);
    expect(eventsOf(gap, [RINGS, REJECTS])).toEqual(["Nobody rings all day"]);
  });

  it("says nothing of an ordinary day", () => {
    expect(eventsOf(aCoveredDay({}), [RINGS])).toEqual([]);
  });
});

describe("formatMinutes", () => {
  it("writes hours and minutes, and no part that is nothing", () => {
    expect([0, 45, 480, 450].map(formatMinutes)).toEqual(["0 min", "45 min", "8 h", "7 h 30 min"]);
  });
});
