import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { BICEP_VERSION, findCompiler, otherVersion, runCompiler, withoutCompiler } from "../../infra/bicep.ts";
import { diagnosticsIn } from "../../infra/check.ts";
import { SKIPPED } from "./templates.ts";

describe("findCompiler", () => {
  it("takes the one that BICEP names", () => {
    expect(findCompiler({ BICEP: process.execPath })).toBe(process.execPath);
  });

  it("says so when BICEP leads nowhere", () => {
    expect(() => findCompiler({ BICEP: "/nowhere/bicep" })).toThrow('BICEP is "/nowhere/bicep"');
  });

  // There the compiler has another file name.
  describe.skipIf(process.platform === "win32")("elsewhere than on Windows", () => {
    it("takes the first on the PATH", () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "bicep"), "");
      expect(findCompiler({ PATH: `/nowhere:${folder}` }, "/nowhere")).toBe(join(folder, "bicep"));
    });

    it("takes the version that was installed before another one on the PATH, as GitHub's machines have", () => {
      const [onPath, installed] = [temporaryFolder(), temporaryFolder()];
      writeFileSync(join(onPath, "bicep"), "");
      const tools = join(installed, "azure.bicep.commandline.linux-x64", BICEP_VERSION, "tools");
      mkdirSync(tools, { recursive: true });
      writeFileSync(join(tools, "bicep"), "");
      expect(findCompiler({ PATH: onPath }, installed)).toBe(join(tools, "bicep"));
    });
  });
});

describe("otherVersion", () => {
  const printed = "Bicep CLI version 0.30.3 (3d9e7a1f5c)";

  it("has nothing to say of the version that wrote the snapshots", () => {
    expect(otherVersion(`Bicep CLI version ${BICEP_VERSION} (b34271ac51)`, { CI: "true" })).toBeUndefined();
  });

  it("fails in CI for another one, and only says so elsewhere", () => {
    expect(otherVersion(printed, { CI: "true" })).toMatchObject({ failure: true });
    expect(otherVersion(printed, {})).toMatchObject({ failure: false, says: expect.stringContaining(BICEP_VERSION) });
  });
});

describe("withoutCompiler", () => {
  it("is a failure in CI", () => {
    expect(withoutCompiler({ CI: "true" })).toMatchObject({ failure: true, says: expect.stringContaining("need") });
  });

  it("skips elsewhere, and says how to get one", () => {
    const { failure, says } = withoutCompiler({});
    expect(failure).toBe(false);
    expect(says).toMatch(/skipped.*az bicep install/);
  });
});

describe.skipIf(SKIPPED !== undefined)(`diagnosticsIn${SKIPPED === undefined ? "" : ` (${SKIPPED})`}`, () => {
  it("tells a warning of the compiler, which would let the build pass, with file, line and rule", () => {
    const folder = temporaryFolder();
    const file = join(folder, "wrong.bicep");
    writeFileSync(file, "resource plan 'Microsoft.Web/serverfarms@1999-01-01' = {\n  name: 'plan'\n}\n");
    const compiler = findCompiler(process.env);
    if (compiler === undefined) throw new Error(withoutCompiler(process.env).says);
    const run = runCompiler(compiler, ["build", file, "--stdout", "--diagnostics-format", "sarif"]);
    expect(run.ok).toBe(true);
    expect(diagnosticsIn(run.stderr)).toEqual([expect.stringMatching(/wrong\.bicep:1 BCP081: /)]);
  });

  it("is empty for a template without a fault", () => {
    expect(diagnosticsIn('{"runs":[{"results":[]}]}')).toEqual([]);
  });

  it("tells what the compiler says when it gives up", () => {
    expect(diagnosticsIn("Unhandled exception\n")).toEqual(["Unhandled exception"]);
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ringroute-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
