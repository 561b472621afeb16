import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { callKey, hourOf } from "../../src/store/call-rows.ts";
import { at, callLogOf, newId } from "../store/call-logs.ts";
import { CALLER } from "../store/calls.ts";
import { runProcess } from "../support/command.ts";
import { IDS } from "../support/rows.ts";
import { useDenver } from "./denver.ts";

const { running, command } = useDenver();
const { claimAndRecord, close } = callLogOf(running);
const NOW = at("10:00:00");
const calls = (...args: string[]) => command(["calls", ...args, "--utc"], { now: NOW });

const [ANSWERED, BUSY, FAILED, MASKED, OLD] = [newId(), newId(), newId(), newId(), newId()];
const FORMULA = newId();

/** Writes a call to Support, by `default/night` to Adele unless the cells say otherwise. */
async function aCall(id: string, time: string, cells: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const receivedAt = at(time);
  await running().tables.Calls.createEntity({
    ...callKey(id, hourOf(receivedAt)),
    callId: id,
    status: "redirected",
    receivedAt,
    line: IDS.line,
    caller: CALLER,
    rule: "default/night",
    action: "redirect",
    targets: `user:${IDS.adele}`,
    claimedMs: 14,
    decidedMs: 17,
    elapsedMs: 812,
    trace: "default/day does not apply: it is not enabled.\ndefault/night decides: redirect to Adele.",
    ...cells,
  });
}

beforeAll(async () => {
  await aCall(OLD, "01:00:00");
  await aCall(FORMULA, "03:00:00", { status: "failed", caller: "", failure: '=HYPERLINK("http://example.com")' });
  await aCall(ANSWERED, "09:15:00", { outcome: "answered", elapsedMs: 300 });
  await aCall(BUSY, "09:29:00", { outcome: "busy", fallback: "line" });
  await aCall(FAILED, "09:40:00", { status: "failed", targets: "", failure: "no token for Graph" });
  await aCall(MASKED, "09:45:00", { caller: "+*******0142" });
});

/** The calls that a listing prints, by their ids. */
async function idsOf(...args: string[]): Promise<string[]> {
  const { stdout } = await calls(...args, "--json");
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line).callId]));
}

describe("ringroute calls", () => {
  it("lists the last hour with the line and targets by name, newest last, and sums it up", async () => {
    const { code, stdout } = await calls();
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(/^Time +Line +Caller +Outcome +ms +Decided by: rings$/),
      expect.stringMatching(
        /^2026-11-25T09:15:00\+00:00 +Support +\+1 425 555 0142 +answered +300 +default\/night: Adele$/,
      ),
      expect.stringMatching(
        /^2026-11-25T09:29:00\+00:00 +Support +\+1 425 555 0142 +busy +812 +default\/night: Adele$/,
      ),
      expect.stringMatching(/^2026-11-25T09:40:00\+00:00 .* failed +812 +default\/night: no token for Graph$/),
      expect.stringMatching(/^2026-11-25T09:45:00\+00:00 .* \+\*{7}0142 +under way +812 /),
      "",
      "4 calls: 1 answered, 1 busy, 1 failed, 1 under way.",
      "3 redirected: 812 ms median, 812 ms 95th percentile. Fallbacks used: 1.",
      "",
    ]);
  });

  it.each([
    [
      ["--since", "10h"],
      [OLD, FORMULA, ANSWERED, BUSY, FAILED, MASKED],
    ],
    [
      ["--since", "2026-11-25T09:20:00Z"],
      [BUSY, FAILED, MASKED],
    ],
    [
      ["--to", "Support"],
      [ANSWERED, BUSY, FAILED, MASKED],
    ],
    [["--to", "Sales"], []],
    [
      ["--from", "+1 (425) 555-0142"],
      [ANSWERED, BUSY, FAILED, MASKED],
    ],
    [["--from", "anonymous", "--since", "10h"], [FORMULA]],
    [["--failed"], [FAILED]],
    [["--outcome", "busy"], [BUSY]],
    [["--outcome", "Under-Way"], [MASKED]],
  ])("with %j lists the calls asked for", async (args, expected) => {
    expect(await idsOf(...args)).toEqual(expected);
  });

  it.each([
    [["--since", "yesterday"], "--since"],
    [["--to", "Reception"], "--to"],
    [["--from", "Ben"], "--from"],
    [["--outcome", "missed"], "--outcome"],
    [["--csv", "--json"], "--csv"],
  ])("refuses %j and names the flag", async (args, flag) => {
    expect(await calls(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(flag) });
  });

  it("prints CSV in which no spreadsheet runs a formula, as a process of its own", async () => {
    const { code, stdout } = await runProcess(["calls", "--csv", "--since", "2026-11-25T00:00Z"], {
      connectionString: running().azurite.connectionString,
    });
    expect(code).toBe(0);
    const records: Record<string, string>[] = parse(stdout, { columns: true });
    const of = (id: string) => records.find(({ callId }) => callId === id);
    expect(of(FORMULA)?.failure).toBe(`'=HYPERLINK("http://example.com")`);
    expect(of(ANSWERED)).toMatchObject({
      caller: `'${CALLER}`,
      outcome: "answered",
      claimedMs: "14",
      decidedMs: "17",
      elapsedMs: "300",
      fate: "answered",
    });
  });

  it("draws a picture of hours when calls came in several", async () => {
    const { stdout } = await calls("--since", "10h", "--failed");
    expect(stdout).toMatch(/2026-11-25 03:00 {2}#{40} 1\n2026-11-25 04:00 {3}0\n[\s\S]*2026-11-25 09:00 {2}#{40} 1\n$/);
  });

  it("says that there were none", async () => {
    expect((await calls("--since", "1m")).stdout).toBe("No calls.\n");
  });
});

describe("ringroute calls show", () => {
  it("prints a call whole, with how it was decided", async () => {
    const { code, stdout } = await command(["calls", "show", ANSWERED.toUpperCase(), "--utc"], { now: NOW });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^call +answered, 2026-11-25T09:15:00\+00:00 UTC$/m);
    expect(stdout).toContain(`Support (${IDS.line})`);
    expect(stdout).toMatch(/^steps +claimed 14 ms, decided 17 ms, redirected 300 ms after receipt$/m);
    expect(stdout).toMatch(
      /How it was decided:\ndefault\/day does not apply: it is not enabled.\ndefault\/night decides: redirect to Adele./,
    );
  });

  it("takes its own flags", async () => {
    const { stdout } = await command(["calls", "show", ANSWERED, "--json"], { now: NOW });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ callId: ANSWERED, lineName: "Support", fate: "answered" },
      ...{ claimedMs: 14, decidedMs: 17, elapsedMs: 300 },
    });
    const since = ["--since", "2026-11-25T10:00Z"];
    expect(await command(["calls", "show", ANSWERED, ...since], { now: NOW })).toMatchObject({ code: 1 });
  });
});

describe("ringroute calls --follow", () => {
  /** A running command, and the next line that it prints about a call. */
  function follow() {
    const main = fileURLToPath(new URL("../../src/cli/ringroute.ts", import.meta.url));
    const { connectionString } = running().azurite;
    const child = spawn(process.execPath, [main, "calls", "--follow", "--json", "--since", "10m"], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, TABLES_CONNECTION_STRING: connectionString },
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      next: async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? "null"),
      async stop(): Promise<number | null> {
        child.kill("SIGINT");
        const [code] = await once(child, "exit");
        return code;
      },
    };
  }

  it("tells each call once and its end once, late rows as well, until Ctrl-C", { timeout: 60_000 }, async () => {
    const [known, late, last] = [newId(), newId(), newId()];
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await claimAndRecord(known, minutesAgo(2));
    const { next, stop } = follow();
    expect(await next()).toMatchObject({ callId: known, fate: "under way" });
    const lateAt = minutesAgo(6);
    const name = await claimAndRecord(late, lateAt);
    expect(await next()).toMatchObject({ callId: late, fate: "under way" });
    await close(late, new Date(), name, "busy");
    expect(await next()).toMatchObject({ callId: late, fate: "busy" });
    await close(known, new Date(), hourOf(minutesAgo(2)).replace(/[-T]/g, ""), "answered");
    expect(await next()).toMatchObject({ callId: known, fate: "answered" });
    await claimAndRecord(last, minutesAgo(0));
    expect(await next()).toMatchObject({ callId: last });
    expect(await stop()).toBe(0);
    expect(await next()).toBeNull();
  });
});
