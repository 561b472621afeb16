import { describe, expect, it } from "vitest";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { BLOCKED, useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
const CALLER = "+14255550142";

const week = async (at: string, to = "Support", from = CALLER) =>
  (await command(["explain", "--to", to, "--from", from, "--week", "--at", at])).stdout;

/** The line of an hour, a string for each day. */
function hour(picture: string, text: string): string[] {
  const line = picture.split("\n").find((each) => each.startsWith(text)) ?? "";
  return Array.from({ length: 7 }, (_, day) => line.slice(7 + day * 8, 11 + day * 8));
}

describe("ringroute explain --week", () => {
  it("draws hours down and days across in 80 columns, with a legend, as a process of its own", async () => {
    const args = ["explain", "--to", "Support", "--from", CALLER, "--week", "--at", "2026-12-25 10:00"];
    const { code, stdout } = await runProcess(args, { connectionString: running().azurite.connectionString });
    expect(code).toBe(0);
    expect(stdout).toContain("Mon 21  Tue 22  Wed 23  Thu 24  Fri 25  Sat 26  Sun 27\n");
    expect(hour(stdout, "07:00")).toEqual(Array(7).fill("AAAA"));
    expect(hour(stdout, "08:00")).toEqual(["BBBB", "BBBB", "BBBB", "BBBB", "AAAA", "AAAA", "AAAA"]);
    expect(stdout).toMatch(/^A {2}helpdesk\/night: On call$/m);
    expect(stdout).toMatch(/^B {2}helpdesk\/day: Adele, Ben$/m);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("puts small letters where calls are rejected and signs where a fallback rings", async () => {
    const rejected = await week("2026-12-25 10:00", "Support", BLOCKED);
    expect(hour(rejected, "12:00")).toEqual(Array(7).fill("xxxx"));
    expect(rejected).toMatch(/^x {2}all\/blocked: reject busy$/m);
    const fallback = await week("2026-12-25 10:00", "Sales", "anonymous");
    expect(hour(fallback, "12:00")).toEqual(Array(7).fill("++++"));
    expect(fallback).toMatch(/^\+ {2}the line's fallback: \+1 303 555 0199$/m);
    const nothing = await week("2026-12-25 10:00", "Warehouse", "anonymous");
    expect(hour(nothing, "12:00")).toEqual(Array(7).fill("!!!!"));
  });

  it("shows an override that lapses within the week", async () => {
    const until = "2026-12-02T06:00:00-07:00";
    await writeRows(running(), { Routes: { override: { "site:Denver": { action: "reject", until } } } });
    const picture = await week("2026-12-02 10:00");
    expect(hour(picture, "05:00")).toEqual(["xxxx", "xxxx", "xxxx", "AAAA", "AAAA", "AAAA", "AAAA"]);
    expect(hour(picture, "06:00")).toEqual(["xxxx", "xxxx", "AAAA", "AAAA", "AAAA", "AAAA", "AAAA"]);
  });

  it("minds that a caller is on a list only until a day", async () => {
    const until = "2026-12-02T06:00:00-07:00";
    const caller = "+12065550123";
    await writeRows(running(), { CallerLists: { [caller]: { blocked: { until } } } });
    const picture = await week("2026-12-02 10:00", "Support", caller);
    expect(hour(picture, "05:00").slice(1, 4)).toEqual(["xxxx", "xxxx", "AAAA"]);
    expect(hour(picture, "06:00").slice(1, 4)).toEqual(["xxxx", "AAAA", "AAAA"]);
  });

  it("leaves a gap where the clocks jump, and says so", async () => {
    const picture = await week("2026-03-08 12:00");
    expect(picture).toContain("Sun 08*");
    expect(hour(picture, "02:00")[6]).toBe("");
    expect(hour(picture, "03:00")[6]).toBe("AAAA");
    expect(picture).toContain("* On 2026-03-08 the clocks jump over 02:00-03:00.");
  });

  it("shows the first of two equal hours, and tells the second where it differs", async () => {
    const same = await week("2026-11-01 12:00");
    expect(same).toContain(
      "* On 2026-11-01 the clocks go back and 01:00-02:00 comes twice; the picture shows the first time.",
    );
    const until = "2026-11-01T01:30:00-07:00";
    await writeRows(running(), { Routes: { override: { [IDS.line]: { action: "reject", until } } } });
    const picture = await week("2026-11-01 12:00");
    expect(hour(picture, "01:00")[6]).toBe("xxxx");
    expect(picture).toContain("the second time it is xxAA.");
  });

  it("gives every step with --json", async () => {
    const args = ["explain", "--to", "Support", "--from", CALLER, "--week", "--at", "2026-12-25 10:00", "--json"];
    const { ways, days } = JSON.parse((await command(args)).stdout);
    expect(ways.map(({ by }: { by: { name: string } }) => by.name)).toEqual(["night", "day"]);
    expect(days).toHaveLength(7);
    expect(days[0].steps).toHaveLength(96);
    expect(days[0].steps[32]).toEqual({ at: "2026-12-21T08:00:00-07:00", way: 1 });
  });
});
