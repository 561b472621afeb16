import { describe, expect, it } from "vitest";
import { type CsvRecord, readCsv } from "../../src/cli/csv/read-csv.ts";
import { UnreadableFile } from "../../src/cli/csv/read-text.ts";
import { useFolder } from "./csv-folder.ts";

const folder = useFolder();

async function records(bytes: string | Uint8Array): Promise<CsvRecord[]> {
  const read: CsvRecord[] = [];
  for await (const record of readCsv(await folder().write("lines.csv", bytes))) read.push(record);
  return read;
}

async function cells(bytes: string | Uint8Array): Promise<(readonly string[])[]> {
  return (await records(bytes)).map((record) => record.cells);
}

const BASIC = [
  ["RowKey", "name"],
  ["1", "Zürich"],
];

/** Big-endian UTF-16 with its mark. */
function utf16be(text: string): Uint8Array {
  return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
}

describe("readCsv", () => {
  it.each([
    ["UTF-8", "RowKey,name\n1,Zürich\n"],
    ["UTF-8 with a byte order mark", "\ufeffRowKey,name\n1,Zürich\n"],
    ["Excel's Unicode text: UTF-16 with tabs", Buffer.from("\ufeffRowKey\tname\r\n1\tZürich\r\n", "utf16le")],
    ["UTF-16 big-endian", utf16be("RowKey,name\r\n1,Zürich\r\n")],
    ["UTF-16 without a mark", Buffer.from("RowKey,name\r\n1,Zürich\r\n", "utf16le")],
    ["semicolons, as where the comma is decimal", "RowKey;name\r\n1;Zürich\r\n"],
    ["tabs", "RowKey\tname\n1\tZürich\n"],
    ["line ends of an old Macintosh", "RowKey,name\r1,Zürich\r"],
    ["no line end at the end", "RowKey,name\r\n1,Zürich"],
    ["quoted headings", '"RowKey","name"\n"1","Zürich"\n'],
    ["Excel's own line that names the delimiter", "sep=;\r\nRowKey;name\r\n1;Zürich\r\n"],
    ["empty lines, and those that a spreadsheet leaves below", "\r\nRowKey,name\r\n\r\n1,Zürich\r\n,\r\n , \r\n"],
  ])("reads %s", async (_, bytes) => {
    expect(await cells(bytes)).toEqual(BASIC);
  });

  it("takes the delimiter from the headings, though cells hold more of another", async () => {
    expect(await cells('a;"b,c,d";e\n1,2,3,4;5;6\n')).toEqual([
      ["a", "b,c,d", "e"],
      ["1,2,3,4", "5", "6"],
    ]);
  });

  it("keeps delimiters, quotes and line breaks within quoted cells", async () => {
    expect(await cells('a,b\r\n"x, ""y""","1\r\n2"\r\n')).toEqual([
      ["a", "b"],
      ['x, "y"', "1\r\n2"],
    ]);
  });

  it("takes a display name as people type it into an unquoted cell", async () => {
    expect(await cells('a,b\n1,user:x "Front desk"\n')).toEqual([
      ["a", "b"],
      ["1", 'user:x "Front desk"'],
    ]);
  });

  it("says in which line of the file each record begins, past empty lines and line breaks in cells", async () => {
    const lines = (await records('a,b\r\n\r\n1,"x\r\ny\r\nz"\r\n2,x\r\n\r\n3,x')).map(({ line }) => line);
    expect(lines).toEqual([1, 3, 6, 8]);
  });

  it("reads a long file whole, and counts its lines", async () => {
    const read = await records(`a,b\n${"1,2\n".repeat(100_000)}`);
    expect(read).toHaveLength(100_001);
    expect(read.at(-1)).toEqual({ line: 100_001, cells: ["1", "2"] });
  });

  it("names the line of a quote that is never closed, and gives the lines before it", async () => {
    const path = await folder().write("lines.csv", 'a,b\n1,2\n\n3,"4\n5,6\n');
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { line } of readCsv(path)) seen.push(line);
    })();
    await expect(reading).rejects.toMatchObject({ name: "UnreadableFile", line: 4 });
    expect(seen).toEqual([1, 2]);
  });

  it("gives up on a quote that swallows a whole long file, and names its line", async () => {
    const reading = records(`a,b\n1,"2\n${"3,4\n".repeat(1_000_000)}`);
    await expect(reading).rejects.toMatchObject({ name: "UnreadableFile", line: 2 });
  });

  it("names the line of the first byte that is no UTF-8, as in a file saved for Windows", async () => {
    const latin = Buffer.concat([
      Buffer.from(`a,b\r\n${"1,plain\r\n".repeat(20_000)}`),
      Buffer.from("2,Z\xfcrich\r\n", "latin1"),
    ]);
    await expect(records(latin)).rejects.toThrow(UnreadableFile);
    await expect(records(latin)).rejects.toMatchObject({ line: 20_002, message: expect.stringContaining("CSV UTF-8") });
  });
});
