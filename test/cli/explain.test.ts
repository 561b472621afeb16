import { describe, expect, it } from "vitest";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { BLOCKED, useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
/** Wednesday, 09:30 in Denver. */
const NOW = new Date("2026-11-25T16:30:00Z");
const CALLER = "+14255550142";

const explain = (...args: string[]) => command(["explain", ...args], { now: NOW });

describe("ringroute explain", () => {
  it("says of each rule in order whether it applies, and who rings, as a process of its own", async () => {
    const args = ["explain", "--to", "Support", "--from", CALLER, "--at", "2026-12-25 10:00"];
    const { code, stdout } = await runProcess(args, { connectionString: running().azurite.connectionString });
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(0, 11)).toEqual([
      `Line      Support, +1 303 555 0100 (${IDS.line})`,
      "Caller    +1 425 555 0142",
      "Moment    Fri 2026-12-25 10:00 -07:00 in America/Denver (2026-12-25T17:00:00Z)",
      "",
      "Rules, in the order of decision:",
      "  1. all/blocked does not apply: it is for other callers (list:blocked).",
      '  2. helpdesk/day does not apply: schedule office is closed by feasts/12-25 "Christmas", and opens next on Mon 2026-12-28 08:00 -07:00.',
      "  3. helpdesk/night applies.",
      "     Not asked any more: default/desk.",
      "",
      "Decision  helpdesk/night decides: redirect.",
    ]);
    expect(stdout).toContain("Rings     On call (phone:+13035550199)");
  });

  it("tells how targets ring, for how long, and what follows a refusal of Graph", async () => {
    const { stdout } = await explain("--to", "Support", "--from", CALLER);
    expect(stdout).toMatch(/Rings +Adele \(user:.*\n +Ben \(user:/);
    expect(stdout).toMatch(/Ring +all 2 together\nTimeout +30 s/);
    const sales = await explain("--to", "+13035550101", "--from", CALLER);
    expect(sales.stdout).toMatch(
      /Timeout +Graph's own \(55 s\)\nFallback +when Graph refuses, the line's: \+1 303 555 0199/,
    );
  });

  it("shows the caller's lists, and the rule that rejects", async () => {
    const { stdout } = await explain("--to", "Support", "--from", BLOCKED);
    expect(stdout).toContain("Caller    +1 800 555 0199, on list:blocked");
    expect(stdout).toContain("1. all/blocked applies.");
    expect(stdout).toContain("Decision  all/blocked decides: reject busy.");
  });

  it("names the term that excludes a caller, and the fallback that is left", async () => {
    const { stdout } = await explain("--to", "Sales", "--from", "anonymous");
    expect(stdout).toContain("default/desk does not apply: it excludes anonymous.");
    expect(stdout).toContain("the line's fallback decides: redirect.");
    const warehouse = await explain("--to", "Warehouse", "--from", "anonymous");
    expect(warehouse.stdout).toContain("no rule applies and there is no fallback: reject none.");
  });

  it("prints what goes to Graph with --body: a redirect or a reject", async () => {
    const { stdout } = await explain("--to", "Sales", "--from", CALLER, "--body");
    const [, url = "", body = "{}"] = /^POST (\S+)\n(\{[\s\S]*)$/m.exec(stdout) ?? [];
    expect(url).toBe("https://graph.microsoft.com/v1.0/communications/calls/{call-id}/redirect");
    expect(JSON.parse(body)).toEqual({
      targets: [
        {
          "@odata.type": "#microsoft.graph.invitationParticipantInfo",
          identity: {
            "@odata.type": "#microsoft.graph.identitySet",
            user: { "@odata.type": "#microsoft.graph.identity", displayName: "Ben", id: IDS.ben },
          },
        },
      ],
      callbackUri: "https://{app}/api/calls/{record}",
    });
    const rejected = await explain("--to", "Sales", "--from", BLOCKED, "--body");
    expect(rejected.stdout).toMatch(/\/reject\n\{\n {2}"reason": "busy",/);
  });

  it.each([
    ["random", "each call chooses by its id"],
    ["round-robin", "only the app knows"],
  ])("says that the choice of %s differs from call to call, and shows one", async (ring, words) => {
    const targets = `user:${IDS.adele}, user:${IDS.ben}`;
    await writeRows(running(), { Routes: { override: { [IDS.queue]: { ring, targets } } } });
    const { stdout, stderr } = await explain("--to", "Sales", "--from", CALLER, "--body");
    expect(stderr).toContain(words);
    expect(stdout.match(/invitationParticipantInfo/g)).toHaveLength(1);
  });

  it("names an override of a line by the line, whether it decides or is not asked any more", async () => {
    await writeRows(running(), {
      Routes: { override: { [IDS.line]: { action: "reject" }, all: { action: "reject" } } },
    });
    const { stdout } = await explain("--to", "Support", "--from", CALLER);
    expect(stdout).toContain("  2. override/Support applies.");
    expect(stdout).toContain("Decision  override/Support decides: reject busy.");
    const blocked = await explain("--to", "Support", "--from", BLOCKED);
    expect(blocked.stdout).toContain("Not asked any more: override/Support, override/all, ");
    const week = await explain("--to", "Support", "--from", CALLER, "--week");
    expect(week.stdout).toMatch(/^x {2}override\/Support: reject busy$/m);
  });

  it("gives decision, trace and sentences with --json, and nothing else on stdout", async () => {
    const { stdout } = await explain("--to", "Support", "--from", CALLER, "--json", "--body");
    expect(JSON.parse(stdout)).toMatchObject({
      line: { id: IDS.line, name: "Support" },
      caller: CALLER,
      at: "2026-11-25T16:30:00.000Z",
      wall: "2026-11-25T09:30:00-07:00",
      decision: {
        kind: "redirect",
        by: { partition: "helpdesk", name: "day" },
        trace: { steps: [{ rule: "blocked" }, { rule: "night" }, { rule: "day" }] },
      },
      sentences: [
        expect.stringContaining("all/blocked does not apply"),
        expect.stringContaining("schedule office is open (wednesday 08:00-17:00)"),
        expect.stringContaining("helpdesk/day decides"),
      ],
      request: { method: "POST" },
    });
  });

  it("says which moment it took when the hour comes twice", async () => {
    const { stdout, stderr } = await explain("--to", "Support", "--from", CALLER, "--at", "2026-11-01 01:30");
    expect(stderr).toContain("comes twice in America/Denver");
    expect(stdout).toContain("Sun 2026-11-01 01:30 -06:00");
  });

  it("takes UTC, and says so, where no schedule tells the zone; --zone tells it", async () => {
    const utc = await explain("--to", "Sales", "--from", CALLER, "--at", "2026-12-01 09:00");
    expect(utc.stdout).toContain("2026-12-01T09:00:00Z");
    expect(utc.stderr).toContain("Times are UTC, since no schedule is named");
    const zone = ["--zone", "Mountain Standard Time"];
    const denver = await explain("--to", "Sales", "--from", CALLER, "--at", "2026-12-01 09:00", ...zone);
    expect(denver.stdout).toContain("2026-12-01T16:00:00Z");
    expect(denver.stderr).not.toContain("UTC");
  });

  it.each([
    [["--to", "Support"], "--from"],
    [["--to", "Suport", "--from", CALLER], '--to is "Suport"'],
    [["--to", "Support", "--from", "somebody"], '--from is "somebody"'],
    [["--to", "Support", "--from", CALLER, "--at", "noon"], '--at is "noon"'],
    [["--to", "Support", "--from", CALLER, "--zone", "EST"], "--zone"],
    [["--to", "Support", "--from", CALLER, "--week", "--body"], "keep one"],
  ])("refuses %j and names what is wrong", async (args, words) => {
    const { code, stdout, stderr } = await explain(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  it("warns of an id that no row knows", async () => {
    const { stderr } = await explain("--to", IDS.tenant, "--from", CALLER);
    expect(stderr).toContain(`${IDS.tenant} has no row in Lines and no rules of its own`);
  });
});
