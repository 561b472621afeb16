import { describe, expect, it } from "vitest";
import { isWrong } from "../../src/errors.ts";
import {
  formatFault,
  listOf,
  moment,
  oneOf,
  type RowFault,
  RowReader,
  wholeNumber,
  yesOrNo,
} from "../../src/store/cells.ts";
import { aRow } from "../support/rows.ts";

const COLUMNS = ["priority", "caller", "until", "targets", "note"] as const;

/** A row of Routes with these cells, being read. */
function reading(cells: Readonly<Record<string, unknown>>): RowReader {
  return new RowReader("Routes", aRow(cells), COLUMNS);
}

describe("RowReader.text", () => {
  it.each<[string, unknown, string]>([
    ["a text", "vip", "vip"],
    ["a whole number", 100, "100"],
    ["a number with a fraction", 1.5, "1.5"],
    ["a phone number that the tool took for an Int64", 13035550100n, "13035550100"],
    ["a boolean", true, "true"],
    ["a DateTime", new Date("2026-12-24T09:00:00Z"), "2026-12-24T09:00:00.000Z"],
    ["an Int64 with its type beside it", { value: "13035550100", type: "Int64" }, "13035550100"],
    [
      "a Guid with its type beside it",
      { value: "6d17c2f5-eac8-588b-835e-843f1323bef3", type: "Guid" },
      "6d17c2f5-eac8-588b-835e-843f1323bef3",
    ],
    ["a DateTime with its type beside it", { value: "2026-12-24T09:00:00Z", type: "DateTime" }, "2026-12-24T09:00:00Z"],
    ["nothing", null, ""],
    ["an empty text", "", ""],
    ["a date that does not exist", new Date(Number.NaN), ""],
    ["spaces around a text", "  vip \t", "vip"],
    ["non-breaking and thin spaces", "\u00a0vip\u2009callers\u202f", "vip callers"],
    ["invisible characters that copying brings along", "\ufeffvip\u200b\u200e", "vip"],
    ["Windows line breaks", "+14255550100\r\n+14255550101", "+14255550100 \n+14255550101"],
    ["an accent in two characters", "cafe\u0301", "caf\u00e9"],
  ])("reads %s as a person would type it", (_, cell, text) => {
    expect(reading({ caller: cell }).text("caller")).toBe(text);
  });

  it("finds a column in any letter case", () => {
    const read = reading({ PRIORITY: 5, Caller: "phone" });
    expect([read.text("priority"), read.text("caller")]).toEqual(["5", "phone"]);
    expect(read.faults).toEqual([]);
  });

  it("is empty for a column that the row has not got", () => {
    expect(reading({}).text("caller")).toBe("");
  });
});

describe("RowReader.faults", () => {
  it("says nothing of the columns that the table service and its tools add", () => {
    const system = {
      timestamp: "2026-11-25T15:00:00Z",
      Timestamp: "x",
      etag: "W/1",
      "odata.metadata": "x",
      "priority@odata.type": "Edm.Int64",
    };
    expect(reading(system).faults).toEqual([]);
  });

  it("reports an unknown column and goes on using the row", () => {
    const read = reading({ colour: "green", caller: "phone" });
    expect(read.usable).toBe(true);
    expect(read.text("caller")).toBe("phone");
    expect(read.faults).toMatchObject([{ column: "colour", found: "green", skipsRow: false }]);
    expect(read.faults[0]?.wrong).toContain("priority, caller, until, targets, note");
  });

  it.each([
    ["prioritty", "priority"],
    ["Target", "targets"],
    ["util", "until"],
    ["CALER", "caller"],
    ["not", "note"],
  ])("asks of the misspelt column %s whether %s was meant", (typed, meant) => {
    expect(reading({ [typed]: "x" }).faults[0]?.wrong).toContain(`did you mean ${meant}?`);
  });

  it("means the nearest column, not the first that is near", () => {
    const weekdays = new RowReader("Schedules", aRow({ sundey: "closed" }), ["monday", "sunday"]);
    expect(weekdays.faults[0]?.wrong).toContain("did you mean sunday?");
    const line = new RowReader("Lines", aRow({ nite: "x" }), ["name", "site", "note"]);
    expect(line.faults[0]?.wrong).toContain("did you mean site?");
  });

  it("refuses a row that has one column twice, since nobody knows which counts", () => {
    const read = reading({ priority: 1, Priority: 2 });
    expect(read.usable).toBe(false);
    expect(read.faults).toMatchObject([{ column: "Priority", found: "2", skipsRow: true }]);
  });

  it("names table, PartitionKey, RowKey, column, what was found and what would be right", () => {
    const read = reading({ partitionKey: "sales", rowKey: "lunch", priority: "soon" });
    expect(read.optional("priority", wholeNumber(1, 9))).toBeUndefined();
    expect(read.faults).toEqual<RowFault[]>([
      {
        table: "Routes",
        partitionKey: "sales",
        rowKey: "lunch",
        column: "priority",
        found: "soon",
        wrong: "write a whole number from 1 to 9",
        skipsRow: true,
      },
    ]);
    expect(read.usable).toBe(false);
  });

  it("shortens a long cell", () => {
    const read = reading({ priority: "9".repeat(5000) });
    read.optional("priority", wholeNumber(1, 9));
    expect(read.faults[0]?.found).toBe("9".repeat(200));
  });
});

describe("formatFault", () => {
  const fault: RowFault = {
    table: "Routes",
    partitionKey: "default",
    rowKey: "night",
    column: "timeout",
    found: "5",
    wrong: "write a whole number from 15 to 90",
    skipsRow: true,
  };

  it("makes one sentence that leads to the cell", () => {
    const sentence = formatFault(fault);
    for (const part of ["Routes", "default", "night", "timeout", '"5"', fault.wrong, "row skipped"]) {
      expect(sentence).toContain(part);
    }
  });

  it("does not claim that the row is skipped when only the cell is", () => {
    expect(formatFault({ ...fault, skipsRow: false })).not.toContain("skipped");
  });
});

describe("yesOrNo", () => {
  it.each(["true", "TRUE", "True", "yes", "Yes", "y", "1", "on", "ON"])("takes %s for yes", (text) => {
    expect(yesOrNo(text)).toBe(true);
  });

  it.each(["false", "FALSE", "no", "No", "N", "0", "off", "Off"])("takes %s for no", (text) => {
    expect(yesOrNo(text)).toBe(false);
  });

  it.each(["ja", "2", "x", "enabled"])("refuses %s", (text) => {
    expect(yesOrNo(text)).toEqual({ wrong: "write true or false" });
  });
});

describe("wholeNumber", () => {
  it.each<[string, number]>([
    ["15", 15],
    ["90", 90],
    ["+20", 20],
    ["030", 30],
    ["30.0", 30],
  ])("reads %s as %d", (text, number) => {
    expect(wholeNumber(15, 90)(text)).toBe(number);
  });

  it.each(["14", "91", "20.5", "1e2", "20 s", "twenty", "1,000", "0x20", "-20", "Infinity"])("refuses %s", (text) => {
    expect(wholeNumber(15, 90)(text)).toEqual({ wrong: "write a whole number from 15 to 90" });
  });
});

describe("oneOf", () => {
  const ring = oneOf(["all", "random", "round-robin"]);

  it.each([
    "round-robin",
    "Round-Robin",
    "round robin",
    "round_robin",
    "RoundRobin",
    "round\u2013robin",
    "round\u2011robin",
  ])("reads %s as round-robin", (text) => {
    expect(ring(text)).toBe("round-robin");
  });

  it("names what may be written", () => {
    expect(ring("both")).toEqual({ wrong: "write all, random, round-robin" });
  });
});

describe("listOf", () => {
  it.each(["1,2,3", "1; 2; 3", "1\n2\n3", " 1 , ,2,3, "])("reads %j as three entries", (text) => {
    expect(listOf(wholeNumber(1, 9))(text)).toEqual([1, 2, 3]);
  });

  it("says of the first wrong entry what would be right", () => {
    expect(listOf(wholeNumber(1, 9))("1, ten, 3")).toEqual({ wrong: "write a whole number from 1 to 9" });
  });
});

describe("moment", () => {
  it.each([
    ["2026-12-24T09:00-05:00", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24T09:00:00-05:00", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24T09:00:00.25Z", "2026-12-24T09:00:00.250Z"],
    ["2026-12-24 09:00 -05:00", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24T09:00-0500", "2026-12-24T14:00:00.000Z"],
    ["2026-12-24t09:00z", "2026-12-24T09:00:00.000Z"],
    ["2026-12-24T09:00\u221205:00", "2026-12-24T14:00:00.000Z"],
    ["2026\u201312\u201324T09:00+01:00", "2026-12-24T08:00:00.000Z"],
    ["2026-12-24T24:00Z", "2026-12-25T00:00:00.000Z"],
    ["2028-02-29T00:00+00:00", "2028-02-29T00:00:00.000Z"],
  ])("reads %s", (text, utc) => {
    expect(moment(text)).toBe(Date.parse(utc));
  });

  it.each(["2026-12-24", "2026-12-24T09:00", "2026-12-24 09:00:00"])(
    "refuses %s, and says that the offset is missing",
    (text) => {
      expect(moment(text)).toEqual({ wrong: expect.stringContaining("without an offset") });
    },
  );

  it.each([
    "2026-02-29T09:00Z",
    "2026-04-31T09:00+02:00",
    "2026-13-01T00:00Z",
    "2026-12-24T25:00Z",
    "2026-12-24T09:60Z",
    "24.12.2026 09:00",
    "12/24/2026 9:00 AM",
    "tomorrow",
    "1798102800",
  ])("refuses %s, and shows how a moment is written", (text) => {
    expect(isWrong(moment(text))).toBe(true);
    expect(moment(text)).toEqual({ wrong: expect.stringContaining("2026-12-24T09:00-05:00") });
  });
});
