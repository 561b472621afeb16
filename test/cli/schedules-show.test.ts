import { describe, expect, it } from "vitest";
import { runProcess } from "../support/command.ts";
import { useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
/** Wednesday, 09:30 in Denver. */
const NOW = new Date("2026-11-25T16:30:00Z");

const show = (...args: string[]) => command(["schedules", "show", ...args], { now: NOW });

describe("ringroute schedules show", () => {
  it("draws the week in 80 columns, as a process of its own", async () => {
    const args = ["schedules", "show", "office"];
    const { code, stdout } = await runProcess(args, { connectionString: running().azurite.connectionString });
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("office, by the clock in America/Denver");
    expect(stdout).toContain("     00    03    06    09    12    15    18    21\n");
    expect(stdout).toContain(`Mon  ${".".repeat(16)}${"#".repeat(18)}${".".repeat(14)}  08:00-17:00\n`);
    expect(stdout).toContain(`Sun  ${".".repeat(48)}  closed\n`);
    for (const line of lines.slice(0, 14)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("says how it stands now, when it changes, and when the clocks do", async () => {
    const { stdout } = await show("office");
    expect(stdout).toContain("Now Wed 2026-11-25 09:30: open (wednesday 08:00-17:00).");
    expect(stdout).toContain("Closes next on Wed 2026-11-25 17:00 -07:00.");
    expect(stdout).toContain("The clocks go forward 1 h, to Sun 2027-03-14 03:00 -06:00.");
    expect(stdout).toContain("The clocks go back 1 h, to Sun 2027-11-07 01:00 -07:00.");
  });

  it("lists the next exceptions with their hours and the row they come from", async () => {
    const { stdout } = await show("office");
    expect(stdout).toMatch(/Fri 2026-12-25 +closed +Christmas +feasts: 12-25\n/);
    expect(stdout).toMatch(
      /Mon 2026-12-28 to Thu 2026-12-31 +08:00-12:00 +Year's end +own: 2026-12-28\.\.2026-12-31\n/,
    );
    expect(stdout).toContain("No holidays are entered after 2026-12-31; those of every year or month go on.");
  });

  it("draws hours over midnight on both days, and marks half hours that are open in part", async () => {
    const hours = { timeZone: "UTC", friday: "22:15-02:00", saturday: "12:00-12:15" };
    await writeRows(running(), { Schedules: { bar: { hours } } });
    const { stdout } = await show("bar");
    expect(stdout).toContain(`Fri  ${".".repeat(44)}+###  22:15-02:00\n`);
    expect(stdout).toContain(`Sat  ####${".".repeat(20)}+${".".repeat(23)}  12:00-12:15\n`);
    expect(stdout).toContain("+ open for a part of the half hour");
    expect(stdout).toContain("No holidays are entered by date.");
    expect(stdout).not.toContain("The clocks go");
  });

  it("says of a set of holidays whose they are", async () => {
    const { code, stdout } = await show("feasts");
    expect(code).toBe(0);
    expect(stdout).toContain("feasts has no weekly hours and no zone of its own; its dated rows count in office.");
    expect(stdout).toMatch(/Fri 2026-12-25 +closed +Christmas +own: 12-25/);
  });

  it("tells mistakes in the rows, and holidays that nobody has", async () => {
    const hours = { timeZone: "UTC", monday: "09:00-17:00", holidays: "nowhere" };
    await writeRows(running(), { Schedules: { branch: { hours, "2026-13-01": {} } } });
    const { code, stdout, stderr } = await show("branch");
    expect(code).toBe(0);
    expect(stderr).toMatch(/Schedules branch\/2026-13-01, column RowKey: found "2026-13-01"/);
    expect(stdout).toContain("There is no schedule nowhere, from which it takes holidays.");
  });

  it("gives everything with --json", async () => {
    expect(JSON.parse((await show("OFFICE", "--json")).stdout)).toMatchObject({
      name: "office",
      timeZone: "America/Denver",
      weekly: { monday: "08:00-17:00", sunday: "closed" },
      holidays: ["feasts"],
      open: true,
      changesNext: "2026-11-25T17:00:00-07:00",
      nextExceptions: [
        { first: "2026-12-25", last: "2026-12-25", hours: "closed", schedule: "feasts", key: "12-25" },
        {},
        {},
      ],
      lastEnteredDay: "2026-12-31",
      clockChanges: ["2027-03-14T03:00:00-06:00", "2027-11-07T01:00:00-07:00"],
    });
  });

  it("ends with 1 and names schedules that are alike when there is none of that name", async () => {
    const { code, stderr } = await show("offices");
    expect(code).toBe(1);
    expect(stderr).toContain('There is no schedule "offices". Did you mean office?');
  });
});
