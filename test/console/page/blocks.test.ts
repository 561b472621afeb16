import { describe, expect, it } from "vitest";
import { blocksOf, clockOf, type Step, zonesOf } from "../../../src/console/page/week/blocks.ts";
import { moveFrom } from "../../../src/console/page/week/move.ts";

/** A day whose quarters go the ways given, each for so many quarters: `[way, count]`; no way where the clocks jump. */
function aDay(...spans: readonly (readonly [ways: readonly number[], count: number])[]) {
  const steps: Step[] = spans.flatMap(([ways, count]) =>
    Array.from({ length: count }, (): Step => ways.map((way) => ({ atMs: 0, way }))),
  );
  return { day: "2026-11-25", exceptions: [], steps };
}

describe("blocksOf", () => {
  it("joins the quarters of an hour to which the same happens", () => {
    const { steps } = aDay([[0], 36], [[1], 32], [[0], 28]);
    expect(blocksOf(steps)).toEqual([
      { first: 0, end: 36, ways: [0] },
      { first: 36, end: 68, ways: [1] },
      { first: 68, end: 96, ways: [0] },
    ]);
  });

  it("keeps the hour apart that the clocks jump over", () => {
    const { steps } = aDay([[0], 8], [[], 4], [[0], 84]);
    expect(blocksOf(steps).map(({ ways }) => ways)).toEqual([[0], [], [0]]);
  });

  it("keeps the hour apart that is lived twice, even when both times the same happens", () => {
    const { steps } = aDay([[0], 4], [[0, 0], 4], [[0], 88]);
    expect(blocksOf(steps).map(({ first, end }) => [first, end])).toEqual([
      [0, 4],
      [4, 8],
      [8, 96],
    ]);
  });
});

describe("zonesOf", () => {
  const dayFrom = (moment: string, hours: number): Step[] =>
    Array.from({ length: hours }, (_, hour) => [{ atMs: Date.parse(moment) + hour * 3_600_000, way: 0 }]);

  it.each([
    ["the clocks go back", "2026-11-01T00:00-06:00", 25, ["MDT", "MST"]],
    ["the clocks go forward", "2027-03-14T00:00-07:00", 23, ["MST", "MDT"]],
    ["nothing happens to the clocks", "2026-11-25T00:00-07:00", 24, ["MST"]],
  ])("names the offsets of a day on which %s, the first one first", (_, moment, hours, zones) => {
    expect(zonesOf(dayFrom(moment, hours), "America/Denver")).toEqual(zones);
  });
});

describe("clockOf", () => {
  it("shows the wall's time of each quarter, and 24:00 at the end of the day", () => {
    expect([0, 1, 37, 96].map(clockOf)).toEqual(["00:00", "00:15", "09:15", "24:00"]);
  });
});

describe("moveFrom", () => {
  const office = aDay([[0], 36], [[1], 32], [[0], 28]);
  const days = [office, office];

  it.each([
    ["ArrowDown", { day: 0, step: 41 }],
    ["ArrowUp", { day: 0, step: 39 }],
    ["ArrowRight", { day: 1, step: 40 }],
    ["ArrowLeft", { day: 0, step: 40 }],
    ["PageDown", { day: 0, step: 68 }],
    ["PageUp", { day: 0, step: 36 }],
    ["Home", { day: 0, step: 0 }],
    ["End", { day: 0, step: 95 }],
  ])("%s leads from Monday 10:00 to its cell", (key, target) => {
    expect(moveFrom({ day: 0, step: 40 }, key, days)).toEqual(target);
  });

  it("leaves every other key to the browser", () => {
    expect(moveFrom({ day: 0, step: 40 }, "Tab", days)).toBeUndefined();
  });

  it("stays on the picture at its edges", () => {
    expect(moveFrom({ day: 1, step: 95 }, "ArrowRight", days)).toEqual({ day: 1, step: 95 });
    expect(moveFrom({ day: 1, step: 95 }, "ArrowDown", days)).toEqual({ day: 1, step: 95 });
    expect(moveFrom({ day: 0, step: 0 }, "ArrowUp", days)).toEqual({ day: 0, step: 0 });
  });
});
