import { describe, expect, it } from "vitest";
import { cellsOf } from "../../src/store/layouts.ts";
import { readPartition } from "../../src/store/tables.ts";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { BLOCKED, BOULDER, ON_CALL, useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
/** Tuesday, 20:10:30 in Denver. */
const NOW = new Date("2026-12-02T03:10:30Z");
const TO_CAROL = ["--target", `user:${IDS.tenant} "Carol"`];

const override = (...args: string[]) => command(["override", ...args], { now: NOW, env: { DEFAULT_REGION: "US" } });

/** The overrides that stand in the table, by scope. */
async function stored(): Promise<Record<string, unknown>> {
  const rows = await readPartition(running().tables.Routes, "override", new AbortController().signal);
  return Object.fromEntries(rows.map((row) => [row.rowKey, cellsOf("Routes", row)]));
}

/** Who or what takes a call from now on. */
async function decider(to: string, from: string, at: string): Promise<string> {
  const { stdout } = await command(["explain", "--to", to, "--from", from, "--at", at], { now: NOW });
  return /^Decision +(.*)\.$/m.exec(stdout)?.[1] ?? stdout;
}

describe("ringroute override on", () => {
  it("sends a line's calls elsewhere for two hours, as a process of its own", async () => {
    const args = ["override", "on", "--scope", "Support", "--target", `phone:${ON_CALL}`, "--for", "2h"];
    const { code, stdout, stderr } = await runProcess(args, { connectionString: running().azurite.connectionString });
    expect(code).toBe(0);
    expect(stdout).toMatch(/targets +- +phone:\+13035550199/);
    expect(stdout).toContain("Affected: Support.");
    expect(stderr).toContain(`Added Routes override/${IDS.line}`);
    expect(await stored()).toMatchObject({ [IDS.line]: { targets: `phone:${ON_CALL}`, until: expect.any(String) } });
  });

  it("covers a site until the end that is given, and what is blocked stays blocked", async () => {
    await override(
      "on",
      "--scope",
      "site:denver",
      ...TO_CAROL,
      "--until",
      "2026-12-02T06:00-07:00",
      "--note",
      "Snow day",
    );
    const caller = "+14255550142";
    expect(await decider("Support", caller, "2026-12-02T05:59-07:00")).toBe("override/site:Denver decides: redirect");
    expect(await decider("Sales", caller, "2026-12-02T05:59-07:00")).toBe("override/site:Denver decides: redirect");
    expect(await decider("Warehouse", caller, "2026-12-02T05:59-07:00")).toBe("default/desk decides: redirect");
    expect(await decider("Support", BLOCKED, "2026-12-02T05:59-07:00")).toBe("all/blocked decides: reject busy");
    expect(await decider("Support", caller, "2026-12-02T06:00-07:00")).toBe("helpdesk/night decides: redirect");
  });

  it("names who is affected, who keeps a narrower override, and the rules that come first", async () => {
    await override("on", "--scope", "Sales", "--reject", "busy");
    const { stdout, stderr } = await override("on", "--scope", "site:Denver", ...TO_CAROL);
    expect(stdout).toContain("Affected: Support.");
    expect(stdout).toContain("Sales keeps its narrower override (Sales: rejects busy).");
    expect(stderr).toContain("Rules of all still come first: blocked (list:blocked: rejects busy).");
    expect(stderr).toContain("It stands until somebody switches it off: ringroute override off --scope site:Denver");
  });

  it("names the first ten of many lines, and says how many more there are", async () => {
    const doors = Array.from({ length: 12 }, (_, number) => `Door ${String(number + 1).padStart(2, "0")}`);
    const lines = doors.map((name, number) => {
      const id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
      return [id, { name, site: "Harbour" }] as const;
    });
    await writeRows(running(), { Lines: { line: Object.fromEntries(lines) } });
    const named = `${doors.slice(0, 10).join(", ")} and 2 more`;
    const { stdout } = await override("on", "--scope", "site:Harbour", ...TO_CAROL);
    expect(stdout).toContain(`Affected: ${named}.`);
    const { stdout: all } = await override("on", "--scope", "all", "--reject", "busy", "--yes");
    expect(all).toContain(`${named} keep their narrower override (site:Harbour: rings Carol).`);
    const { stderr } = await override("off", "--scope", "site:Harbour");
    expect(stderr).toContain(`${named}: each rejects busy, by the override of all.`);
    const { stderr: off } = await override("off", "--all");
    expect(off).toMatch(/ and \d+ more: each rings by its rules again\./);
    for (const [id] of lines) await running().tables.Lines.deleteEntity("line", id);
  });

  it("ends at a whole minute by the wall of the line's schedule", async () => {
    await override("on", "--scope", "Support", ...TO_CAROL, "--for", "1h30m");
    await override("on", "--scope", "site:Denver", ...TO_CAROL, "--until", "friday 06:00");
    expect(await stored()).toMatchObject({
      [IDS.line]: { until: "2026-12-01T21:41:00-07:00" },
      "site:Denver": { until: "2026-12-04T06:00:00-07:00" },
    });
  });

  it.each(["Support", IDS.line, "(303) 555-0100"])(
    "stores the line %s under its id, with numbers as E.164",
    async (line) => {
      await override("on", "--scope", line, "--target", "phone:(303) 555-0199");
      expect(await stored()).toEqual({ [IDS.line]: { targets: `phone:${ON_CALL}` } });
    },
  );

  it("replaces the scope's override, however its key is spelled, and shows what it was", async () => {
    const reject = { action: "reject" };
    await writeRows(running(), {
      Routes: { override: { "+13035550100": reject, [IDS.line]: reject, [BOULDER]: reject } },
    });
    const { stdout } = await override("on", "--scope", "Support", "--target", `phone:${ON_CALL}`);
    expect(stdout).toMatch(/action +reject +-/);
    expect(await stored()).toEqual({ [IDS.line]: { targets: `phone:${ON_CALL}` }, [BOULDER]: reject });
  });

  it("asks before all lines are switched, and takes --yes for it", async () => {
    const asked = await override("on", "--scope", "all", "--reject", "none");
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain("--yes");
    expect(await stored()).toEqual({});
    expect((await override("on", "--scope", "all", "--reject", "none", "--yes")).code).toBe(0);
    expect(await stored()).toEqual({ all: { action: "reject", reason: "none" } });
  });

  it("warns that Graph refuses a phone where the line is the bot itself, and switches all the same", async () => {
    const args = ["override", "on", "--scope", "Warehouse", "--target", `phone:${ON_CALL}`];
    const { code, stderr } = await command(args, { now: NOW, env: { BOT_APP_ID: BOULDER } });
    expect(stderr).toContain("warning: Routes override/");
    expect(stderr).toContain("needs a resource account with a number");
    expect(code).toBe(0);
    expect(Object.keys(await stored())).toEqual([BOULDER]);
  });

  it("says that a line cannot ring itself", async () => {
    const { stdout, stderr } = await override("on", "--scope", "site:Denver", "--target", "phone:+13035550101");
    expect(stdout).toContain("Affected: Support.");
    expect(stderr).toContain("Calls to Sales ring by its rules: a line cannot ring itself.");
  });

  it.each([
    [
      ["--scope", "Support", "--target", "phone:+13035550100"],
      /--target is phone:\+13035550100, which is the line itself/,
    ],
    [["--scope", "Support", "--target", `resource:${IDS.line}`], /the line itself/],
    [["--scope", "Support"], /--target, or --reject/],
    [["--scope", "Support", ...TO_CAROL, "--reject", "busy"], /--target, or --reject/],
    [["--scope", "Support", "--target", "user:Carol"], /--target is "user:Carol"/],
    [["--scope", "Support", "--reject", "later"], /--reject is "later"; write busy, forbidden, none/],
    [["--scope", "Support", ...TO_CAROL, "--for", "soon"], /--for is "soon"/],
    [["--scope", "Support", ...TO_CAROL, "--for", "2h", "--until", "23:00"], /keep one/],
    [["--scope", "Support", ...TO_CAROL, "--until", "19:00"], /--until is "19:00", which is .* past/],
    [["--scope", "site:Boston", ...TO_CAROL], /--scope is "site:Boston".*Boulder, Denver/],
    [["--scope", "Reception", ...TO_CAROL], /--scope is "Reception"/],
  ])("refuses %j and writes nothing", async (args, words) => {
    const { code, stderr } = await override("on", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(await stored()).toEqual({});
  });
});

describe("ringroute override on, for a site whose name no key can hold", () => {
  it("switches the site, whose calls find the row under its key", async () => {
    const warehouse = { name: "Warehouse", site: "Boulder" };
    await writeRows(running(), { Lines: { line: { [BOULDER]: { ...warehouse, site: "Boulder/North" } } } });
    const { code } = await override("on", "--scope", "site:Boulder/North", ...TO_CAROL);
    const decided = await decider("Warehouse", "+13035550142", "2026-12-02T05:59-07:00");
    await override("off", "--scope", "site:Boulder/North");
    await writeRows(running(), { Lines: { line: { [BOULDER]: warehouse } } });
    expect(code).toBe(0);
    expect(decided).toContain("Boulder");
    expect(decided).toContain("decides: redirect");
  });
});

describe("ringroute override off", () => {
  it("removes the scope's override and says who takes the calls again, as a process of its own", async () => {
    await override("on", "--scope", "Support", ...TO_CAROL);
    await override("on", "--scope", "site:Denver", "--reject", "busy");
    const args = ["override", "off", "--scope", "Support"];
    const { code, stderr } = await runProcess(args, { connectionString: running().azurite.connectionString });
    expect(code).toBe(0);
    expect(stderr).toContain("Support rejects busy, by the override of site:Denver.");
    expect((await override("off", "--scope", "site:Denver")).stderr).toContain("Support rings by its rules again.");
    expect(await stored()).toEqual({});
  });

  it("removes every row of the scope, whether it is spelled as the line's id, number or name", async () => {
    const reject = { action: "reject" };
    const spellings = { [IDS.line]: reject, "+13035550100": reject, SUPPORT: reject };
    for (const scope of ["Support", IDS.line, "(303) 555-0100"]) {
      await writeRows(running(), { Routes: { override: { ...spellings, [BOULDER]: reject } } });
      const { stderr } = await override("off", "--scope", scope);
      expect(stderr).toContain("Support rings by its rules again.");
      expect(Object.keys(await stored())).toEqual([BOULDER]);
    }
  });

  it("removes them all with --all, lapsed ones and those of a site that is gone too", async () => {
    const rows = { "site:Boston": { action: "reject" }, all: { action: "reject", until: "2026-01-01T00:00Z" } };
    await writeRows(running(), { Routes: { override: rows } });
    expect((await override("off", "--scope", "site:boston")).code).toBe(0);
    expect(Object.keys(await stored())).toEqual(["all"]);
    expect((await override("off", "--all")).code).toBe(0);
    expect(await stored()).toEqual({});
  });

  it("is content when there is nothing to switch off", async () => {
    expect(await override("off", "--scope", "Support")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("No override is on for Support"),
    });
  });

  it("wants to know which", async () => {
    expect((await override("off")).code).toBe(2);
  });
});

describe("ringroute override show", () => {
  it("lists what is in force and what has lapsed, with the lines that each covers, as a process of its own", async () => {
    await writeRows(running(), {
      Routes: {
        override: {
          [IDS.queue]: { action: "reject", note: "Moving" },
          "site:Denver": { targets: `phone:${ON_CALL}` },
          all: { action: "reject", until: "2026-01-01T00:00Z" },
        },
      },
    });
    const { stdout } = await runProcess(["override", "show"], { connectionString: running().azurite.connectionString });
    const [, ...rows] = stdout.trimEnd().split("\n");
    expect(rows).toEqual([
      expect.stringMatching(/^Sales +rejects busy +on +Sales +Moving$/),
      expect.stringMatching(/^site:Denver +rings On call +on +Support$/),
      expect.stringMatching(/^all +rejects busy +off, was until Wed 2025-12-31 17:00 -07:00 +none$/),
    ]);
  });

  it("tells times by the clock that override on takes, unless --zone names another", async () => {
    await override("on", "--scope", "Support", ...TO_CAROL, "--until", "friday 06:00");
    await override("on", "--scope", "site:Denver", ...TO_CAROL, "--until", "friday 07:00");
    const { stdout } = await override("show");
    expect(stdout).toMatch(/^Support .*until Fri 2026-12-04 06:00 -07:00/m);
    expect(stdout).toMatch(/^site:Denver .*until Fri 2026-12-04 07:00 -07:00/m);
    expect((await override("show", "--zone", "Europe/Zurich")).stdout).toMatch(/until Fri 2026-12-04 14:00 \+01:00/);
    expect(await override("show", "--zone", "Denver")).toMatchObject({ code: 2 });
  });

  it("shows a row that calls leave out, and why", async () => {
    await writeRows(running(), { Routes: { override: { all: { targets: "Carol" } } } });
    const { stdout } = await override("show");
    expect(stdout).toMatch(/all +off +none .*left out: targets/);
  });

  it("gives the stored cells and the lines with --json", async () => {
    await override("on", "--scope", "site:Denver", "--reject", "forbidden");
    expect(JSON.parse((await override("show", "--json")).stdout)).toEqual([
      {
        scope: "site:Denver",
        on: true,
        lines: [IDS.queue, IDS.line],
        stored: { action: "reject", reason: "forbidden" },
        faults: [],
      },
    ]);
  });

  it("says that none is on", async () => {
    expect((await override("show")).stderr).toContain("No override is on.");
  });
});
