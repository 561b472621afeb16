import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { write } from "../../src/cli/rows/row-commands.ts";
import { openSession } from "../../src/cli/session.ts";
import type { Row } from "../../src/store/cells.ts";
import { cellsOf } from "../../src/store/layouts.ts";
import { readRow } from "../../src/store/tables.ts";
import { IDS } from "../support/rows.ts";
import { useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
const signal = new AbortController().signal;
const TARGETS = `user:${IDS.ben}`;

async function rule(name: string): Promise<Row> {
  const row = await readRow(running().tables.Routes, "changes", name, signal);
  if (row === undefined) throw new Error(`there is no rule ${name}`);
  return row;
}

const callers = new Map<string, string>();

/** A rule for a caller of its own, so that no other takes its calls. */
async function aRule(name: string, cells: Readonly<Record<string, string>> = {}): Promise<Row> {
  const caller = callers.get(name) ?? `+1425555${String(1000 + callers.size)}`;
  callers.set(name, caller);
  await writeRows(running(), { Routes: { changes: { [name]: { caller, targets: TARGETS, ...cells } } } });
  return await rule(name);
}

/** A session, and what it says on stderr. */
async function aSession() {
  const stderr = new PassThrough();
  const session = await openSession(
    { connectionString: running().azurite.connectionString },
    {
      env: {},
      cwd: "/",
      stdin: Readable.from([]),
      stdout: new PassThrough(),
      stderr,
      now: () => new Date(),
      interrupted: signal,
    },
  );
  return { session, told: () => String(stderr.read() ?? "") };
}

describe("write", () => {
  const keys = { partitionKey: "changes", rowKey: "contended" };
  const base = { table: "Routes", keys } as const;

  it("tells what somebody else changed meanwhile, column by column, and writes nothing", async () => {
    const before = await aRule("contended", { note: "first" });
    await aRule("contended", { note: "theirs", priority: "20" });
    const { session, told } = await aSession();
    const cells = { ...cellsOf("Routes", before), note: "ours" };
    expect(await write(session, { ...base, kind: "replace", cells, before })).toBe(false);
    const says = told();
    expect(says).toContain("Routes changes/contended was changed by somebody else meanwhile:");
    expect(says).toMatch(/priority +- +20\n/);
    expect(says).toMatch(/note +first +theirs\n/);
    expect(says).not.toMatch(/targets/);
    expect(cellsOf("Routes", await rule("contended"))).toMatchObject({ note: "theirs", priority: "20" });
  });

  it("removes no row that was changed meanwhile", async () => {
    const before = await aRule("contended", { note: "first" });
    await aRule("contended", { note: "theirs" });
    const { session, told } = await aSession();
    expect(await write(session, { ...base, kind: "remove", before })).toBe(false);
    expect(told()).toMatch(/note +first +theirs\n/);
    expect(cellsOf("Routes", await rule("contended"))).toMatchObject({ note: "theirs" });
  });

  it("adds no row that somebody else has added meanwhile, and shows theirs", async () => {
    await aRule("contended", { note: "theirs" });
    const { session, told } = await aSession();
    expect(await write(session, { ...base, kind: "insert", cells: { note: "ours" } })).toBe(false);
    expect(told()).toMatch(/was added by somebody else meanwhile:[\s\S]*note +- +theirs\n/);
  });

  it("brings no row back that somebody else has removed meanwhile", async () => {
    const before = await aRule("contended");
    await running().tables.Routes.deleteEntity("changes", "contended");
    const { session, told } = await aSession();
    expect(await write(session, { ...base, kind: "replace", cells: { note: "ours" }, before })).toBe(false);
    expect(told()).toContain("was removed by somebody else meanwhile");
    expect(await readRow(running().tables.Routes, "changes", "contended", signal)).toBeUndefined();
  });
});

describe("setRow", () => {
  const set = (...args: string[]) => command(["routes", "set", "changes", ...args]);

  it("never loses a change when administrators write at the same moment", async () => {
    await aRule("busy");
    const wishes = [
      ["--note", "note", "by the first"],
      ["--priority", "priority", "7"],
      ["--timeout", "timeout", "20"],
      ["--enabled", "enabled", "false"],
    ] as const;
    const runs = await Promise.all(wishes.map(([flag, , text]) => set("busy", flag, text)));
    const cells = cellsOf("Routes", await rule("busy"));
    const kept = wishes.map(([, column, text]) => cells[column] === text);
    expect(runs.map(({ code }) => code === 0)).toEqual(kept);
    expect(kept).toContain(true);
    for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain("changed by somebody else meanwhile");
  });

  it("leaves columns that are not named as they are, and those of others", async () => {
    await aRule("others", { note: "ours", colour: "red" });
    expect(await set("others", "--priority", "30")).toMatchObject({ code: 0 });
    expect(await rule("others")).toMatchObject({ note: "ours", colour: "red", priority: "30", targets: TARGETS });
  });

  it("clears a cell with an empty text", async () => {
    await aRule("cleared", { note: "gone" });
    expect(await set("cleared", "--note", "")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/note +gone +-\n/),
    });
    expect(await rule("cleared")).not.toHaveProperty("note");
  });

  it("says that there is nothing to do, and writes nothing", async () => {
    const before = await aRule("same", { priority: "30" });
    const { code, stderr } = await set("same", "--priority", " 30 ");
    expect(code).toBe(0);
    expect(stderr).toContain("Nothing to do: Routes changes/same says so already.");
    expect((await rule("same")).etag).toBe(before.etag);
  });

  it("finds a row whatever the letter case of its name", async () => {
    await aRule("Evening");
    expect(await set("EVENING", "--note", "x")).toMatchObject({ code: 0 });
    expect(await rule("Evening")).toMatchObject({ note: "x" });
  });

  it("writes keys that hold what a table key may not", async () => {
    expect(await set("a/b #1", "--caller", "+14255550143", "--targets", TARGETS)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Added Routes changes/a/b #1."),
    });
    expect(await command(["routes", "show", "changes", "a/b #1"])).toMatchObject({ code: 0 });
    expect(await command(["routes", "remove", "changes", "a/b #1", "--yes"])).toMatchObject({ code: 0 });
  });

  it("prints for a program what was, what is and whether it was written", async () => {
    await aRule("json", { note: "old" });
    const { stdout } = await set("json", "--note", "new", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      partitionKey: "changes",
      rowKey: "json",
      before: { note: "old" },
      after: { note: "new" },
      written: true,
      faults: [],
    });
  });

  it("asks for a column when none is named", async () => {
    expect(await set("json")).toMatchObject({ code: 2, stderr: expect.stringContaining("--priority, --enabled") });
  });
});
