import { describe, expect, it } from "vitest";
import { readRow } from "../../src/store/tables.ts";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { BOULDER, ON_CALL, useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
/** Wednesday, 09:30 in Denver. */
const NOW = new Date("2026-11-25T16:30:00Z");
const NEW_LINE = "33333333-0000-4000-8000-000000000003";
const lines = (...args: string[]) => command(["lines", ...args], { now: NOW });
const stored = (id: string) => readRow(running().tables.Lines, "line", id, new AbortController().signal);

describe("ringroute lines list", () => {
  it("shows each line with its number as people read it, as a process of its own", async () => {
    const { code, stdout, stderr } = await runProcess(["lines", "list"], {
      connectionString: running().azurite.connectionString,
    });
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "Line       Number           Group     Site     Rules  Fallback",
      "Sales      +1 303 555 0101            Denver   0      On call",
      "Support    +1 303 555 0100  helpdesk  Denver   0",
      "Warehouse                             Boulder  0",
      "",
    ]);
    expect(stderr).toContain("Tables: http://127.0.0.1:");
  });

  it("shows the override in force, and until when", async () => {
    const until = "2026-12-01T06:00-07:00";
    await writeRows(running(), {
      Routes: {
        override: {
          "site:Denver": { targets: `phone:${ON_CALL} "Snow desk"`, until },
          [BOULDER]: { action: "reject", until: "2026-11-01T00:00Z" },
        },
      },
    });
    const { stdout } = await lines("list");
    expect(stdout).toMatch(/^Support .* Snow desk, until Tue 2026-12-01 \d\d:00 [+-]\d\d:\d\d$/m);
    expect(stdout).toMatch(/^Warehouse +Boulder +0$/m);
  });

  it("lists a row with a mistake, and says what is wrong", async () => {
    await writeRows(running(), { Lines: { line: { [NEW_LINE]: { name: "Lobby", number: "555", colour: "red" } } } });
    const { code, stdout } = await lines("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Lobby .*\n? *.*number "555": write it as \+14255550100$/m);
    const parsed: { stored: Record<string, string>; faults: { column: string }[] }[] = JSON.parse(
      (await lines("list", "--json")).stdout,
    );
    const lobby = parsed.find((row) => row.stored.RowKey === NEW_LINE);
    expect(lobby?.stored).toEqual({
      PartitionKey: "line",
      RowKey: NEW_LINE,
      name: "Lobby",
      number: "555",
      colour: "red",
    });
    expect(lobby?.faults.map(({ column }) => column).sort()).toEqual(["colour", "number"]);
    await running().tables.Lines.deleteEntity("line", NEW_LINE);
  });
});

describe("ringroute lines show", () => {
  it("names the rules of the line's group", async () => {
    const { stdout } = await command(["lines", "show", "Support"]);
    expect(stdout).toContain("It has no rules of its own.\nRules of its group, helpdesk: day, night.\n");
  });

  it.each(["Support", "support", "+13035550100", "+1 (303) 555-0100", IDS.line, IDS.line.toUpperCase()])(
    "finds a line by %s",
    async (typed) => {
      const { code, stdout } = await lines("show", typed);
      expect(code).toBe(0);
      expect(stdout).toContain(`Lines line/${IDS.line}`);
      expect(stdout).toMatch(/group +helpdesk/);
    },
  );

  it("says how lines are called when none is called so", async () => {
    expect(await lines("show", "Reception")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"Reception".*no line has that id, number or name.*Support/),
    });
  });
});

describe("ringroute lines set", () => {
  it("refuses a number that another line has, names that line, and writes nothing", async () => {
    const { code, stderr } = await lines("set", "Warehouse", "--number", "+1 303-555-0100");
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*\+13035550100 is already the number of .*\(Support\)/);
    expect(await stored(BOULDER)).not.toHaveProperty("number");
  });

  it("adds a line by its id, in the one spelling that calls look for", async () => {
    const { code, stderr } = await lines("set", `{${NEW_LINE.toUpperCase()}}`, "--name", "Lobby", "--site", "Boulder");
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`Added Lines line/${NEW_LINE}.`),
    });
    expect(await stored(NEW_LINE)).toMatchObject({ name: "Lobby", site: "Boulder" });
    expect(await lines("remove", "Lobby", "--yes")).toMatchObject({ code: 0 });
    expect(await stored(NEW_LINE)).toBeUndefined();
  });

  it("refuses a fallback that cannot ring", async () => {
    const { code, stderr } = await lines("set", "Support", "--fallback", "somebody");
    expect(code).toBe(1);
    expect(stderr).toContain('fallback is "somebody"; "somebody" is no target');
  });
});

describe("ringroute lines remove", () => {
  it("asks first, and removes nothing where nobody can answer", async () => {
    const { code, stdout, stderr } = await lines("remove", "Warehouse");
    expect(code).toBe(2);
    expect(stdout).toMatch(/site +Boulder/);
    expect(stderr).toContain("--yes");
    expect(await stored(BOULDER)).toBeDefined();
  });
});
