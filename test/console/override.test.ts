import { beforeEach, describe, expect, it } from "vitest";
import type { OverrideRequest, OverrideReviewAnswer, RowsAnswer, WriteAnswer } from "../../src/console/api/changing.ts";
import type { LinesAnswer, StateAnswer } from "../../src/console/api/looking.ts";
import { isSystemColumn } from "../../src/store/cells.ts";
import { readPartition } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { useConsole, WEDNESDAY } from "./consoles.ts";
import { fill, type TypedRows } from "./tables.ts";

const SUPPORT = "7629bdce-046c-4903-86b4-a8f718277e1a";
const SALES = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const DESK = "22222222-0000-4000-8000-000000000002";
const CAROL = 'user:aaaaaaaa-0000-4000-8000-000000000001 "Carol"';

const azurite = useAzurite();
const page = useConsole(() => ({
  connectionString: azurite().azurite.connectionString,
  env: { BOT_APP_ID: DESK },
}));
let nowMs = WEDNESDAY;

const ROWS: TypedRows = {
  Lines: {
    [`line/${SUPPORT}`]: { name: "Support", number: "+14255550100", group: "care", site: "Redmond" },
    [`line/${SALES}`]: { name: "Sales", number: "+14255550101", site: "Redmond" },
    [`line/${DESK}`]: { name: "Front desk", site: "Boston" },
  },
  Routes: {
    "all/blocked": { caller: "+18005550199", action: "reject" },
    "care/day": { targets: "phone:+14255550111", schedule: "office" },
    "default/desk": { targets: "phone:+14255550112" },
  },
  Schedules: { "office/hours": { timeZone: "America/Denver", wednesday: "00:00-24:00" } },
};

/** Makes the tables hold the rows and these overrides, by scope. */
async function fillWith(overrides: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Promise<void> {
  const rows = Object.entries(overrides).map(([scope, cells]) => [`override/${scope}`, cells]);
  await fill(azurite().tables, { ...ROWS, Routes: { ...ROWS.Routes, ...Object.fromEntries(rows) } });
  // What was read before the rows were filled is no longer fresh.
  nowMs += 60_000;
  page().nowMs = nowMs;
  await page().get("lines");
}

beforeEach(async () => await fillWith());

/** The overrides that stand in the table, by scope, with whatever columns they have. */
async function stored(): Promise<Record<string, unknown>> {
  const rows = await readPartition(azurite().tables.Routes, "override", new AbortController().signal);
  const cells = (row: object) => Object.fromEntries(Object.entries(row).filter(([column]) => !isSystemColumn(column)));
  return Object.fromEntries(rows.map((row) => [row.rowKey, cells(row)]));
}

const review = (wishes: OverrideRequest) => page().post<OverrideReviewAnswer>("override/review", wishes);
const reviewOff = (scope: string) => page().post<OverrideReviewAnswer>("override/off/review", { scope });
const write = (ticket: string | undefined) => page().post<WriteAnswer>("write", { ticket });
const change = (scope: string, cells: object) =>
  azurite().tables.Routes.updateEntity({ partitionKey: "override", rowKey: scope, ...cells }, "Merge");

/** Runs `ringroute override`. @param atMs the console's moment, unless another is given */
const command = (args: readonly string[], atMs = nowMs) =>
  runCommand(["override", ...args], {
    connectionString: azurite().azurite.connectionString,
    env: { DEFAULT_REGION: "US" },
    now: new Date(atMs),
  });
const flagsOf = (wishes: OverrideRequest) => Object.entries(wishes).flatMap(([wish, text]) => [`--${wish}`, text]);

describe("POST /api/override/review", () => {
  const SPELLINGS = {
    SUPPORT: { action: "reject" },
    "+14255550100": { action: "reject" },
    "site:redmond": { action: "reject", note: "Older" },
    "site:Redmond": { targets: "phone:+14255550119", priority: "7", ticketNo: "17" },
    [DESK]: { action: "reject" },
  };

  it.each<OverrideRequest>([
    { scope: "Support", target: "phone:(425) 555-0199", for: "2h" },
    { scope: "(425) 555-0100", target: CAROL, for: "1h30m", note: "Snow day" },
    { scope: SUPPORT.toUpperCase(), reject: "busy" },
    { scope: "site:redmond", target: `phone:425-555-0199, ${CAROL} x3`, until: "2026-11-27T06:00", zone: "Asia/Tokyo" },
    { scope: "site:Redmond", reject: "none", until: "friday 06:00" },
    { scope: "ALL", target: CAROL, until: "2026-11-26T06:00+01:00" },
    { scope: "11111111-0000-4000-8000-000000000009", target: CAROL },
  ])("writes what ringroute override on writes for the same wishes: %j", async (wishes) => {
    await fillWith(SPELLINGS);
    const reviewedAtMs = nowMs;
    const { ticket, edits } = await review(wishes);
    const before = await stored();
    expect(before).toEqual(SPELLINGS);
    expect((await write(ticket)).rows).toBe(edits.length);
    const byPage = await stored();
    await fillWith(SPELLINGS);
    const { code } = await command(["on", ...flagsOf(wishes), "--yes"], reviewedAtMs);
    expect(code).toBe(0);
    expect(byPage).toEqual(await stored());
    expect(byPage).not.toEqual(before);
  });

  it("shows every row before and after, and says whose calls move and for how long", async () => {
    await fillWith({ [SALES]: { action: "reject" }, "site:redmond": { action: "reject", note: "Older" } });
    const { edits, says, problems, faults } = await review({ scope: "site:Redmond", target: CAROL, for: "2h" });
    const { until } = edits[0]?.after ?? {};
    expect(edits).toEqual([
      { place: "Routes override/site:Redmond", before: null, after: { targets: CAROL, until } },
      { place: "Routes override/site:redmond", before: { action: "reject", note: "Older" }, after: null },
    ]);
    expect(says).toEqual([
      "Affected: Support.",
      "Sales keeps its narrower override (Sales: rejects busy).",
      expect.stringMatching(/^It lapses by itself at Wed 2026-11-25 1\d:\d\d -07:00 \(America\/Denver\)\.$/),
      "Rules of all still come first: blocked (+18005550199: rejects busy).",
    ]);
    expect({ problems, faults }).toEqual({ problems: [], faults: [] });
  });

  it("says that an override without an end stands, and names no command", async () => {
    const { says } = await review({ scope: "Support", target: CAROL });
    expect(says).toContain("It stands until somebody switches it off.");
  });

  it("tells which moment it takes for a time that the clocks go back over", async () => {
    const wishes = { scope: "Support", target: CAROL, until: "2027-11-07T01:30", zone: "America/New_York" };
    const { says, edits } = await review(wishes);
    expect(says).toContainEqual(expect.stringMatching(/^2027-11-07 01:30 comes twice in America\/New_York/));
    expect(edits[0]?.after?.until).toBe("2027-11-07T01:30:00-04:00");
  });

  it("warns that Graph refuses a phone where the line is the bot itself, and may be written all the same", async () => {
    const { problems, ticket } = await review({ scope: "Front desk", target: "phone:+14255550199" });
    expect(problems).toEqual([expect.objectContaining({ kind: "phone-from-bot" })]);
    await write(ticket);
    expect(await stored()).toEqual({ [DESK]: { targets: "phone:+14255550199" } });
  });

  it.each<[OverrideRequest, string, RegExp]>([
    [{ scope: "Support", target: "phone:+14255550100" }, "target", /^Who rings is .*, which is the line itself/],
    [{ scope: "Support", target: "user:Carol" }, "target", /^Who rings is "user:Carol"; /],
    [{ scope: "Support", target: "" }, "target", /^Who rings is ""; write who should ring/],
    [{ scope: "Support" }, "target", /^Say either who rings/],
    [{ scope: "Support", target: CAROL, reject: "busy" }, "target", /^Say either who rings/],
    [{ scope: "Support", reject: "later" }, "reject", /^Their calls is "later"; write busy/],
    [{ scope: "Support", target: CAROL, for: "soon" }, "for", /^For how long is "soon"/],
    [{ scope: "Support", target: CAROL, for: "1h", until: "23:00" }, "until", /^For how long and Until are both/],
    [{ scope: "Support", target: CAROL, until: "2026-11-25T10:00" }, "until", /^Until is .*-07:00 and past/],
    [{ scope: "Support", target: CAROL, until: "" }, "until", /^Until is ""/],
    [{ scope: "Support", target: CAROL, zone: "Denver" }, "zone", /^Zone: /],
    [{ scope: "site:Paris", target: CAROL }, "scope", /^Whose calls is "site:Paris".*Boston, Redmond/],
    [{ scope: "Reception", target: CAROL }, "scope", /^Whose calls is "Reception"/],
  ])("refuses %j beside its field, names no flag, and gives no ticket", async (wishes, wish, words) => {
    const answer = await review(wishes);
    expect(answer).not.toHaveProperty("ticket");
    expect(answer.faults).toEqual([{ wish, says: expect.stringMatching(words) }]);
    expect(answer.faults[0]?.says).not.toContain("--");
    expect((await command(["on", ...flagsOf(wishes)])).code).toBe(2);
    expect(await stored()).toEqual({});
  });

  it("sees an override that somebody has switched on a moment ago", async () => {
    await command(["on", "--scope", "Support", "--reject", "busy"]);
    const { edits } = await review({ scope: "Support", target: CAROL });
    expect(edits.map(({ before }) => before)).toEqual([{ action: "reject", reason: "busy" }]);
  });

  it("does not blame the change for a mistake that somebody else has made in another override since the check", async () => {
    await expect.poll(async () => (await page().get<StateAnswer>("state")).isChecked).toBe(true);
    await azurite().tables.Routes.createEntity({ partitionKey: "override", rowKey: "all", action: "rejct" });
    expect((await review({ scope: "Support", target: CAROL })).problems).toEqual([]);
  });

  it("gives no ticket where nothing would change", async () => {
    await fillWith({ [SUPPORT]: { targets: CAROL } });
    expect(await review({ scope: "Support", target: CAROL })).not.toHaveProperty("ticket");
  });
});

describe("POST /api/write of an override", () => {
  it("moves the calls at once, and undo puts every row of it back", async () => {
    const before = { [SUPPORT]: { action: "reject", ticketNo: "17" }, SUPPORT: { action: "reject", note: "By name" } };
    await fillWith(before);
    const { ticket } = await review({ scope: "Support", target: "phone:+14255550199", for: "1h" });
    const done = await write(ticket);
    const { lines } = await page().get<LinesAnswer>("lines");
    expect(lines.find(({ id }) => id === SUPPORT)?.now.who).toBe("+1 425 555 0199");
    expect(Object.keys(await stored())).toEqual([SUPPORT]);
    const { undoable } = await page().get<StateAnswer>("state");
    expect(undoable[0]?.says).toBe("Changed Routes override/Support, Removed Routes override/SUPPORT");
    expect((await page().post<WriteAnswer>("undo", { undo: done.undo })).rows).toBe(2);
    expect(await stored()).toEqual(before);
  });

  it.each([
    ["the row that it changes", SUPPORT, 0],
    ["a row of another spelling that it removes", "SUPPORT", 1],
  ])("does not write over what somebody made meanwhile of %s, and shows it", async (_, theirs, written) => {
    await fillWith({ [SUPPORT]: { action: "reject" }, SUPPORT: { action: "reject" } });
    const { ticket } = await review({ scope: "Support", target: CAROL });
    await change(theirs, { note: "Theirs" });
    const refusal = await page().refusalOf("write", { ticket });
    expect(refusal).toMatchObject({ status: 409, theirs: { action: "reject", note: "Theirs" } });
    expect(refusal.error).toContain(written === 0 ? "Nothing was written." : "1 of 2 rows are written.");
    expect(await stored()).toMatchObject({ [theirs]: { note: "Theirs" } });
  });

  it("does not write over a row that somebody has added meanwhile", async () => {
    const { ticket } = await review({ scope: "all", reject: "busy" });
    await command(["on", "--scope", "all", "--reject", "none", "--yes"]);
    expect(await page().refusalOf("write", { ticket })).toMatchObject({ status: 409, theirs: { reason: "none" } });
    expect(await stored()).toEqual({ all: { action: "reject", reason: "none" } });
  });
});

describe("POST /api/override/off/review", () => {
  it("says who takes the calls then, and takes every spelling away at once, as the command does", async () => {
    const rows = {
      [SUPPORT]: { action: "reject" },
      SUPPORT: { action: "reject" },
      "site:Redmond": { action: "reject" },
    };
    await fillWith(rows);
    const { ticket, edits, says } = await reviewOff(SUPPORT);
    expect(edits).toEqual([
      { place: "Routes override/Support", before: { action: "reject" }, after: null },
      { place: "Routes override/SUPPORT", before: { action: "reject" }, after: null },
    ]);
    expect(says).toEqual(["Support rejects busy, by the override of site:Redmond."]);
    expect(await stored()).toEqual(rows);
    const done = await write(ticket);
    const byPage = await stored();
    await page().post<WriteAnswer>("undo", { undo: done.undo });
    expect(await stored()).toEqual(rows);
    await command(["off", "--scope", SUPPORT]);
    expect(byPage).toEqual(await stored());
  });

  it("takes away a lapsed one, and one whose site is gone", async () => {
    await fillWith({ "site:Paris": { action: "reject" }, all: { action: "reject", until: "2026-01-01T00:00Z" } });
    for (const scope of ["site:Paris", "all"]) {
      const { ticket, says } = await reviewOff(scope);
      expect(says).toEqual([]);
      await write(ticket);
    }
    expect(await stored()).toEqual({});
  });

  it("gives no ticket when somebody has switched it off already, and none where no line is called so", async () => {
    expect(await reviewOff("Support")).toEqual({ faults: [], edits: [], says: [], problems: [] });
    expect(await page().refusalOf("override/off/review", { scope: "Reception" })).toMatchObject({
      status: 400,
      error: expect.stringMatching(/^Whose calls is "Reception"/),
    });
  });
});

describe("GET /api/rows, of overrides", () => {
  it("says of one whose until cannot be read that calls leave it out, and why", async () => {
    await fillWith({ all: { action: "reject", until: "tomorrow" } });
    const { rows } = await page().get<RowsAnswer>("rows?table=Routes&partition=override");
    expect(rows[0]).toMatchObject({
      state: ["left out"],
      problems: [{ severity: "error", column: "until", found: "tomorrow" }],
    });
  });
});
