import { describe, expect, it } from "vitest";
import { ALICE, BOB, CAROL, type Cells, decideCall, LINE, type TypedCall } from "../support/decisions.ts";

const OTHER_LINE = "0ca15291-fc36-535a-950f-454bf8a1d303";
const LINES = {
  [LINE]: { number: "(303) 555-0100", name: "Front desk", site: "Denver" },
  [OTHER_LINE]: { number: "+12065550100", name: "Workshop", site: "Seattle" },
};

function decided(override: Readonly<Record<string, Cells>>, call: TypedCall = {}) {
  const routes = { override, default: { day: { targets: BOB } } };
  return decideCall({ lines: LINES, routes }, call);
}

describe("an override", () => {
  it.each([
    ["the line's id", LINE],
    ["its id in capitals and braces", `{${LINE.toUpperCase()}}`],
    ["its number", "+13035550100"],
    ["its number as people write it", "(303) 555-0100"],
    ["its number without plus", "13035550100"],
    ["its name", "front DESK "],
    ["its site", "site:Denver"],
    ["its site, written loosely", "Site : denver"],
    ["all", "All"],
  ])("counts for %s: %s", (_what, scope) => {
    expect(decided({ [scope]: { targets: ALICE } })).toMatchObject({ does: `redirect ${ALICE}`, faults: [] });
  });

  it.each([LINE, "+13035550100", "Front desk", "site:Denver", "Denver", "site:", "everything"])(
    "for %s leaves a line elsewhere as it is",
    (scope) => {
      expect(decided({ [scope]: { targets: ALICE } }, { called: OTHER_LINE }).does).toBe(`redirect ${BOB}`);
    },
  );

  it("counts by id for a line that has no row", () => {
    const routes = { override: { [LINE]: { targets: ALICE }, "site:Denver": { targets: CAROL } } };
    expect(decideCall({ routes })).toMatchObject({ by: `override/${LINE}` });
  });

  it("of the narrowest scope wins: the line, its site, all, whatever the priorities", () => {
    const line = { [LINE]: { targets: ALICE, priority: 300 } };
    const site = { "site:Denver": { targets: CAROL, priority: 200 } };
    const all = { all: { action: "reject", priority: 1 } };
    expect(decided({ ...all, ...site, ...line }).by).toBe(`override/${LINE}`);
    expect(decided({ ...all, ...site }).by).toBe("override/site:Denver");
    expect(decided(all).by).toBe("override/all");
  });

  it("lapses by itself at until, and the next wider one counts again", () => {
    const override = {
      "site:Denver": { targets: ALICE, until: "2026-12-02T06:00-07:00" },
      all: { targets: CAROL, until: "2026-12-02T07:00-07:00" },
    };
    expect(decided(override, { at: "2026-12-02T05:59:59.999-07:00" }).by).toBe("override/site:Denver");
    expect(decided(override, { at: "2026-12-02T06:00:00-07:00" }).by).toBe("override/all");
    expect(decided(override, { at: "2026-12-02T07:00:00-07:00" }).by).toBe("default/day");
  });

  it("may reject", () => {
    expect(decided({ "site:Denver": { action: "reject", reason: "none" } }).does).toBe("reject none");
  });

  it("leaves the callers blocked whom all blocks", () => {
    const routes = {
      all: { blocked: { caller: "+14255550142", action: "reject" } },
      override: { all: { targets: ALICE } },
    };
    expect(decideCall({ routes })).toMatchObject({ by: "all/blocked", does: "reject busy" });
    expect(decideCall({ routes }, { caller: "+14255550143" })).toMatchObject({ by: "override/all" });
  });

  it("that is broken is told and skipped, and the call goes its normal way", () => {
    const broken = decided({ all: { targets: "alice" } });
    expect(broken.does).toBe(`redirect ${BOB}`);
    expect(broken.faults).toEqual([expect.stringContaining("Routes override/all, column targets")]);
  });
});
