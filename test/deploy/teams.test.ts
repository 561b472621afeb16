import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./run-script.ts";
import { unzip } from "./unzip.ts";

const APP_ID = "24701998-1a73-4d42-8085-bf46ed0ae039";

describe("npm run azure:teams-app", () => {
  const common = ["--app-id", APP_ID, "--developer", "Contoso", "--website", "https://www.contoso.com"];
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ringroute-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function make(out: string, ...more: string[]): Promise<Map<string, Buffer>> {
    const { code, stdout, stderr } = await runScript("make-teams-app", [
      ...common,
      "--out",
      join(folder, out),
      ...more,
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^done +wrote .*\nby hand +upload it/);
    return unzip(await readFile(join(folder, out)));
  }

  it("writes an app whose bot can be called, without video", async () => {
    const files = await make("app.zip");
    expect([...files.keys()].sort()).toEqual(["color.png", "manifest.json", "outline.png"]);
    expect(JSON.parse(files.get("manifest.json")?.toString() ?? "")).toMatchObject({
      manifestVersion: "1.19",
      id: APP_ID,
      name: { short: "Ringroute" },
      developer: { name: "Contoso", privacyUrl: "https://www.contoso.com", termsOfUseUrl: "https://www.contoso.com" },
      icons: { color: "color.png", outline: "outline.png" },
      bots: [{ botId: APP_ID, supportsCalling: true, supportsVideo: false }],
    });
  });

  it.each([
    ["color.png", 192],
    ["outline.png", 32],
  ])("brings an icon %s of %i pixels, as Teams wants it", async (name, side) => {
    const picture = (await make("app.zip")).get(name) ?? Buffer.alloc(0);
    expect(picture.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([side, side]);
    const start = picture.indexOf("IDAT");
    const pixels = inflateSync(picture.subarray(start + 4, start + 4 + picture.readUInt32BE(start - 4)));
    // A byte for the row's filter, then red, green, blue and opacity of each pixel.
    expect(pixels.length).toBe(side * (1 + 4 * side));
    const middle = pixels.subarray((side / 2) * (1 + 4 * side) + 1 + 2 * side).readUInt32BE(0);
    expect(middle.toString(16)).toBe(name === "outline.png" ? "ffffff00" : "4f52b2ff");
  });

  it("writes the same bytes again for the same words", async () => {
    await make("one.zip");
    await make("other.zip");
    expect(await readFile(join(folder, "one.zip"))).toEqual(await readFile(join(folder, "other.zip")));
  });

  it("takes a higher version, for an update", async () => {
    const files = await make("app.zip", "--version", "1.2.0");
    expect(JSON.parse(files.get("manifest.json")?.toString() ?? "")).toMatchObject({ version: "1.2.0" });
  });

  it("writes nothing in a dry run, and shows the manifest", async () => {
    const before = await readdir(folder);
    const { code, stdout } = await runScript("make-teams-app", [
      ...common,
      "--out",
      join(folder, "none.zip"),
      "--dry-run",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.slice(stdout.indexOf("{")))).toMatchObject({ id: APP_ID });
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    ["--name", "a".repeat(31)],
    ["--version", "1.2"],
    ["--website", "http://www.contoso.com"],
  ])("refuses %s %s, which Teams would refuse", async (option, value) => {
    const { code, stderr } = await runScript("make-teams-app", [...common, option, value, "--dry-run"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option} is "${value}"`);
  });
});

describe("npm run azure:phone-number", () => {
  const common = ["--app-id", APP_ID, "--account", "ringroute@contoso.com", "--number", "+14255550100"];

  it("prints the steps in the order in which they work: account, licence, number", async () => {
    const { code, stdout } = await runScript("print-phone-steps", common);
    expect(code).toBe(0);
    const steps = [
      "New-CsOnlineApplicationInstance",
      "Sync-CsOnlineApplicationInstance",
      "Update-MgUser",
      "Set-MgUserLicense",
    ];
    const places = [...steps, "Set-CsPhoneNumberAssignment -Identity"].map((step) => stdout.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(stdout).toContain("PHONESYSTEM_VIRTUALUSER");
    expect(stdout).toContain("-PhoneNumberType CallingPlan");
  });

  it("keeps what it is given from being run as PowerShell", async () => {
    const { stdout } = await runScript("print-phone-steps", [
      ...common,
      "--name",
      "Bob's $(Stop-Computer) \u2019ring\u2019",
    ]);
    expect(stdout).toContain("-DisplayName 'Bob''s $(Stop-Computer) \u2019\u2019ring\u2019\u2019'");
  });

  it.each([
    ["usgov", "TeamsGCCH", "USGov"],
    ["usgovdod", "TeamsDOD", "USGovDoD"],
  ])("signs in to the cloud %s", async (cloud, teams, graph) => {
    const { stdout } = await runScript("print-phone-steps", [...common, "--cloud", cloud]);
    expect(stdout).toContain(`Connect-MicrosoftTeams -TeamsEnvironmentName ${teams}\n`);
    expect(stdout).toMatch(new RegExp(`Connect-MgGraph .* -Environment ${graph}\n`));
  });

  it.each([
    ["--number", "425 555 0100"],
    ["--account", "ringroute"],
    ["--country", "USA"],
    ["--number-type", "Mobile"],
  ])("refuses %s %s", async (option, value) => {
    const { code, stdout, stderr } = await runScript("print-phone-steps", [...common, option, value]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${option} is "${value}"`);
  });
});
