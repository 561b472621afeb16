import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headingsOf } from "../../src/cli/csv/headings.ts";
import { sizeOf, TablePlanner } from "../../src/cli/csv/plan.ts";
import { FILE_NAMES, readTableFile } from "../../src/cli/csv/table-file.ts";
import { csvText, recordOf } from "../../src/cli/csv/write-csv.ts";
import { type Row, type RowTable, TABLES } from "../../src/store/cells.ts";
import { keyOf } from "../../src/store/tables.ts";
import { useFolder } from "./csv-folder.ts";

const folder = useFolder();

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "=1+1",
    "+1 is a plus",
    "-",
    "@here",
    "\t=1",
    "'=1",
    "2026-12-25",
    "0123",
    'say "hi", then',
    "a;b",
    "a\r\nb",
  ),
);
/** A name as a table holds it, but for those that only a spreadsheet makes (`4.41E+11`, `#NAME?`), which are refused. */
const anyKey = anyText.filter((text) => text.trim() !== "" && !/E\+\d|^\s*#/.test(text)).map(keyOf);
const number = fc.constantFrom("+14255550100", "+442079460961", "+33123456789", "(425) 555-0101", "14255550102");
const id = fc.uuid();
const targets = fc.oneof(
  id.map((each) => `user:${each} "A, B"`),
  fc.constant("phone:+14255550100, phone:+442079460961 x3"),
);

/** Rows of each table that calls can read, as they may stand in it. */
const rowOf: Readonly<Record<RowTable, fc.Arbitrary<Row>>> = {
  Lines: fc.record({
    partitionKey: fc.constant("line"),
    rowKey: id,
    number,
    name: anyText,
    group: anyText,
    note: anyText,
  }),
  Routes: fc.record({
    partitionKey: fc.oneof(fc.constantFrom("default", "All", "override"), id, anyKey),
    rowKey: fc.oneof(anyKey, fc.constantFrom("100%", "a%2Fb", " night ")),
    priority: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constant("100")),
    enabled: fc.constantFrom(true, false, "TRUE", "yes"),
    caller: fc.constantFrom("*", "+1425*", "+14255550100", "list:vip, !anonymous"),
    targets,
    note: anyText,
  }),
  Schedules: fc.oneof(
    fc.record({
      partitionKey: anyKey,
      rowKey: fc.constantFrom("hours", "Hours"),
      timeZone: fc.constantFrom("Europe/Paris", "Pacific Standard Time"),
      monday: fc.constantFrom("", "09:00-12:30, 13:30-17:00"),
      note: anyText,
    }),
    fc.record({
      partitionKey: anyKey,
      rowKey: fc.constantFrom("2026-12-25", "12-25", "2026-12-24..2026-12-26", "last friday"),
      hours: fc.constantFrom("closed", "open", "09:00-12:00"),
      name: anyText,
    }),
  ),
  CallerLists: fc.record({
    partitionKey: fc.oneof(fc.constantFrom("+14255550100", "+442079460961", "1064"), id),
    rowKey: anyKey,
    until: fc.constantFrom("", "2026-12-24T09:00-05:00"),
    note: anyText,
  }),
};

/** What an import would do that is given just what an export wrote. */
async function planOfExport(table: RowTable, rows: readonly Row[]) {
  const text = csvText([headingsOf(table), ...rows.map((row) => recordOf(table, row))]);
  const file = await readTableFile(await folder().write(FILE_NAMES[table], text), undefined, "US");
  const planner = new TablePlanner(file, { prune: true, region: "US" });
  for (const row of rows) planner.see(row);
  return { faults: file.faults.items, plan: planner.finish() };
}

describe("export and import", () => {
  it.each(TABLES)("an import of what was exported from %s plans nothing, whatever the rows hold", async (table) => {
    const rows = fc.uniqueArray(rowOf[table], {
      maxLength: 20,
      // The same row in two spellings is a mistake, and is refused.
      selector: ({ partitionKey, rowKey }) => JSON.stringify([partitionKey, rowKey]).toLowerCase().replace(/\s/g, ""),
    });
    await fc.assert(
      fc.asyncProperty(rows, async (stored) => {
        const { faults, plan } = await planOfExport(table, stored);
        expect(faults).toEqual([]);
        expect(sizeOf(plan)).toBe(0);
        expect(plan.same).toBe(stored.length);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps rows under keys that nobody would type now", async () => {
    const route = (partitionKey: string, rowKey: string) => ({ partitionKey, rowKey, action: "reject" });
    const stored = [
      route("default", "100%"),
      route("default", "a%2fb"),
      route("ALL", "x"),
      route("default", " night "),
    ];
    const { plan, faults } = await planOfExport("Routes", stored);
    expect({ faults, size: sizeOf(plan), same: plan.same }).toEqual({ faults: [], size: 0, same: 4 });
  });

  it("tells apart keys that differ only in what is escaped", async () => {
    const stored = ["a/b", "a%2Fb", "a%252Fb"].map((name) => ({
      partitionKey: "default",
      rowKey: keyOf(name),
      action: "reject",
    }));
    const { plan, faults } = await planOfExport("Routes", stored);
    expect({ faults, same: plan.same }).toEqual({ faults: [], same: 3 });
  });
});
