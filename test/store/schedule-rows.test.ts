import { describe, expect, it } from "vitest";
import { readSchedule } from "../../src/store/schedule-rows.ts";
import { aRow } from "../support/rows.ts";

const hours = (cells: Readonly<Record<string, unknown>>) =>
  aRow({ partitionKey: "support", rowKey: "hours", ...cells });
const exception = (rowKey: string, cells: Readonly<Record<string, unknown>>) =>
  aRow({ partitionKey: "support", rowKey, ...cells });

const NINE_TO_FIVE = [{ start: 9 * 60, end: 17 * 60 }];

describe("readSchedule", () => {
  it("reads zone, weekly hours and the schedules whose dated rows it shares", () => {
    const row = hours({ timeZone: "America/New_York", monday: "09:00-17:00", holidays: "us-federal; Company Days," });
    expect(readSchedule("support", [row])).toEqual({
      value: {
        name: "support",
        timeZone: "America/New_York",
        weekly: {
          monday: NINE_TO_FIVE,
          tuesday: [],
          wednesday: [],
          thursday: [],
          friday: [],
          saturday: [],
          sunday: [],
        },
        holidays: ["us-federal", "Company Days"],
        exceptions: [],
      },
      faults: [],
    });
  });

  it.each<[string, unknown]>([
    ["Windows name", "W. Europe Standard Time"],
    ["name in another letter case", "europe/berlin"],
    ["name with a space for the underscore and spaces around", " Europe/Berlin\u00a0"],
  ])("takes a zone's %s", (_, timeZone) => {
    expect(readSchedule("support", [hours({ timeZone })]).value).toMatchObject({ timeZone: "Europe/Berlin" });
  });

  it.each(["Hours", "HOURS", " hours "])("takes the RowKey %j for the weekly hours", (rowKey) => {
    const { value } = readSchedule("support", [
      hours({ rowKey, timeZone: "Europe/Berlin", MONDAY: "9:00\u201317:00" }),
    ]);
    expect(value).toMatchObject({ weekly: { monday: NINE_TO_FIVE } });
  });

  it("reads dated rows: closed without hours, else open or the hours given", () => {
    const { value, faults } = readSchedule("support", [
      exception("2026-12-25", { name: "Christmas" }),
      exception("2026-12-24", { hours: "09:00-17:00" }),
      exception("2026-12-28..2026-12-30", { hours: "open" }),
      exception("01-01", { hours: "Closed", note: "every year" }),
    ]);
    expect(faults).toEqual([]);
    expect(value?.exceptions.map(({ key, hours: open, name }) => [key, open, name])).toEqual([
      ["2026-12-25", [], "Christmas"],
      ["2026-12-24", NINE_TO_FIVE, undefined],
      ["2026-12-28..2026-12-30", [{ start: 0, end: 24 * 60 }], undefined],
      ["01-01", [], undefined],
    ]);
  });

  it("is a mere set of holidays without weekly hours, and nothing at all without rows", () => {
    expect(readSchedule("support", [exception("2026-12-25", {})]).value).not.toHaveProperty("timeZone");
    expect(readSchedule("support", [])).toEqual({ faults: [] });
  });

  it.each<[string, object, string, string, string]>([
    ["hours", { timeZone: "EST" }, "timeZone", "EST", "America/New_York"],
    ["hours", { timeZone: "Mars/Olympus" }, "timeZone", "Mars/Olympus", "Europe/Berlin"],
    ["hours", { monday: "09:00-17:00" }, "timeZone", "", "America/New_York"],
    ["hours", { timeZone: "Europe/Berlin", monday: "9-5" }, "monday", "9-5", "09:00-17:00"],
    [
      "hours",
      { timeZone: "Europe/Berlin", friday: "09:00-12:00, 11:00-13:00" },
      "friday",
      "09:00-12:00, 11:00-13:00",
      "overlap",
    ],
    ["2026-12-24", { hours: "9 to 12" }, "hours", "9 to 12", "09:00-17:00"],
    ["2026-02-30", {}, "RowKey", "2026-02-30", "28 days"],
    ["2026-12-26..2026-12-24", {}, "RowKey", "2026-12-26..2026-12-24", "2026-12-24..2026-12-26"],
    ["25.12.", {}, "RowKey", "25.12.", "2026-12-25"],
  ])("skips the row %s for %j and says what would be right", (rowKey, cells, column, found, right) => {
    const good = exception("2026-12-31", { hours: "09:00-17:00" });
    const { value, faults } = readSchedule("support", [exception(rowKey, { ...cells }), good]);
    expect(faults).toMatchObject([
      { table: "Schedules", partitionKey: "support", rowKey, column, found, skipsRow: true },
    ]);
    expect(faults[0]?.wrong).toContain(right);
    expect(value?.exceptions.map(({ key }) => key)).toEqual(["2026-12-31"]);
    expect(value).not.toHaveProperty("timeZone");
  });

  it("keeps the weekly hours when a dated row is bad", () => {
    const { value } = readSchedule("support", [
      hours({ timeZone: "Europe/Berlin", monday: "09:00-17:00" }),
      exception("Xmas", {}),
    ]);
    expect(value).toMatchObject({ weekly: { monday: NINE_TO_FIVE }, exceptions: [] });
  });

  it("reports a misspelt weekday and goes on with the others", () => {
    const { value, faults } = readSchedule("support", [
      hours({ timeZone: "Europe/Berlin", monday: "09:00-17:00", wensday: "09:00-17:00" }),
    ]);
    expect(value).toMatchObject({ weekly: { monday: NINE_TO_FIVE, wednesday: [] } });
    expect(faults).toMatchObject([
      { column: "wensday", skipsRow: false, wrong: expect.stringContaining("did you mean wednesday?") },
    ]);
  });
});
