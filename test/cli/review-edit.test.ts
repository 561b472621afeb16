import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMistakes } from "../../src/check/find-mistakes.ts";
import { placeOfFinding } from "../../src/check/finding.ts";
import { bookToCheck } from "../../src/check/read-book.ts";
import type { WholeRows } from "../../src/cli/read-rows.ts";
import { findingsAfter, refuses, reviewEdit } from "../../src/cli/rows/review-edit.ts";
import type { Row, RowTable } from "../../src/store/cells.ts";
import { type Cells, COLUMNS, cellsOf } from "../../src/store/layouts.ts";
import type { RowEdit } from "../../src/store/row-edits.ts";
import { aRow, IDS } from "../support/rows.ts";

const CONTEXT = { atMs: Date.parse("2026-11-25T16:30:00Z"), hasAppFallback: true };
const OTHER = "22222222-0000-4000-8000-000000000002";

const ROWS: WholeRows = {
  Lines: [
    aRow({ partitionKey: "line", rowKey: OTHER, name: "Sales", number: "+13035550101", group: "desk" }),
    aRow({ partitionKey: "line", rowKey: IDS.line, name: "Support", number: "+13035550100", group: "desk" }),
  ],
  Routes: [
    aRow({ partitionKey: "default", rowKey: "night", schedule: "!office", targets: `user:${IDS.ben}` }),
    aRow({ partitionKey: "desk", rowKey: "day", schedule: "office", targets: `user:${IDS.adele}` }),
    aRow({ partitionKey: OTHER, rowKey: "over", targets: `resource:${IDS.line}`, schedule: "office" }),
  ],
  Schedules: [aRow({ partitionKey: "office", rowKey: "hours", timeZone: "America/Denver", monday: "09:00-17:00" })],
};

const add = (table: RowTable, partitionKey: string, rowKey: string, cells: Cells): RowEdit => ({
  kind: "insert",
  table,
  keys: { partitionKey, rowKey },
  cells,
});

function stored(table: keyof WholeRows, rowKey: string): Row {
  const row = ROWS[table].find((each) => each.rowKey === rowKey);
  if (row === undefined) throw new Error(`there is no ${rowKey}`);
  return row;
}

function remove(table: keyof WholeRows, rowKey: string): RowEdit {
  const before = stored(table, rowKey);
  return { kind: "remove", table, keys: { partitionKey: before.partitionKey, rowKey }, before };
}

function change(table: keyof WholeRows, rowKey: string, cells: Cells): RowEdit {
  const before = stored(table, rowKey);
  const keys = { partitionKey: before.partitionKey, rowKey };
  return { kind: "replace", table, keys, cells: { ...cellsOf(table, before), ...cells }, before };
}

/** What refuses an edit, in short. */
function refusals(edit: RowEdit): string[] {
  return reviewEdit(edit, ROWS, CONTEXT)
    .findings.filter((finding) => refuses(finding, edit.kind))
    .map((finding) => `${finding.kind} ${placeOfFinding(finding)}`);
}

describe("reviewEdit", () => {
  it.each<[string, RowEdit, string[]]>([
    [
      "a number that a line has already, in whatever spelling",
      change("Lines", IDS.line, { number: "+1 (303) 555-0101" }),
      [`duplicate-number Lines line/${IDS.line}, column number`],
    ],
    [
      "rules under a line's name, where no call looks for them",
      add("Routes", "Support", "day", { targets: `user:${IDS.adele}` }),
      ["never-read Routes Support/day, column PartitionKey"],
    ],
    [
      "a rule that takes the very calls of another at the same priority",
      add("Routes", "desk", "early", { targets: `user:${IDS.ben}`, schedule: "office" }),
      ["same-conditions Routes desk/early, column RowKey"],
    ],
    [
      "a schedule that nobody wrote",
      change("Routes", "day", { schedule: "offices" }),
      ["unknown-schedule Routes desk/day, column schedule"],
    ],
    [
      "the removal of a schedule's hours, for each rule that needs them",
      remove("Schedules", "hours"),
      [
        `unknown-schedule Routes ${OTHER}/over, column schedule`,
        "unknown-schedule Routes default/night, column schedule",
        "unknown-schedule Routes desk/day, column schedule",
      ],
    ],
    [
      "the removal of a group's last rule, for each line of the group",
      remove("Routes", "day"),
      [`unknown-group Lines line/${OTHER}, column group`, `unknown-group Lines line/${IDS.line}, column group`],
    ],
  ])("refuses %s", (_, edit, expected) => {
    expect(refusals(edit).sort()).toEqual(expected.sort());
  });

  it("refuses a loop that no call escapes, and only tells one that is possible", () => {
    const back = add("Routes", IDS.line, "back", { targets: `resource:${OTHER}` });
    const always = {
      ...ROWS,
      Routes: [...ROWS.Routes, aRow({ partitionKey: OTHER, rowKey: "on", targets: `resource:${IDS.line}` })],
    };
    const loopIn = (rows: WholeRows) => reviewEdit(back, rows, CONTEXT).findings.filter(({ kind }) => kind === "loop");
    const refused = (rows: WholeRows) => loopIn(rows).map((finding) => refuses(finding, "insert"));
    expect([refused(always), refused(ROWS)]).toEqual([[true], [false]]);
  });

  it.each<[string, RowEdit, string]>([
    [
      "rules of a group that no line has yet",
      add("Routes", "later", "day", { targets: `user:${IDS.adele}` }),
      "never-read Routes later/day, column PartitionKey",
    ],
    [
      "a line's name that another has",
      change("Lines", OTHER, { name: "support" }),
      `duplicate-name Lines line/${OTHER}, column name`,
    ],
    [
      "a number that no numbering plan has",
      change("Routes", "day", { targets: "phone:+10301234567" }),
      "odd-number Routes desk/day, column targets",
    ],
  ])("only warns of %s", (_, edit, expected) => {
    const { findings } = reviewEdit(edit, ROWS, CONTEXT);
    expect(findings.map((finding) => `${finding.kind} ${placeOfFinding(finding)}`)).toEqual([expected]);
    expect(findings.map((finding) => [finding.severity, refuses(finding, edit.kind)])).toEqual([["warning", false]]);
  });

  it("names the first row of a duplicate number, and the way round of a loop", () => {
    const [number] = reviewEdit(change("Lines", IDS.line, { number: "+13035550101" }), ROWS, CONTEXT).findings;
    expect(number?.says).toContain("Sales");
    const back = add("Routes", IDS.line, "back", { targets: `resource:${OTHER}`, schedule: "office" });
    const loop = reviewEdit(back, ROWS, CONTEXT).findings.find(({ kind }) => kind === "loop");
    expect(loop?.says).toContain("Sales -> Support -> Sales");
  });

  it("tells every fault of a row alone, and then nothing of rows that would miss it", () => {
    const review = reviewEdit(change("Routes", "day", { timeout: "9", ring: "loud" }), ROWS, CONTEXT);
    expect(review.faults.map(({ column }) => column).sort()).toEqual(["ring", "timeout"]);
    expect(review.findings).toEqual([]);
  });

  it("says nothing of mistakes that were there before", () => {
    const rows = {
      ...ROWS,
      Routes: [...ROWS.Routes, aRow({ partitionKey: "default", rowKey: "zz", schedule: "nosuch" })],
    };
    expect(reviewEdit(change("Lines", IDS.line, { note: "x" }), rows, CONTEXT).findings).toEqual([]);
  });

  it("reads a caller on a list alone", () => {
    const review = reviewEdit(add("CallerLists", "+13035550199", "vip", { until: "tomorrow" }), ROWS, CONTEXT);
    expect(review.faults.map(({ column }) => column)).toEqual(["until"]);
    expect(review.findings).toEqual([]);
  });

  it("finds nothing new in a change that changes nothing", () => {
    const tables = ["Lines", "Routes", "Schedules"] as const;
    const places = tables.flatMap((table) => ROWS[table].map(({ rowKey }) => ({ table, rowKey })));
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ table, rowKey }) => {
        const review = reviewEdit(change(table, rowKey, {}), ROWS, CONTEXT);
        expect(review.after).toEqual(review.before);
        expect([...review.faults, ...review.findings]).toEqual([]);
      }),
    );
  });

  it("never throws, whatever a cell is made to hold", () => {
    fc.assert(
      fc.property(fc.constantFrom(...COLUMNS.Routes), fc.string({ unit: "binary" }), (column, text) => {
        const { faults, findings } = reviewEdit(change("Routes", "day", { [column]: text }), ROWS, CONTEXT);
        for (const { wrong } of faults) expect(wrong).not.toBe("");
        for (const { remedy } of findings) expect(remedy).not.toBe("");
      }),
    );
  });
});

describe("reviewEdit, told what a check found before", () => {
  it("finds what it finds by checking the rows itself, whatever the edit", () => {
    const someCells: fc.Arbitrary<Cells> = fc.record({
      targets: fc.constantFrom(`user:${IDS.ben}`, `resource:${IDS.line}`, `resource:${OTHER}`, "nobody"),
      caller: fc.constantFrom("*", "list:vip", "list:lost", "+1425*"),
      schedule: fc.constantFrom("", "office", "!office", "offices"),
      priority: fc.constantFrom("1", "100", "soon"),
    });
    const someEdit = fc.oneof(
      fc
        .tuple(fc.constantFrom("desk", "default", "all", IDS.line, "nowhere"), fc.constantFrom("a", "zz"), someCells)
        .map(([partition, name, cells]) => add("Routes", partition, name, cells)),
      fc
        .tuple(fc.constantFrom("night", "day", "over"), someCells)
        .map(([name, cells]) => change("Routes", name, cells)),
      fc.constantFrom("night", "day", "over").map((name) => remove("Routes", name)),
      fc.constant(remove("Schedules", "hours")),
      fc
        .record({ group: fc.constantFrom("", "desk", "lost"), number: fc.constantFrom("", "+13035550101") })
        .map((cells) => change("Lines", IDS.line, cells)),
      fc.constant(remove("Lines", OTHER)),
    );
    const lists = { sizes: new Map([["vip", { members: 2, lapsed: 1 }]]), faults: [] };
    fc.assert(
      fc.property(someEdit, fc.constantFrom({}, { lists }), (edit, known) => {
        const context = { ...CONTEXT, ...known };
        const found = findMistakes(bookToCheck(ROWS, context.lists, undefined), context);
        expect(reviewEdit(edit, ROWS, { ...context, found })).toEqual(reviewEdit(edit, ROWS, context));
      }),
      { numRuns: 300 },
    );
  });
});

describe("findingsAfter", () => {
  it("looks at changes together: a group may go with the lines that name it", () => {
    const lines = [change("Lines", OTHER, { group: "" }), change("Lines", IDS.line, { group: "" })];
    const group = remove("Routes", "day");
    expect(findingsAfter([group], ROWS, CONTEXT).map(({ kind }) => kind)).toContain("unknown-group");
    expect(findingsAfter([...lines, group], ROWS, CONTEXT).map(({ kind }) => kind)).not.toContain("unknown-group");
  });
});

describe("reviewEdit: what the table service would refuse", () => {
  it("finds a cell of more than 32,767 characters, in every table", () => {
    const faultsWith = (table: RowTable, rowKey: string, length: number) =>
      reviewEdit(add(table, "default", rowKey, { note: "x".repeat(length) }), ROWS, CONTEXT).faults.filter(
        ({ column }) => column === "note",
      );
    for (const [table, rowKey] of [
      ["Lines", OTHER],
      ["Routes", "day"],
      ["Schedules", "hours"],
      ["Schedules", "12-25"],
      ["CallerLists", "vip"],
    ] as const) {
      expect(faultsWith(table, rowKey, 32_767)).toEqual([]);
      expect(faultsWith(table, rowKey, 32_768)).toEqual([
        expect.objectContaining({ wrong: "it has 32,768 characters, and there may be at most 32,767 characters" }),
      ]);
    }
  });

  it("finds a key of more than 1,024 characters", () => {
    const { faults } = reviewEdit(add("Routes", "default", "x".repeat(1025), { action: "reject" }), ROWS, CONTEXT);
    expect(faults).toEqual([
      expect.objectContaining({ column: "RowKey", wrong: expect.stringContaining("at most 1,024 characters") }),
    ]);
  });
});
