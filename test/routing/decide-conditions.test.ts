import { describe, expect, it } from "vitest";
import { ALICE, BOB, decideCall, type TypedRows } from "../support/decisions.ts";

/** A rule under test, and one behind it that always applies. */
function passedOver(cells: Record<string, unknown>, at?: string, schedules: TypedRows["schedules"] = {}): string {
  const routes = { default: { asked: { priority: 1, targets: ALICE, ...cells }, otherwise: { targets: BOB } } };
  const { by, passedOver: steps, faults } = decideCall({ routes, schedules }, at === undefined ? {} : { at });
  expect(faults).toEqual([]);
  return by === "default/asked" ? "applies" : steps.join();
}

describe("enabled", () => {
  it.each([
    [undefined, "applies"],
    ["", "applies"],
    [true, "applies"],
    ["Yes", "applies"],
    [false, "default/asked: disabled"],
    ["false", "default/asked: disabled"],
    ["no", "default/asked: disabled"],
    [0, "default/asked: disabled"],
  ])("%j: %s", (enabled, expected) => {
    expect(passedOver({ enabled })).toBe(expected);
  });
});

describe("from and until", () => {
  const window = { from: "2026-06-03T09:00:00-04:00", until: "2026-06-03T17:00:00-04:00" };

  it.each([
    ["2026-06-03T08:59:59.999-04:00", "default/asked: not-yet"],
    ["2026-06-03T09:00:00-04:00", "applies"],
    ["2026-06-03T13:00:00Z", "applies"],
    ["2026-06-03T16:59:59.999-04:00", "applies"],
    ["2026-06-03T17:00:00-04:00", "default/asked: lapsed"],
    ["2026-06-03T21:00:00Z", "default/asked: lapsed"],
  ])("from 09:00 until 17:00 in New York, at %s: %s", (at, expected) => {
    expect(passedOver(window, at)).toBe(expected);
  });

  it("counts from a moment on for ever, and until one from ever", () => {
    expect(passedOver({ from: window.from }, "2099-01-01T00:00:00Z")).toBe("applies");
    expect(passedOver({ until: window.until }, "1999-01-01T00:00:00Z")).toBe("applies");
  });
});

describe("schedule", () => {
  const schedules = {
    support: {
      hours: { timeZone: "America/New_York", wednesday: "09:00-17:00" },
      "2026-06-10": { hours: "closed" },
    },
    holidays: { "2026-12-25": { hours: "closed", name: "Christmas" } },
  };

  it.each([
    ["support", "2026-06-03T08:59:59.999-04:00", "default/asked: schedule"],
    ["support", "2026-06-03T09:00:00-04:00", "applies"],
    ["support", "2026-06-03T17:00:00-04:00", "default/asked: schedule"],
    ["support", "2026-06-10T12:00:00-04:00", "default/asked: schedule"],
    ["!support", "2026-06-03T08:59:59.999-04:00", "applies"],
    ["!support", "2026-06-03T09:00:00-04:00", "default/asked: schedule"],
    ["!support", "2026-06-03T17:00:00-04:00", "applies"],
    ["! Support", "2026-06-10T12:00:00-04:00", "applies"],
    ["SUPPORT", "2026-06-03T12:00:00-04:00", "applies"],
  ])("%s at %s: %s", (schedule, at, expected) => {
    expect(passedOver({ schedule }, at, schedules)).toBe(expected);
  });

  it("makes the rule apply always when there is none", () => {
    expect(passedOver({}, "2026-12-25T03:00:00Z", schedules)).toBe("applies");
  });

  it.each(["suport", "!suport"])("that nobody knows makes the rule not apply, open or closed: %s", (schedule) => {
    expect(passedOver({ schedule }, undefined, schedules)).toBe("default/asked: unknown-schedule");
  });

  it.each(["holidays", "!holidays"])("that is a mere set of holidays makes the rule not apply: %s", (schedule) => {
    expect(passedOver({ schedule }, "2026-12-25T12:00:00-05:00", schedules)).toBe("default/asked: unknown-schedule");
  });

  it.each(["support", "!support"])("whose hours cannot be read makes the rule not apply: %s", (schedule) => {
    const routes = { default: { asked: { schedule, targets: ALICE } } };
    const broken = { support: { hours: { timeZone: "America/New_York", wednesday: "9 to 5ish" } } };
    const decided = decideCall({ routes, schedules: broken });
    expect(decided.passedOver).toEqual(["default/asked: unknown-schedule"]);
    expect(decided.faults).toEqual([expect.stringContaining("Schedules support/hours, column wednesday")]);
  });

  it("takes in the dated rows of the sets that it names as holidays, in its own zone", () => {
    const shared = {
      ...schedules,
      auckland: { hours: { timeZone: "Pacific/Auckland", thursday: "00:00-24:00", holidays: "Holidays" } },
    };
    expect(passedOver({ schedule: "auckland" }, "2026-12-24T10:59:00Z", shared)).toBe("applies");
    expect(passedOver({ schedule: "!auckland" }, "2026-12-24T11:00:00Z", shared)).toBe("applies");
  });
});

describe("the first reason why a rule does not apply", () => {
  const everything = {
    enabled: false,
    from: "2027-01-01T00:00Z",
    until: "2027-02-01T00:00Z",
    schedule: "nowhere",
    caller: "+12065550142",
    targets: `${ALICE} x0`,
    ring: "random",
  };

  it.each([
    [{}, "disabled"],
    [{ enabled: true }, "not-yet"],
    [{ enabled: true, from: "", until: "2026-01-01T00:00Z" }, "lapsed"],
    [{ enabled: true, from: "", until: "" }, "unknown-schedule"],
    [{ enabled: true, from: "", until: "", schedule: "" }, "caller"],
    [{ enabled: true, from: "", until: "", schedule: "", caller: "" }, "nobody-left"],
    [{ enabled: true, from: "", until: "", schedule: "", caller: "", targets: ALICE }, "applies"],
  ])("%j: %s", (mended, expected) => {
    expect(passedOver({ ...everything, ...mended }).replace("default/asked: ", "")).toBe(expected);
  });
});
