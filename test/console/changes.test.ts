import { beforeEach, describe, expect, it } from "vitest";
import type { ImportAnswer, ReviewAnswer, RowsAnswer, RowView, WriteAnswer } from "../../src/console/api/changing.ts";
import type { LinesAnswer, StateAnswer } from "../../src/console/api/looking.ts";
import { isSystemColumn, type RowTable } from "../../src/store/cells.ts";
import { readRow } from "../../src/store/tables.ts";
import { useFolder } from "../cli/csv-folder.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { useConsole } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";

const OTHERS = ["6d17c2f5-eac8-588b-835e-843f1323bef3", "22222222-0000-4000-8000-000000000002"] as const;

const folder = useFolder();
const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeEach(async () => {
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support", group: "care" } },
    Routes: {
      "care/day": { targets: "phone:+14255550111", schedule: "office", note: "As agreed" },
      "care/night": { targets: "phone:+14255550112", priority: "200" },
    },
    Schedules: { "office/hours": { timeZone: "America/Denver", wednesday: "09:00-17:00" } },
    CallerLists: { "+14255550142/vip": { note: "Rings often" } },
  });
  // What was read before the rows were filled is no longer fresh.
  page().wait(6);
  await page().get("lines");
});

async function stored(table: RowTable, partitionKey: string, rowKey: string) {
  const row = await readRow(azurite().tables[table], partitionKey, rowKey, new AbortController().signal);
  if (row === undefined) return undefined;
  return Object.fromEntries(Object.entries(row).filter(([column]) => !isSystemColumn(column)));
}

async function rowAt(table: RowTable, partitionKey: string, rowKey: string): Promise<RowView> {
  page().wait(6);
  const { rows } = await page().get<RowsAnswer>(`rows?table=${table}`);
  const row = rows.find(({ keys }) => keys.partitionKey === partitionKey && keys.rowKey === rowKey);
  if (row === undefined) throw new Error(`the page does not show ${partitionKey}/${rowKey}`);
  return row;
}

async function review(table: RowTable, { keys, etag }: Pick<RowView, "keys" | "etag">, cells: object | null) {
  return await page().post<ReviewAnswer>("review", { table, keys, cells, etag });
}

const write = (ticket: string | undefined) => page().post<WriteAnswer>("write", { ticket });
const undo = (id: string) => page().post<WriteAnswer>("undo", { undo: id });

describe("POST /api/review", () => {
  it("shows the row before and after, and writes nothing", async () => {
    const row = await rowAt("Routes", "care", "day");
    const { before, after, faults, problems } = await review("Routes", row, { ...row.cells, priority: "50" });
    expect({ before, after }).toEqual({
      before: { targets: "phone:+14255550111", schedule: "office", note: "As agreed" },
      after: { targets: "phone:+14255550111", schedule: "office", note: "As agreed", priority: "50" },
    });
    expect({ faults, problems }).toEqual({ faults: [], problems: [] });
    expect(await stored("Routes", "care", "day")).not.toHaveProperty("priority");
  });

  it("names the column of a cell that cannot be read, and gives no ticket", async () => {
    const row = await rowAt("Routes", "care", "day");
    const { ticket, faults } = await review("Routes", row, { ...row.cells, timeout: "soon" });
    expect(ticket).toBeUndefined();
    expect(faults).toEqual([{ column: "timeout", found: "soon", wrong: expect.stringContaining("15 to 90") }]);
  });

  it("gives no ticket for a change that the rows together would suffer from, and says which row does", async () => {
    const row = await rowAt("Routes", "care", "day");
    const { ticket, problems } = await review("Routes", row, { ...row.cells, schedule: "offce" });
    expect(ticket).toBeUndefined();
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: "unknown-schedule", keys: { partitionKey: "care", rowKey: "day" } }),
    );
  });

  it("names the row as people know it: an override of a line by the line's name", async () => {
    const keys = { partitionKey: "override", rowKey: LINE };
    const cells = { targets: "phone:+14255550150" };
    const { place, ticket } = await page().post<ReviewAnswer>("review", { table: "Routes", keys, cells });
    expect(place).toBe("Routes override/Support");
    await write(ticket);
    const { undoable } = await page().get<StateAnswer>("state");
    expect(undoable[0]).toMatchObject({ says: "Added Routes override/Support" });
  });

  it("gives no ticket where nothing would change", async () => {
    const row = await rowAt("Routes", "care", "day");
    expect(await review("Routes", row, row.cells)).not.toHaveProperty("ticket");
  });

  it("tells of somebody else's change instead, with the row as it is now", async () => {
    const row = await rowAt("Routes", "care", "day");
    await azurite().tables.Routes.updateEntity({ partitionKey: "care", rowKey: "day", note: "Mine" }, "Merge");
    const changed = await page().refusalOf("review", {
      table: "Routes",
      ...row,
      cells: { ...row.cells, note: "My own" },
    });
    expect(changed).toMatchObject({ status: 409, theirs: { note: "Mine", schedule: "office" } });
    await azurite().tables.Routes.deleteEntity("care", "day");
    const removed = await page().refusalOf("review", { table: "Routes", ...row, cells: null });
    expect(removed).toMatchObject({ status: 409, theirs: null });
  });

  it("takes the keys of a new row as they are typed, and does not write over a row that is there", async () => {
    const typed = { partitionKey: "Care", rowKey: "weekend" };
    const { keys } = await page().post<ReviewAnswer>("review", {
      table: "Routes",
      keys: typed,
      cells: { targets: "phone:+14255550113", priority: "300", caller: "anonymous" },
    });
    expect(keys).toEqual({ partitionKey: "care", rowKey: "weekend" });
    const taken = { table: "Routes", keys: { partitionKey: "care", rowKey: "Night" }, cells: { action: "reject" } };
    expect(await page().refusalOf("review", taken)).toMatchObject({ status: 409, theirs: { priority: "200" } });
    const listed = { table: "CallerLists", keys: { partitionKey: "(425) 555-0142", rowKey: "VIP" }, cells: {} };
    expect(await page().refusalOf("review", listed)).toMatchObject({ status: 409, theirs: { note: "Rings often" } });
  });
});

describe("POST /api/write", () => {
  it("writes what was reviewed, and the page shows it at once", async () => {
    const row = await rowAt("Routes", "care", "day");
    const { ticket } = await review("Routes", row, { ...row.cells, targets: "phone:+14255550119" });
    expect((await write(ticket)).rows).toBe(1);
    expect(await stored("Routes", "care", "day")).toMatchObject({ targets: "phone:+14255550119" });
    const { lines } = await page().get<LinesAnswer>("lines");
    expect(lines.map(({ now }) => now.who)).toEqual(["+1 425 555 0119"]);
    const { undoable } = await page().get<StateAnswer>("state");
    expect(undoable[0]).toMatchObject({ says: "Changed Routes care/day" });
  });

  it("writes once: a ticket that was used writes nothing more", async () => {
    const row = await rowAt("Routes", "care", "night");
    const { ticket } = await review("Routes", row, null);
    await write(ticket);
    await azurite().tables.Routes.createEntity({ partitionKey: "care", rowKey: "night", action: "reject" });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({ status: 409 });
    expect(await stored("Routes", "care", "night")).toEqual({ action: "reject" });
  });

  it("does not write what was reviewed ten minutes ago", async () => {
    const row = await rowAt("Routes", "care", "night");
    const { ticket } = await review("Routes", row, { ...row.cells, priority: "300" });
    page().wait(599);
    const { ticket: later } = await review("Routes", row, { ...row.cells, priority: "301" });
    page().wait(1);
    expect(await page().refusalOf("write", { ticket })).toMatchObject({ status: 409 });
    await write(later);
    expect(await stored("Routes", "care", "night")).toMatchObject({ priority: "301" });
  });

  it("does not write over what somebody else made of the row since the review, and shows that", async () => {
    const row = await rowAt("Routes", "care", "day");
    const { ticket } = await review("Routes", row, { ...row.cells, targets: "phone:+14255550119" });
    await azurite().tables.Routes.updateEntity({ partitionKey: "care", rowKey: "day", note: "Theirs" }, "Merge");
    const refusal = await page().refusalOf("write", { ticket });
    expect(refusal).toMatchObject({ status: 409, theirs: { note: "Theirs", targets: "phone:+14255550111" } });
    expect(await stored("Routes", "care", "day")).toMatchObject({ note: "Theirs", targets: "phone:+14255550111" });
  });

  it("keeps columns that are none of ours", async () => {
    await azurite().tables.Routes.updateEntity({ partitionKey: "care", rowKey: "day", ticketNo: 17 }, "Merge");
    const row = await rowAt("Routes", "care", "day");
    await write((await review("Routes", row, { ...row.cells, note: "" })).ticket);
    expect(await stored("Routes", "care", "day")).toMatchObject({ ticketNo: 17 });
    expect(await stored("Routes", "care", "day")).not.toHaveProperty("note");
  });
});

describe("POST /api/undo", () => {
  it.each([
    ["a change", { note: "Other" }],
    ["a removal", null],
  ])("puts the row back after %s", async (_, cells) => {
    const row = await rowAt("Routes", "care", "night");
    const before = await stored("Routes", "care", "night");
    const done = await write((await review("Routes", row, cells && { ...row.cells, ...cells })).ticket);
    expect(await stored("Routes", "care", "night")).not.toEqual(before);
    expect((await undo(done.undo)).rows).toBe(1);
    expect(await stored("Routes", "care", "night")).toEqual(before);
    const { undoable } = await page().get<StateAnswer>("state");
    expect(undoable.map(({ id }) => id)).not.toContain(done.undo);
    expect(await page().refusalOf("undo", { undo: done.undo })).toMatchObject({ status: 404 });
  });

  it("takes a new row away again", async () => {
    const added = { table: "Routes", keys: { partitionKey: "override", rowKey: "all" }, cells: { action: "reject" } };
    const done = await write((await page().post<ReviewAnswer>("review", added)).ticket);
    expect((await page().get<LinesAnswer>("lines")).lines[0]?.override).toEqual({ scope: "all" });
    await undo(done.undo);
    expect(await stored("Routes", "override", "all")).toBeUndefined();
    expect((await page().get<LinesAnswer>("lines")).lines[0]).not.toHaveProperty("override");
  });

  it("leaves the row to whoever has changed it since, and shows what they made of it", async () => {
    const row = await rowAt("Routes", "care", "night");
    const done = await write((await review("Routes", row, { ...row.cells, priority: "300" })).ticket);
    await azurite().tables.Routes.updateEntity({ partitionKey: "care", rowKey: "night", priority: "400" }, "Merge");
    const refusal = await page().refusalOf("undo", { undo: done.undo });
    expect(refusal).toMatchObject({ status: 409, theirs: { priority: "400" } });
    expect(await stored("Routes", "care", "night")).toMatchObject({ priority: "400" });
    await azurite().tables.Routes.deleteEntity("care", "night");
    expect(await page().refusalOf("undo", { undo: done.undo })).toMatchObject({ status: 409, theirs: null });
  });
});

describe("POST /api/import", () => {
  const ROUTES = "PartitionKey,RowKey,priority,targets,schedule,note";
  const drop = (name: string, text: string) => page().post<ImportAnswer>(`import?name=${name}`, text);
  const apply = (ticket: string | undefined) => page().post<WriteAnswer>("import/apply", { ticket });

  it("shows what the file would add and change, and writes it only when told to", async () => {
    const text = `${ROUTES}\ncare,night,250,phone:+14255550112,,\ncare,noon,150,phone:+14255550114,,\ncare,day,,phone:+14255550111,office,As agreed\n`;
    const plan = await drop("routes.csv", text);
    expect(plan).toMatchObject({ table: "Routes", added: 1, changed: 1, unchanged: 1, faults: [] });
    expect(plan.changes).toEqual([
      {
        kind: "changed",
        keys: { partitionKey: "care", rowKey: "night" },
        place: "Routes care/night",
        before: { targets: "phone:+14255550112", priority: "200" },
        after: { targets: "phone:+14255550112", priority: "250" },
      },
      {
        kind: "added",
        keys: { partitionKey: "care", rowKey: "noon" },
        place: "Routes care/noon",
        before: null,
        after: { targets: "phone:+14255550114", priority: "150" },
      },
    ]);
    expect(await stored("Routes", "care", "noon")).toBeUndefined();
    expect((await apply(plan.ticket)).rows).toBe(2);
    expect(await stored("Routes", "care", "noon")).toMatchObject({ priority: "150" });
    expect(await stored("Routes", "care", "night")).toMatchObject({ priority: "250" });
    expect(await page().refusalOf("import/apply", { ticket: plan.ticket })).toMatchObject({ status: 409 });
  });

  it.each([
    ["takes the number of a line that stands where no call finds it", "+14255550100", true],
    ["does not take a number twice", "+14255550101", false],
  ])("%s, as ringroute import does", async (_, number, isTaken) => {
    const { tables, azurite: running } = azurite();
    await tables.Lines.createEntity({ partitionKey: "lines", rowKey: OTHERS[0], number: "+14255550100" });
    await tables.Lines.createEntity({ partitionKey: "line", rowKey: OTHERS[1], number: "+14255550101" });
    const text = `PartitionKey,RowKey,name,number,group\nline,${LINE},Support,${number},care\n`;
    const { ticket } = await drop("lines.csv", text);
    await folder().write("lines.csv", text);
    const options = { connectionString: running.connectionString, cwd: folder().path, env: { DEFAULT_REGION: "US" } };
    const { code, stdout } = await runCommand(["import", "lines.csv", "--yes", "--json"], options);
    expect({ page: ticket !== undefined, command: code === 0, written: JSON.parse(stdout).written }).toEqual({
      page: isTaken,
      command: isTaken,
      written: isTaken ? 1 : 0,
    });
  });

  it("tells of a number that another line has at the row of the file, and whose it is", async () => {
    const later = "99999999-0000-4000-8000-000000000009";
    const { Lines } = azurite().tables;
    await Lines.createEntity({ partitionKey: "line", rowKey: later, name: "Sales", number: "+14255550101" });
    const text = `PartitionKey,RowKey,name,number,group\nline,${LINE},Support,(425) 555-0101,care\n`;
    const { ticket, problems } = await drop("lines.csv", text);
    expect(ticket).toBeUndefined();
    expect(problems).toEqual([
      expect.objectContaining({
        kind: "duplicate-number",
        keys: { partitionKey: "line", rowKey: LINE },
        says: `+14255550101 is already the number of line/${later} (Sales).`,
      }),
    ]);
  });

  it("names line and column of each mistake, and gives no ticket when there is one", async () => {
    const plan = await drop("routes.csv", `${ROUTES}\ncare,noon,soon,phone:+14255550114,,\ncare,late,,,,\n`);
    expect(plan.ticket).toBeUndefined();
    expect(plan.faults.map(({ line, column, found }) => ({ line, column, found }))).toEqual([
      { line: 2, column: "priority", found: "soon" },
      { line: 3, column: "targets", found: "" },
    ]);
  });

  it("counts every mistake of a file of which it shows only the first", async () => {
    const rows = Array.from({ length: 120 }, (_, at) => `care,r${at},soon,phone:+14255550114,,\n`);
    const { faults, faultCount } = await drop("routes.csv", `${ROUTES}\n${rows.join("")}`);
    expect({ shown: faults.length < 120, faultCount }).toEqual({ shown: true, faultCount: 120 });
  });

  it("gives no ticket when the rows together would suffer, or nothing would change", async () => {
    const missing = await drop("routes.csv", `${ROUTES}\ncare,noon,150,phone:+14255550114,offce,\n`);
    expect({ ticket: missing.ticket, kinds: missing.problems.map(({ kind }) => kind) }).toEqual({
      ticket: undefined,
      kinds: ["unknown-schedule"],
    });
    const same = await drop("routes.csv", `${ROUTES}\ncare,night,200,phone:+14255550112,,\n`);
    expect(same).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
    expect(same.ticket).toBeUndefined();
  });

  it("tells the table by the headings when the name does not, and asks when neither does", async () => {
    expect(await drop("Mappe1.csv", `${ROUTES}\ncare,noon,150,phone:+14255550114,,\n`)).toMatchObject({
      table: "Routes",
    });
    const refusal = await page().refusalOf("import?name=notes.csv", "PartitionKey,RowKey,note\na,b,c\n");
    expect(refusal).toMatchObject({ status: 400, error: expect.stringContaining("notes.csv") });
    expect(refusal.error).toContain(
      "Give the file one of these names: lines.csv, routes.csv, schedules.csv, lists.csv.",
    );
    expect(refusal.error).not.toContain("--");
  });

  it("says what it forgave: a plus that a spreadsheet took away", async () => {
    const { notes, added } = await drop("lists.csv", "PartitionKey,RowKey\n14255550143,vip\n");
    expect({ notes, added }).toEqual({
      notes: [
        { line: 2, column: "PartitionKey", found: "14255550143", expected: expect.stringContaining("+14255550143") },
      ],
      added: 1,
    });
  });

  it("can be undone as a whole, unless somebody has changed one of its rows since", async () => {
    const text = "PartitionKey,RowKey,note\n+14255550142,vip,Rings daily\n+14255550143,vip,\n+14255550144,vip,\n";
    const first = await apply((await drop("lists.csv", text)).ticket);
    expect(await stored("CallerLists", "+14255550142", "vip")).toEqual({ note: "Rings daily" });
    expect((await undo(first.undo)).rows).toBe(3);
    expect(await stored("CallerLists", "+14255550142", "vip")).toEqual({ note: "Rings often" });
    expect(await stored("CallerLists", "+14255550143", "vip")).toBeUndefined();
    const second = await apply((await drop("lists.csv", text)).ticket);
    const theirs = { partitionKey: "+14255550144", rowKey: "vip", note: "Theirs" };
    await azurite().tables.CallerLists.updateEntity(theirs, "Merge");
    const refusal = await page().refusalOf("undo", { undo: second.undo });
    expect(refusal).toMatchObject({ status: 409, theirs: { note: "Theirs" } });
    expect(await stored("CallerLists", "+14255550143", "vip")).toEqual({});
  });
});
