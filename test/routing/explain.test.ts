import { describe, expect, it } from "vitest";
import { explain, nameOfDecider } from "../../src/routing/explain.ts";
import { ALICE, BOB, CAROL, type Cells, decideCall, LINE, type TypedCall } from "../support/decisions.ts";

const SCHEDULES = { office: { hours: { timeZone: "America/New_York", wednesday: "09:00-17:00" } } };

/** The sentences for a call that one rule under test, and one behind it, may decide. */
function sentences(asked: Cells, call: TypedCall = {}): string[] {
  const routes = { default: { asked: { priority: 1, targets: ALICE, ...asked }, otherwise: { targets: BOB } } };
  const lines = { [LINE]: { number: "+13035550100" } };
  return explain(decideCall({ routes, lines, schedules: SCHEDULES }, call).decision);
}

describe("explain", () => {
  it("says who decides and what it does", () => {
    expect(sentences({})).toEqual([expect.stringMatching(/^default\/asked decides: redirect to user:[^ ]+\.$/)]);
    expect(sentences({ action: "reject", reason: "forbidden" })).toEqual([
      expect.stringMatching(/^default\/asked decides: reject forbidden\.$/),
    ]);
  });

  it.each([
    [{ enabled: false }, /enabled/],
    [{ from: "2026-07-01T00:00-04:00" }, /from 2026-07-01T04:00:00\.000Z/],
    [{ until: "2026-05-01T00:00-04:00" }, /until 2026-05-01T04:00:00\.000Z/],
    [{ schedule: "!office" }, /office is open/],
    [{ schedule: "night" }, /"night"/],
    [{ caller: "+1206*" }, /other callers/],
    [{ caller: "*, !+1425*" }, /\+1425\*/],
    [{ targets: "phone:+13035550100" }, /nobody/],
  ])("says why a rule does not apply: %j", (asked, reason) => {
    const [first = "", ...others] = sentences(asked);
    expect(first).toMatch(/^default\/asked does not apply: /);
    expect(first).toMatch(reason);
    expect(others.at(-1)).toContain("default/otherwise decides");
  });

  it("says that a schedule is closed, when it is", () => {
    const [first] = sentences({ schedule: "office" }, { at: "2026-06-03T17:00:00-04:00" });
    expect(first).toContain("office is closed");
  });

  it.each([
    ["2026-06-03T17:00:00-04:00", "closed (wednesday 09:00-17:00)"],
    ["2026-12-25T12:00:00-05:00", 'closed by holidays/12-25 "Christmas"'],
    ["2026-12-24T13:00:00-05:00", "closed by office/2026-12-24 (09:00-12:00)"],
  ])("names the row that closes a schedule at %s", (at, words) => {
    const schedules = {
      office: {
        hours: { timeZone: "America/New_York", wednesday: "09:00-17:00", holidays: "holidays" },
        "2026-12-24": { hours: "09:00-12:00" },
      },
      holidays: { "12-25": { name: "Christmas" } },
    };
    const routes = {
      default: { asked: { priority: 1, schedule: "office", targets: ALICE }, otherwise: { targets: BOB } },
    };
    expect(explain(decideCall({ routes, schedules }, { at }).decision)[0]).toContain(`schedule office is ${words}`);
  });

  it("names the rule that was more specific", () => {
    const routes = { default: { everyone: { targets: BOB }, vip: { caller: "+14255550142", targets: ALICE } } };
    const [first, last] = explain(decideCall({ routes }).decision);
    expect(first).toMatch(/default\/everyone.*vip/);
    expect(last).toContain("default/vip decides");
  });

  it("says which targets were left out, and why", () => {
    const told = sentences(
      { targets: `${ALICE}, phone:+13035550100, ${BOB}` },
      { cameFrom: [BOB.replace("user:", "")] },
    );
    expect(told).toEqual([
      expect.stringMatching(/asked.*phone:\+13035550100.*called line/),
      expect.stringMatching(/asked.*user:442bf7d8.*came from/),
      expect.stringContaining("default/asked decides"),
    ]);
  });

  it.each([
    ["all", "redirect to user:"],
    ["random", "redirect to one at random of user:"],
    ["round-robin", "redirect to the next of user:"],
  ])("says how targets ring: %s", (ring, words) => {
    expect(sentences({ ring, targets: `${ALICE} x2, ${BOB}` }).at(-1)).toContain(words);
  });

  it("says that nothing applies and nobody is left", () => {
    expect(explain(decideCall({}).decision)).toEqual([expect.stringMatching(/no rule.*no fallback.*reject none/i)]);
  });

  it("gives one sentence a line, each with an end", () => {
    for (const sentence of sentences({ enabled: false, targets: `${ALICE}, ${CAROL}` })) {
      expect(sentence).toMatch(/^[^\n]+\.$/);
    }
  });
});

describe("nameOfDecider", () => {
  it.each([
    [{ kind: "rule", partition: "default", name: "night" }, "default/night"],
    [{ kind: "line-fallback" }, "the line's fallback"],
    [{ kind: "app-fallback" }, "FALLBACK_TARGET"],
    [{ kind: "nothing" }, "nothing"],
  ] as const)("%j: %s", (by, name) => {
    expect(nameOfDecider(by)).toBe(name);
  });
});
