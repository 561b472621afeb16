import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findCompiler, runCompiler, withoutCompiler } from "../../infra/bicep.ts";
import { diagnosticsIn } from "../../infra/check.ts";
import { SKIPPED } from "./templates.ts";

describe("findCompiler", () => {
  it("takes the one that BICEP names", () => {
    expect(findCompiler({ BICEP: process.execPath })).toBe(process.execPath);
  });

  it("says so when BICEP leads nowhere", () => {
    expect(() => findCompiler({ BICEP: "/nowhere/bicep" })).toThrow('BICEP is "/nowhere/bicep"');
  });

  it.skipIf(process.platform === "win32")("takes the first on the PATH", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "bicep"), "");
    expect(findCompiler({ PATH: `/nowhere:${folder}` })).toBe(join(folder, "bicep"));
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
