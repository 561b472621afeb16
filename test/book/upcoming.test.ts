import { describe, expect, it } from "vitest";
import { comingExceptions, enteredUntil } from "../../src/book/upcoming.ts";
import { dayOf, formatDay } from "../../src/routing/dates.ts";
import { aHolidaySet, aSchedule, lookupOf, NO_HOLIDAYS } from "../routing/schedules.ts";

const SHARED = aHolidaySet("bank-holidays", { "12-25": "closed", "2026-12-28": "closed" });
const SHOP = aSchedule({
  every: "09:00-17:00",
  holidays: ["bank-holidays"],
  exceptions: { "2026-12-24..2026-12-27": "09:00-12:00", "last friday": "closed" },
});

describe("comingExceptions", () => {
  const coming = (most: number) =>
    comingExceptions(SHOP, lookupOf(SHARED), dayOf(2026, 12, 1), 366, most).map(
      ({ first, last, schedule, exception }) => `${formatDay(first)} ${formatDay(last)} ${schedule}/${exception.key}`,
    );

  it("names the days and the row that counts on them, a range as one", () => {
    expect(coming(3)).toEqual([
      "2026-12-24 2026-12-27 support/2026-12-24..2026-12-27",
      "2026-12-28 2026-12-28 bank-holidays/2026-12-28",
      "2027-01-29 2027-01-29 support/last friday",
    ]);
  });

  it("begins within a range that has begun", () => {
    const [first] = comingExceptions(SHOP, lookupOf(SHARED), dayOf(2026, 12, 26), 10, 1);
    expect(first && [formatDay(first.first), formatDay(first.last)]).toEqual(["2026-12-26", "2026-12-27"]);
  });

  it("gives what a mere set of holidays holds", () => {
    const found = comingExceptions(SHARED, NO_HOLIDAYS, dayOf(2026, 12, 1), 366, 10);
    expect(found.map(({ first }) => formatDay(first))).toEqual(["2026-12-25", "2026-12-28"]);
  });
});

describe("enteredUntil", () => {
  it("takes the last date of all rows, shared ones too", () => {
    const { lastDay, recurring } = enteredUntil(SHOP, lookupOf(SHARED));
    expect([lastDay && formatDay(lastDay), recurring]).toEqual(["2026-12-28", true]);
  });

  it("knows no last day where only rows of every year stand", () => {
    expect(enteredUntil(aHolidaySet("yearly", { "12-25": "closed" }), NO_HOLIDAYS)).toEqual({ recurring: true });
  });
});
