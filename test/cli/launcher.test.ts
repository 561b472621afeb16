import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SOURCE = fileURLToPath(new URL("../../src/cli/ringroute.ts", import.meta.url));

async function run(command: string, args: readonly string[], stdout: "pipe" | number = "pipe") {
  const child = spawn(command, args, { stdio: ["ignore", stdout, "pipe"], env: { PATH: process.env.PATH } });
  if (child.stderr === null) throw new TypeError("stderr is a pipe");
  const [told, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { code, told };
}

/** A Node.js before 22 that the machine has, outside node_modules. */
function olderNode(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return folders
    .map((folder) => join(folder, "node"))
    .find((path) => {
      if (!existsSync(path)) return false;
      return Number.parseInt(execFileSync(path, ["--version"], { encoding: "utf8" }).slice(1), 10) < 22;
    });
}

describe("ringroute on an older Node.js", () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ringroute-launcher-"));
    await build({
      entryPoints: [SOURCE],
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      packages: "external",
      platform: "node",
      target: "node22",
      format: "esm",
    });
    await stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("says which version it needs and ends with 2", async () => {
    const fake = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
    const { code, told } = await run(process.execPath, ["--import", `data:text/javascript,${fake}`, SOURCE, "lines"]);
    expect({ code, told }).toEqual({
      code: 2,
      told: "ringroute: this is Node.js 20.20.2, and ringroute needs 22 or later.\n",
    });
  });

  const older = olderNode();
  // Most machines have one Node.js, which is new enough.
  it.skipIf(older === undefined)("says so as installed, where the machine's own Node.js is the older one", async () => {
    const { code, told } = await run(older ?? "", [join(folder, "ringroute.mjs"), "lines"]);
    expect({ code, told }).toEqual({
      code: 2,
      told: expect.stringMatching(/^ringroute: this is Node\.js [\d.]+, and ringroute needs 22 or later\.\n$/),
    });
  });
});

describe("ringroute whose output nobody takes", () => {
  // Only some systems have a device that is always full.
  it.skipIf(!existsSync("/dev/full"))("ends with 1 and says so when the disk is full", async () => {
    const full = openSync("/dev/full", "w");
    try {
      const { code, told } = await run(process.execPath, [SOURCE, "--version"], full);
      expect({ code, told }).toEqual({
        code: 1,
        told: expect.stringMatching(/^ringroute: the output cannot be written: .*no space left/),
      });
    } finally {
      closeSync(full);
    }
  });

  it("keeps its exit code when nobody reads its errors", async () => {
    const child = spawn(process.execPath, [SOURCE, "bogus"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.destroy();
    child.stdout.resume();
    expect((await once(child, "close"))[0]).toBe(2);
  });
});
