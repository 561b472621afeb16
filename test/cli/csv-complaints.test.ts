import { beforeEach, describe, expect, it } from "vitest";
import { readAllRows } from "../../src/store/row-edits.ts";
import { keyOf, readPartition, readRow } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();
const { signal } = new AbortController();

async function ringroute(...args: readonly string[]) {
  const { connectionString } = running().azurite;
  return await runCommand(args, { connectionString, cwd: folder().path, env: { DEFAULT_REGION: "GB" } });
}

beforeEach(async () => {
  for (const table of Object.values(running().tables)) {
    for await (const { partitionKey, rowKey } of readAllRows(table, signal))
      await table.deleteEntity(partitionKey, rowKey);
  }
  // Somebody answers every line.
  await running().tables.Routes.createEntity({ partitionKey: "default", rowKey: "rest", action: "reject" });
});

const numberOf = async () => (await readRow(running().tables.Lines, "line", IDS.line, signal))?.number;

describe("CSV through a spreadsheet", () => {
  it("4.41E+11 is an error, digits lost in a spreadsheet, and nothing is saved", async () => {
    await folder().write(
      "lines.csv",
      `PartitionKey,RowKey,number\nline,${IDS.line},4.41E+11\nline,${IDS.ben},+442079460961\n`,
    );
    const { code, stderr } = await ringroute("import", "lines.csv", "--yes");
    expect({ code, told: stderr }).toEqual({
      code: 1,
      told: expect.stringContaining('lines.csv line 2, column number: found "4.41E+11"; digits lost in a spreadsheet'),
    });
    expect(await readPartition(running().tables.Lines, "line", signal)).toEqual([]);
  });

  it("442079460961 is +442079460961, with a note", async () => {
    await folder().write("lines.csv", `PartitionKey,RowKey,number\nline,${IDS.line},442079460961\n`);
    const { code, stderr } = await ringroute("import", "lines.csv", "--yes");
    expect({ code, told: stderr }).toEqual({
      code: 0,
      told: expect.stringContaining("the + was lost, read as +442079460961"),
    });
    expect(await numberOf()).toBe("+442079460961");
  });

  it.each(["'+442079460961", " +442079460961", "+44 20 7946 0961"])("%j is accepted", async (cell) => {
    await folder().write("lines.csv", `PartitionKey,RowKey,number\nline,${IDS.line},${cell}\n`);
    expect((await ringroute("import", "lines.csv", "--yes")).code).toBe(0);
    await folder().write("lines.csv", `PartitionKey,RowKey,number\nline,${IDS.line},+442079460961\n`);
    const { stdout } = await ringroute("import", "lines.csv", "--json", "--yes");
    expect(JSON.parse(stdout)).toMatchObject({ plan: [{ same: 1 }], written: 0 });
  });

  it("a text that begins with = is exported inert, and comes back as it was", async () => {
    const name = '=cmd|" /C calc"!A0';
    await running().tables.Lines.createEntity({ partitionKey: "line", rowKey: IDS.line, name });
    await ringroute("export", ".");
    expect(await folder().read("lines.csv")).toContain(`"'=cmd|"" /C calc""!A0"`);
    await running().tables.Lines.deleteEntity("line", IDS.line);
    expect((await ringroute("import", "lines.csv", "--yes")).code).toBe(0);
    expect(await readRow(running().tables.Lines, "line", IDS.line, signal)).toMatchObject({ name });
  });
});

describe("table keys from CSV", () => {
  const NAMES = ["+13035550100", "ops/line@contoso.com", "O'Brien", "50% off", "a\\b", "what?", "#1", "a%2Fb", "a/b"];
  const headings = "PartitionKey,RowKey,caller,action\n";
  const rules = (name: string, index: number) =>
    [`default,"${name}",+1425555010${index},reject`, `"${name}",night,,reject`].join("\n");
  const member = (name: string, index: number) => `line,${IDS.line.slice(0, -1)}${index},"${name}"`;

  it("any name may be a rule's or a group's: created, read, found, exported, removed", async () => {
    const { Routes } = running().tables;
    await folder().write("routes.csv", `${headings}${NAMES.map(rules).join("\n")}\n`);
    await folder().write("lines.csv", `PartitionKey,RowKey,group\n${NAMES.map(member).join("\n")}\n`);
    expect(await ringroute("import", ".", "--yes")).toMatchObject({ code: 0 });
    for (const name of NAMES) {
      expect(await readRow(Routes, "default", keyOf(name), signal), name).toMatchObject({ action: "reject" });
      expect(await readPartition(Routes, keyOf(name), signal), name).toHaveLength(1);
    }
    await ringroute("export", "rows");
    const again = await ringroute("import", "rows", "--prune", "--json", "--yes");
    expect(JSON.parse(again.stdout)).toMatchObject({ plan: [{ same: 9 }, { same: 19 }, {}, {}], written: 0 });
    await folder().write("routes.csv", `${headings}default,only,,reject\n`);
    await folder().write("lines.csv", "PartitionKey,RowKey\n");
    expect(await ringroute("import", ".", "--prune", "--prune-all", "--yes")).toMatchObject({ code: 0 });
    const left: string[] = [];
    for await (const { partitionKey, rowKey } of readAllRows(Routes, signal)) left.push(`${partitionKey}/${rowKey}`);
    expect(left).toEqual(["default/only"]);
  });

  it("two names never share a key", () => {
    expect(new Set(NAMES.map(keyOf)).size).toBe(NAMES.length);
  });
});
