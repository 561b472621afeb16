import { beforeAll, describe, expect, it } from "vitest";
import { isMet, parseExpected } from "../../src/cli/explain/expected.ts";
import { readBook } from "../../src/store/book.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand, runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();

const LINES = [{ partitionKey: "line", rowKey: IDS.line, number: "+14255550100", name: "Support" }];
const ROUTES = [
  { partitionKey: "all", rowKey: "blocked", caller: "list:blocked", action: "reject" },
  {
    partitionKey: IDS.line,
    rowKey: "day",
    schedule: "office",
    targets: `user:${IDS.adele} "Adele", user:${IDS.ben}`,
    priority: 10,
  },
  { partitionKey: IDS.line, rowKey: "night", targets: `resource:${IDS.queue} "Night queue"`, priority: 20 },
];
const SCHEDULES = [
  { partitionKey: "office", rowKey: "hours", timeZone: "America/Denver", friday: "09:00-17:00" },
  { partitionKey: "office", rowKey: "2026-12-25", hours: "closed" },
];

beforeAll(async () => {
  const { Lines, Routes, Schedules, CallerLists } = running().tables;
  for (const row of LINES) await Lines.createEntity(row);
  for (const row of ROUTES) await Routes.createEntity(row);
  for (const row of SCHEDULES) await Schedules.createEntity(row);
  await CallerLists.createEntity({ partitionKey: "+18005550199", rowKey: "blocked" });
});

function where() {
  return { connectionString: running().azurite.connectionString, cwd: folder().path, env: { DEFAULT_REGION: "US" } };
}

const HOLDING = [
  "To;From;At;Expected;Name",
  `Support;+12065550100;2026-12-18 10:00;user:${IDS.ben}, user:${IDS.adele};Friday in Denver`,
  "+14255550100;(206) 555-0100;2026-12-18T16:59:59-07:00;rule Support/day;its last second",
  "Support;anonymous;2026-12-18T17:00-07:00;Night queue;closing time",
  `${IDS.line};+12065550100;2026-12-25 10:00;rule night;Christmas`,
  "Support;+18005550199;2026-12-18 10:00;reject busy;",
  "Support;8005550199;2026-12-18 10:00;reject;",
].join("\r\n");

describe("ringroute expect", () => {
  it("tells that all calls go where they are expected", async () => {
    await folder().write("calls.csv", HOLDING);
    const { code, stdout, stderr } = await runProcess(["expect", "calls.csv"], where());
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Tables: .*\n$/) });
    expect(stdout).toContain("6 of 6 expectations hold.");
    expect(stdout).toMatch(/^2 +yes +Support +\+12065550100 +2026-12-18 10:00 .*Friday in Denver$/m);
  });

  it("shows how a call is decided that goes elsewhere, and ends with 1", async () => {
    await folder().write("calls.csv", `to,from,at,expected\nSupport,+12065550100,2026-12-18 08:59,rule day\n`);
    const { code, stdout } = await runCommand(["expect", "calls.csv"], where());
    expect(code).toBe(1);
    expect(stdout).toContain("Line 2 expects rule day.");
    expect(stdout).toMatch(/Support\/day .*schedule office/);
    expect(stdout).toContain("0 of 1 expectations hold.");
  });

  it("gives verdicts to a program with --json", async () => {
    await folder().write("calls.csv", "to,from,at,expected\nSupport,+12065550100,2026-12-18 10:00,reject busy\n");
    const { code, stdout } = await runCommand(["expect", "calls.csv", "--json"], where());
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { line: 2, holds: false, lineId: IDS.line, atUtc: "2026-12-18T17:00:00.000Z", decision: { kind: "redirect" } },
    ]);
  });

  it("reports every line of the file that cannot be read, and ends with 2", async () => {
    const lines = [
      "to,from,at,expected",
      "Sales,+12065550100,2026-12-18 10:00,reject",
      "Support,somebody,2026-12-18 10:00,reject",
      "Support,+12065550100,2026-02-30 10:00,reject",
      "Support,+12065550100,,reject",
      "Support,+12065550100,2026-12-18 10:00,rule noon",
      "Support,+12065550100,2026-12-18 10:00,reject rudely",
      "Support,+12065550100",
    ];
    await folder().write("calls.csv", lines.join("\n"));
    const { code, stderr } = await runCommand(["expect", "calls.csv"], where());
    expect(code).toBe(2);
    const columns = [
      ", column to: ",
      ", column from: ",
      ", column at: ",
      ", column at: ",
      ", column expected: ",
      ", column expected: ",
      ": ",
    ];
    for (const [at, column] of columns.entries()) expect(stderr).toContain(`calls.csv line ${at + 2}${column}`);
  });

  it.each([
    ["unknown headings", "to,from,at,expects\n", 'found "expects"'],
    ["no calls", "to,from,at,expected\n", "holds no expectations"],
  ])("refuses a file with %s", async (_, text, message) => {
    await folder().write("calls.csv", text);
    const { code, stderr } = await runCommand(["expect", "calls.csv"], where());
    expect({ code, told: stderr }).toEqual({ code: 2, told: expect.stringContaining(message) });
  });
});

describe("ringroute import --expect", () => {
  const call = (expected: string, from = "+12065550100") =>
    `to,from,at,expected\nSupport,${from},2026-12-18 10:00,${expected}\n`;

  it("holds calls against the rows as they would be, and writes nothing when one goes elsewhere", async () => {
    await folder().write("routes.csv", `PartitionKey,RowKey,caller,action\nall,vip,+12065550100,reject\n`);
    await folder().write("calls.csv", call("rule Support/day"));
    const { code, stderr, stdout } = await runCommand(
      ["import", "routes.csv", "--yes", "--expect", "calls.csv"],
      where(),
    );
    expect({ code, told: stderr }).toEqual({ code: 1, told: expect.stringContaining("1 expectation would not hold") });
    expect(stdout).toContain("all/vip");
    await folder().write("calls.csv", call("rule all/vip"));
    const good = await runCommand(["import", "routes.csv", "--dry-run", "--expect", "calls.csv"], where());
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining("1 of 1 expectations hold.") });
    const now = await runCommand(["expect", "calls.csv"], where());
    expect(now).toMatchObject({ code: 2, stderr: expect.stringContaining("no rule that can be read is called so") });
  });

  it.each([
    ["a caller who would be on a list", "PartitionKey,RowKey\n+12065550100,blocked\n", "+12065550100", "reject busy"],
    ["a caller who would be on none any more", "PartitionKey,RowKey\n+12065550100,vip\n", "+18005550199", "rule day"],
    [
      "a caller whose time on a list would be over",
      "PartitionKey,RowKey,until\n+18005550199,blocked,2026-01-01T00:00Z\n",
      "+18005550199",
      "rule day",
    ],
  ])("knows %s", async (_, lists, from, expected) => {
    await folder().write("lists.csv", lists);
    await folder().write("calls.csv", call(expected, from));
    const args = ["import", "lists.csv", "--prune", "--dry-run", "--expect", "calls.csv"];
    expect((await runCommand(args, where())).stdout).toContain("1 of 1 expectations hold.");
  });
});

describe("parseExpected", () => {
  const book = readBook({ Lines: LINES, Routes: ROUTES, Schedules: [] }, undefined, "US");
  const redirect = (...ids: readonly string[]) =>
    ({
      kind: "redirect",
      by: { kind: "rule", partition: IDS.line, name: "day" },
      targets: ids.map((id) => ({ kind: "user", id, weight: 1 })),
    }) as never;

  it.each([
    [`user:${IDS.adele}, user:${IDS.ben}`, true],
    [`user:${IDS.ben} "somebody" x3; user:${IDS.adele}`, true],
    [`Adele, user:${IDS.ben}`, true],
    ["adele", false],
    [`user:${IDS.adele}, user:${IDS.ben}, user:${IDS.queue}`, false],
    [`rule ${IDS.line}/DAY`, true],
    ["rule night", false],
    ["reject", false],
  ])("%s is met by ringing Adele and Ben: %s", (text, met) => {
    const expected = parseExpected(text, book, "US");
    expect("wrong" in expected ? expected.wrong : isMet(expected, redirect(IDS.adele, IDS.ben))).toBe(met);
  });

  it.each([
    ["user:adele", "has no id"],
    ["somebody", "write user:ID"],
    ["", "write user:ID"],
    ["reject rudely", "busy, forbidden, none"],
    ["rule noon", "no rule that can be read is called so"],
  ])("%j cannot be read", (text, wrong) => {
    expect(parseExpected(text, book, "US")).toEqual({ wrong: expect.stringContaining(wrong) });
  });

  it("takes a name that two targets share for neither", () => {
    const routes = [...ROUTES, { partitionKey: "default", rowKey: "x", targets: `user:${IDS.queue} "Adele"` }];
    const shared = readBook({ Lines: LINES, Routes: routes, Schedules: [] }, undefined, "US");
    expect(parseExpected("Adele", shared, "US")).toEqual({ wrong: expect.stringContaining("2 of them are called so") });
  });
});
