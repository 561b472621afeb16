import { describe, expect, it } from "vitest";
import { NEW_OVERRIDE, requestOf, scopeOf, sitesOf } from "../../../src/console/page/rows/override.ts";

describe("requestOf", () => {
  it("names the line that was found by its id, whatever it is called", () => {
    const typed = { ...NEW_OVERRIDE, line: "all", targets: "phone:+14255550111" };
    const id = "3d9f1c52-7c1e-4f0b-9a53-5c0f6b0a7e11";
    expect(requestOf(typed, id)).toEqual({ scope: id, target: "phone:+14255550111", for: "2h" });
  });
});

describe("sitesOf", () => {
  it("offers a site once, as its first line spells it, however others spell it", () => {
    const lines = ["Redmond", "Berlin", "REDMOND", " redmond ", "", undefined];
    expect(sitesOf(lines.map((site) => (site === undefined ? {} : { site })))).toEqual(["Berlin", "Redmond"]);
  });
});

describe("scopeOf", () => {
  const LINE = "3d9f1c52-7c1e-4f0b-9a53-5c0f6b0a7e11";
  const row = (rowKey: string, name = rowKey) => ({
    shown: { partitionKey: "override", rowKey },
    named: { partitionKey: "override", rowKey: name },
  });
  it.each([
    ["all lines", row("all"), "All lines"],
    ["all lines with a capital", row("All"), "All lines"],
    ["a site", row("site:Redmond"), "Site Redmond"],
    ["a site with a capital and a blank", row("Site: REDMOND"), "Site REDMOND"],
    ["a line by its name", row(LINE, "Support"), "Support"],
    ["a line that is called all", row(LINE, "all"), "all"],
  ])("names %s", (_, given, expected) => {
    expect(scopeOf(given)).toBe(expected);
  });
});
