import { describe, expect, it } from "vitest";
import { ALICE, LINE } from "../support/decisions.ts";
import { inShort, mistakesIn } from "./books.ts";

const routes = { default: { a: { targets: ALICE } } };

describe("findMistakes, of cells that can never do anything", () => {
  it.each([`resource:${LINE}`, "phone:+14255550100"])(
    "warns of a line whose fallback is the line itself, as %s",
    (own) => {
      const lines = { [LINE]: { number: "+14255550100", fallback: `${ALICE}, ${own}` } };
      const findings = mistakesIn({ lines, routes });
      expect(inShort(findings)).toEqual([`warning idle-cell Lines line/${LINE}, column fallback`]);
      expect(findings[0]?.found).toBe(own);
    },
  );

  it("warns of a schedule that takes holidays from itself", () => {
    const schedules = {
      Desk: { hours: { timeZone: "Etc/UTC", monday: "09:00-17:00", holidays: "us, desk" }, "12-25": {} },
    };
    const findings = mistakesIn({ routes, schedules: { ...schedules, us: { "07-04": {} } } });
    expect(inShort(findings)).toContain("warning idle-cell Schedules Desk/hours, column holidays");
  });

  it("notes once a schedule that its dated rows are long past, and leaves last year's and every year's alone", () => {
    const past = { "2024-12-25": {}, "2023-12-24..2023-12-26": {} };
    const schedules = { us: { ...past, "2025-12-25": {}, "12-25": {} }, uk: { "2025-12-26": {} } };
    const findings = mistakesIn({ routes, schedules });
    expect(findings).toMatchObject([
      { severity: "note", kind: "expired", partitionKey: "us", found: "2 of 4 dated rows" },
    ]);
  });
});
