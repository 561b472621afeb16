import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/cli/duration.ts";
import { isWrong } from "../../src/errors.ts";

describe("parseDuration", () => {
  it.each([
    ["30m", 30],
    ["2h", 120],
    ["1h30m", 90],
    [" 1H 30M ", 90],
    ["1d", 1440],
  ])("reads %j as %i minutes", (text, minutes) => {
    expect(parseDuration(text)).toBe(minutes * 60_000);
  });

  it.each(["", "2", "0h", "-1h", "1.5h", "30m1h", "2 weeks", "9999d"])("refuses %j", (text) => {
    expect(isWrong(parseDuration(text))).toBe(true);
  });
});
