import { describe, expect, it } from "vitest";
import { formatCsvFault } from "../../src/cli/csv/faults.ts";
import { readTableFile } from "../../src/cli/csv/table-file.ts";
import { UsageError } from "../../src/cli/exit.ts";
import type { Region } from "../../src/routing/phone-number.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const folder = useFolder();

async function read(name: string, text: string, region: Region = "US") {
  const file = await readTableFile(await folder().write(name, text), undefined, region);
  return {
    table: file.table,
    rows: [...file.rows],
    faults: file.faults.items.map(formatCsvFault),
    notes: file.notes.items.map(formatCsvFault),
    hidden: file.faults.more,
  };
}

describe("readTableFile: headings", () => {
  it("takes them in any order and letter case, and passes over Storage Explorer's own columns", async () => {
    const { rows, faults } = await read(
      "lines.csv",
      `ROWKEY,Timestamp,number@type,Number,partition key,number@odata.type\n${IDS.line},2026-01-01,String,+14255550100,LINE,Edm.String\n`,
    );
    expect(faults).toEqual([]);
    expect(rows).toEqual([
      { line: 2, keys: { partitionKey: "line", rowKey: IDS.line }, cells: { number: "+14255550100" } },
    ]);
  });

  it.each([
    [
      "an unknown one, with the one that was meant",
      "PartitionKey,RowKey,priorty",
      'found "priorty"',
      "did you mean priority?",
    ],
    ["one that stands twice", "PartitionKey,RowKey,note,Note", 'found "Note"', "two columns note"],
    ["a key that is missing", "PartitionKey,targets", "routes.csv line 1", "no column RowKey"],
  ])("reports %s", async (_, headings, ...parts) => {
    const { faults } = await read("routes.csv", `${headings}\n`);
    expect(faults).toHaveLength(1);
    for (const part of parts) expect(faults[0]).toContain(part);
  });

  it("reports an unknown one together with the mistakes in the lines below", async () => {
    const { faults } = await read(
      "routes.csv",
      "PartitionKey,RowKey,action,priorty,priority\ndefault,day,reject,5,high\n",
    );
    expect(faults).toEqual([expect.stringContaining('found "priorty"'), expect.stringContaining('found "high"')]);
  });

  it("goes no further without a column of keys", async () => {
    const { faults } = await read("routes.csv", "PartitionKey,priority\ndefault,high\n");
    expect(faults).toEqual([expect.stringContaining("no column RowKey")]);
  });

  it.each([
    ["the file's name", "lists.csv", "PartitionKey,RowKey,note", "CallerLists"],
    ["a table's own name", "CallerLists.CSV", "PartitionKey,RowKey,note", "CallerLists"],
    ["the headings", "copy of monday.csv", "PartitionKey,RowKey,targets", "Routes"],
  ])("knows the table by %s", async (_, name, headings, table) => {
    expect((await read(name, `${headings}\n`)).table).toBe(table);
  });

  it("asks for --table when headings fit several tables or none", async () => {
    await expect(read("some.csv", "PartitionKey,RowKey,note\n")).rejects.toThrow(UsageError);
    await expect(read("some.csv", "PartitionKey,RowKey,colour\n")).rejects.toThrow("--table lines");
  });
});

describe("readTableFile: lines", () => {
  it("reports every bad line at once, with line, column, what it found and what would be right", async () => {
    const { faults, rows } = await read(
      "routes.csv",
      [
        "PartitionKey;RowKey;targets;priority",
        "default;a;phone:12;100",
        "default;b;phone:+14255550101;high",
        "default;c;phone:+14255550101",
        "default;d;phone:+14255550101;1;2",
        ";e;phone:+14255550101;1",
        "default;f;phone:+14255550101;1",
        'default;g;"phone:+14255550101;1',
      ].join("\r\n"),
    );
    expect(rows.map(({ line }) => line)).toEqual([7]);
    const expected = [
      ["routes.csv line 2, column targets", 'found "phone:12"', "phone:+14255550100"],
      ["routes.csv line 3, column priority", 'found "high"', "whole number"],
      ["routes.csv line 4", "3 cells", "4 headings"],
      ["routes.csv line 5", "5 cells", "4 headings"],
      ["routes.csv line 6, column PartitionKey", 'found ""', "a line's id"],
      ["routes.csv line 8", "never closed"],
    ];
    expect(faults).toHaveLength(expected.length);
    for (const [at, parts] of expected.entries()) for (const part of parts) expect(faults[at]).toContain(part);
  });

  it("keeps the first 50 of many bad lines, and counts the others", async () => {
    const { faults, hidden } = await read("lists.csv", `PartitionKey,RowKey\n${"nobody,vip\n".repeat(60)}`);
    expect(faults).toHaveLength(50);
    expect(hidden).toBe(10);
  });

  it.each([
    ["in another spelling", "+1 (425) 555-0100,VIP"],
    ["in the same", "+14255550100,vip"],
  ])("names both lines of a row that stands twice, %s", async (_, second) => {
    const { faults } = await read("lists.csv", `PartitionKey,RowKey\n+14255550100,vip\n${second}\n`);
    expect(faults).toEqual(["lists.csv line 3: the row +14255550100/vip stands in line 2 already: keep one of them"]);
  });

  it.each([
    ["routes.csv", "PartitionKey,RowKey,targets", `4.41E+11,a,user:${IDS.adele}`, "PartitionKey"],
    ["routes.csv", "PartitionKey,RowKey,targets", "default,a,phone:4.41E+11", "targets"],
    ["routes.csv", "PartitionKey,RowKey,targets,caller", `default,a,user:${IDS.adele},"4,41E+11"`, "caller"],
    ["lists.csv", "PartitionKey,RowKey", "4.41E+11,vip", "PartitionKey"],
  ])("says that digits were lost in a spreadsheet: %s %s %s", async (name, headings, line, column) => {
    const { faults } = await read(name, `${headings}\n${line}\n`);
    expect(faults).toEqual([expect.stringContaining(`column ${column}: `)]);
    expect(faults[0]).toContain("digits lost in a spreadsheet");
  });

  it("says that a spreadsheet took a cell for a formula", async () => {
    const { faults } = await read("routes.csv", `PartitionKey,RowKey,targets\ndefault,#NAME?,user:${IDS.adele}\n`);
    expect(faults).toEqual([expect.stringContaining("took the text for a formula")]);
  });

  it.each([
    ["25/12/2026", "write 2026-12-25,"],
    ["12/25/2026", "write 2026-12-25,"],
    ["25.12.26", "write 2026-12-25,"],
    ["03/04/2026", "write 2026-04-03 or 2026-03-04,"],
    // 1 January 2000 is day 36526 of a spreadsheet's calendar.
    ["36526", "write 2000-01-01,"],
    ["46016", "write 2025-12-25,"],
    ["25-Dec", "write 12-25,"],
    ["25-Dec-26", "write 2026-12-25,"],
  ])("knows the date that a spreadsheet made of a row's key: %s", async (rowKey, advice) => {
    const { faults } = await read("schedules.csv", `PartitionKey,RowKey,hours\nholidays,${rowKey},closed\n`);
    expect(faults).toEqual([expect.stringContaining(advice)]);
  });

  it("refuses a number without its plus that may be another one", async () => {
    // Without a region, Seattle's 2065550100 reads as a number in Egypt (+20).
    const path = await folder().write("lists.csv", "PartitionKey,RowKey\n2065550100,vip\n");
    const { faults } = await readTableFile(path, undefined, undefined);
    expect(faults.items.map(formatCsvFault)).toEqual([expect.stringContaining("write it with + and country code")]);
  });

  it("notes letters that a wrong encoding has spoilt", async () => {
    const { notes, faults } = await read("lines.csv", `PartitionKey,RowKey,name\nline,${IDS.line},ZÃ¼rich\n`);
    expect(faults).toEqual([]);
    expect(notes).toEqual([expect.stringContaining("letters look spoilt")]);
  });

  it("refuses an empty file", async () => {
    expect((await read("lines.csv", "")).faults).toEqual([expect.stringContaining("the file is empty")]);
  });
});
