import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAt } from "../../src/cli/at.ts";
import { isWrong } from "../../src/errors.ts";
import { formatIso } from "../../src/routing/format-moment.ts";

/** Wednesday morning in New York; the evening before in Honolulu. */
const NOW = new Date("2026-11-25T08:30:00Z");

function at(text: string, timeZone = "America/New_York"): string {
  const named = parseAt(text, timeZone, NOW);
  return isWrong(named) ? named.wrong : named.at.toISOString();
}

describe("parseAt", () => {
  it.each([
    ["2026-12-24T09:00-05:00", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24T09:00:30Z", "2026-12-24T09:00:30.000Z"],
    ["2026-12-24 09:00 +01:00", "2026-12-24T08:00:00.000Z"],
    ["2026-12-24T09:00", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24 09:00", "2026-12-24T14:00:00.000Z"],
    [" 2026-07-01  9:05 ", "2026-07-01T13:05:00.000Z"],
    ["09:00", "2026-11-25T14:00:00.000Z"],
    ["today 09:00", "2026-11-25T14:00:00.000Z"],
    ["tomorrow 09:00", "2026-11-26T14:00:00.000Z"],
    ["friday 09:00", "2026-11-27T14:00:00.000Z"],
    ["Fri 09:00", "2026-11-27T14:00:00.000Z"],
    ["tuesday 23:59", "2026-12-02T04:59:00.000Z"],
    ["wednesday 00:00", "2026-11-25T05:00:00.000Z"],
  ])("reads %j by the wall in New York", (text, moment) => {
    expect(at(text)).toBe(moment);
  });

  it("takes today from the zone's own calendar", () => {
    expect(at("09:00", "Pacific/Honolulu")).toBe("2026-11-24T19:00:00.000Z");
    expect(at("wednesday 09:00", "Pacific/Honolulu")).toBe("2026-11-25T19:00:00.000Z");
  });

  it("takes the first of two moments when the hour comes twice, and says so", () => {
    const named = parseAt("2026-11-01 01:30", "America/New_York", NOW);
    expect(named).toMatchObject({ at: new Date("2026-11-01T05:30:00Z") });
    expect(named).toHaveProperty("note", expect.stringMatching(/comes twice.*took the first.*01:30 -04:00/));
  });

  it("takes the jump itself when the clocks skip the hour, and says so", () => {
    const named = parseAt("2026-03-08 02:30", "America/New_York", NOW);
    expect(named).toMatchObject({ at: new Date("2026-03-08T07:00:00Z") });
    expect(named).toHaveProperty("note", expect.stringMatching(/does not exist.*2026-03-08 03:00 -04:00/));
  });

  it("says nothing more of a time that exists once", () => {
    expect(parseAt("2026-11-01 03:00", "America/New_York", NOW)).not.toHaveProperty("note");
  });

  it.each([
    "",
    "noon",
    "9",
    "2026-12-24",
    "2026-12-24T25:00",
    "09:60",
    "2026-02-30 09:00",
    "2026-02-30T09:00Z",
    "someday 09:00",
  ])("refuses %j", (text) => {
    expect(isWrong(parseAt(text, "America/New_York", NOW))).toBe(true);
  });

  it("reads back every whole second that it is given by the wall and the offset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"),
        (seconds, timeZone) => {
          const moment = new Date(seconds * 1000);
          expect(parseAt(formatIso(moment.getTime(), timeZone), timeZone, NOW)).toEqual({ at: moment });
        },
      ),
    );
  });
});
