import { describe, expect, it } from "vitest";
import { ALICE, BOB, type Cells, LINE, QUEUE } from "../support/decisions.ts";
import { inShort, mistakesIn } from "./books.ts";

const OTHER = QUEUE.replace("resource:", "");
const LINES = { [LINE]: { name: "Berlin", number: "+493012345678", site: "north" }, [OTHER]: { name: "Bonn" } };
const ring: Cells = { targets: ALICE };

function repeated(override: Readonly<Record<string, Cells>>) {
  const routes = { override, default: { a: { targets: BOB } } };
  return mistakesIn({ lines: LINES, routes }).filter(({ kind }) => kind === "same-scope");
}

describe("findMistakes, of overrides for one scope", () => {
  it("tells the one that never applies, however the line is spelled", () => {
    const findings = repeated({ "+49 30 12345678": ring, BERLIN: { targets: BOB } });
    expect(inShort(findings)).toEqual(["warning same-scope Routes override/BERLIN, column RowKey"]);
    expect(findings[0]?.says).toContain(
      '"+49 30 12345678" is for the same lines and goes first: this one never applies',
    );
    expect(inShort(repeated({ "site:north": ring, "SITE: North": { ...ring, priority: 1 } }))).toEqual([
      "warning same-scope Routes override/site:north, column RowKey",
    ]);
  });

  it("says until when the later one waits", () => {
    const [finding] = repeated({ all: { ...ring, until: "2026-07-01T00:00Z" }, All: { ...ring, priority: 200 } });
    expect(finding?.says).toContain("this one waits until 2026-07-01T00:00:00.000Z");
  });

  it.each<[string, Readonly<Record<string, Cells>>]>([
    ["are for different lines", { Berlin: ring, Bonn: ring }],
    ["are a line's and its site's", { Berlin: ring, "site:north": ring, all: ring }],
    ["differ in callers, the fewer first", { Berlin: ring, berlin: { ...ring, caller: "+1425*" } }],
    ["leave each other time", { Berlin: { ...ring, from: "2027-01-01T00:00Z" }, berlin: ring }],
    ["have lapsed but for one", { Berlin: { ...ring, until: "2026-01-01T00:00Z" }, berlin: ring }],
    ["ring the line itself first, which does not count", { Berlin: { targets: `resource:${LINE}` }, berlin: ring }],
  ])("finds nothing where two %s", (_, override) => {
    expect(repeated(override)).toEqual([]);
  });
});
