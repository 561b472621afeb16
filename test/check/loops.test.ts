import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALICE, BOB, type Cells, decideCall, type TypedRows, type TypedTable } from "../support/decisions.ts";
import { mistakesIn, NOW } from "./books.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000001`) as [
  string,
  string,
  string,
];
const LINES = {
  [A]: { name: "Reception", number: "+14255550101" },
  [B]: { name: "Sales", number: "+14255550102", group: "team" },
  [C]: { name: "Service" },
};
const MONDAYS = { hours: { timeZone: "Etc/UTC", monday: "09:00-17:00" } };
const SCHEDULES = { desk: MONDAYS, other: MONDAYS };

function loops(routes: TypedTable, lines: NonNullable<TypedRows["lines"]> = LINES) {
  return mistakesIn({ lines, routes, schedules: SCHEDULES }).filter(({ kind }) => kind === "loop");
}

const to = (id: string, cells: Cells = {}): Cells => ({ targets: `resource:${id}`, ...cells });

describe("findMistakes, of calls that go round", () => {
  it("prints the way round, with the rules that lead it", () => {
    expect(loops({ [A]: { on: to(B) }, [B]: { back: { targets: "phone:+14255550101" } } })).toMatchObject([
      {
        severity: "error",
        partitionKey: A,
        rowKey: "on",
        column: "targets",
        says: `Calls go round Reception -> Sales -> Reception: Reception -> Sales by ${A}/on; Sales -> Reception by ${B}/back.`,
      },
    ]);
  });

  it("follows a line's own rules, its group's, default's and all's", () => {
    const routes = { [A]: { on: to(B) }, team: { on: to(C) }, default: { on: to(A) } };
    expect(loops(routes)).toMatchObject([{ severity: "error", found: "Reception -> Sales -> Service -> Reception" }]);
    expect(loops({ all: { on: to(A) }, [A]: { on: to(B) } })).toMatchObject([
      { severity: "error", found: "Reception -> Sales -> Reception" },
    ]);
  });

  it.each<[string, Cells, string]>([
    ["a schedule", { schedule: "desk" }, "when desk is open"],
    ["callers", { caller: "phone" }, "when the caller is phone"],
    ["a window", { until: "2027-01-01T00:00Z" }, "when it is before 2027-01-01T00:00:00.000Z"],
    ["others who ring as well", { targets: `resource:${B}, ${ALICE}` }, "when nobody else answers first"],
    ["a choice", { targets: `resource:${B}, ${ALICE}`, ring: "random" }, "when its turn comes"],
  ])("only warns where the way depends on %s", (_, cells, when) => {
    const [loop] = loops({ [A]: { on: to(B, cells) }, [B]: { back: to(A) } });
    expect(loop).toMatchObject({ severity: "warning" });
    expect(loop?.says).toContain(`by ${A}/on ${when};`);
  });

  it("only warns where an earlier rule may take the call, or a fallback leads on", () => {
    const first = { first: { targets: ALICE, caller: "+1425*", priority: 1 } };
    expect(loops({ [A]: { ...first, on: to(B) }, [B]: { back: to(A) } })[0]?.says).toContain(
      "when no earlier rule decides",
    );
    const refused = { on: { targets: ALICE, fallback: `resource:${B}` } };
    expect(loops({ [A]: refused, [B]: { back: to(A) } })[0]?.says).toContain("when Graph refuses the targets");
    const byFallback = { ...LINES, [A]: { ...LINES[A], fallback: `resource:${B}` } };
    expect(loops({ [B]: { back: to(A) } }, byFallback)).toMatchObject([
      { severity: "error", found: "Reception -> Sales -> Reception" },
    ]);
  });

  it.each<[string, TypedTable]>([
    [
      "is behind one that takes every call",
      { [A]: { first: { targets: BOB, priority: 1 }, on: to(B) }, [B]: { back: to(A) } },
    ],
    ["is switched off", { [A]: { on: to(B, { enabled: "no" }) }, [B]: { back: to(A) } }],
    [
      "leads to the line itself, which is left out",
      { default: { on: to(A), upon: { targets: ALICE, priority: 200 } } },
    ],
    ["leads on and not back", { [A]: { on: to(B) }, [B]: { on: to(C) }, [C]: { on: { targets: ALICE } } }],
  ])("finds no loop where a rule %s", (_, routes) => {
    expect(loops(routes)).toEqual([]);
  });

  it("finds no loop behind two rules that share a schedule's time, wherever they stand", () => {
    const open = { targets: ALICE, schedule: "desk", priority: 1 };
    const closed = { targets: BOB, schedule: "!desk", priority: 2 };
    const back = { [B]: { back: to(A) } };
    expect(loops({ ...back, [A]: { open, closed, on: to(B) } })).toEqual([]);
    expect(loops({ ...back, [A]: { open }, default: { closed, on: to(B) } })).toEqual([]);
    const byFallback = { ...LINES, [A]: { ...LINES[A], fallback: `resource:${B}` } };
    expect(loops({ ...back, [A]: { open, closed } }, byFallback)[0]?.says).toContain("when Graph refuses the targets");
  });

  it.each<[string, Cells, Cells]>([
    ["only one half is there", {}, { schedule: "desk" }],
    ["one takes some callers", {}, { schedule: "!desk", caller: "phone" }],
    ["one ends", {}, { schedule: "!desk", until: "2027-01-01T00:00Z" }],
    ["their schedules are two", {}, { schedule: "!other" }],
  ])("warns of the loop behind two rules where %s", (_, first, second) => {
    const open = { targets: ALICE, schedule: "desk", priority: 1, ...first };
    const closed = { targets: BOB, priority: 2, ...second };
    expect(loops({ [A]: { open, closed, on: to(B) }, [B]: { back: to(A) } })).toMatchObject([{ severity: "warning" }]);
  });

  it("is not misled by a list of callers to reject, which stops no others", () => {
    const blocked = { all: { blocked: { action: "reject", caller: "list:blocked" } } };
    expect(loops({ ...blocked, [A]: { on: to(B) }, [B]: { back: to(A) } })).toMatchObject([{ severity: "error" }]);
  });

  it("tells of each loop once, and of none that only leads into one", () => {
    const routes = { [A]: { on: to(B) }, [B]: { on: to(A) }, [C]: { on: to(A) } };
    expect(loops(routes)).toHaveLength(1);
  });

  it("finds a loop wherever calls, followed line by line, come back", () => {
    const rule = fc.tuple(
      fc.constantFrom(A, B, C, "team", "default", "all"),
      fc.constantFrom("x", "y"),
      fc.constantFrom(A, B, C, ""),
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 7 }), (rules) => {
        const routes: Record<string, Record<string, Cells>> = {};
        for (const [partition, name, target] of rules) {
          const cells = target === "" ? { targets: ALICE } : to(target);
          routes[partition] = { ...routes[partition], [name]: { ...cells, priority: name === "x" ? 1 : 2 } };
        }
        const rows = { lines: LINES, routes };
        const goesRound = [A, B, C].some((start) => comesBack(start, rows));
        const severities = new Set(loops(routes).map(({ severity }) => severity));
        expect([...severities]).toEqual(goesRound ? ["error"] : []);
      }),
      { numRuns: 500 },
    );
  });
});

/** Follows a call from line to line, each deciding as if it were new. */
function comesBack(start: string, rows: TypedRows): boolean {
  const seen = new Set<string>();
  for (let line: string | undefined = start; line !== undefined; ) {
    if (seen.has(line)) return true;
    seen.add(line);
    const { decision } = decideCall(rows, { called: line, at: NOW });
    const next: string | undefined = decision.kind === "redirect" ? decision.targets[0].id : undefined;
    line = next !== undefined && next in LINES ? next : undefined;
  }
  return false;
}
