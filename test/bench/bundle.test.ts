import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesByPackage, bytesOf, loadedWith } from "../../bench/cold/bundle-size.ts";
import { buildApp } from "../../local/build.ts";

let bundle: Metafile;
/** What is loaded with the numbering plan. */
let planText: string;

beforeAll(async () => {
  const outDir = await mkdtemp(join(tmpdir(), "ringroute-"));
  bundle = await buildApp({ outDir });
  const [planFile] = Object.keys(bundle.outputs).filter((name) =>
    Object.keys(bundle.outputs[name]?.inputs ?? {}).some((input) => /libphonenumber-js.metadata/.test(input)),
  );
  planText = await readFile(planFile ?? "no file has the numbering plan", "utf8");
  await rm(outDir, { recursive: true });
});

/** What is loaded of a package or folder. */
function loadedOf(folder: string, ...sources: readonly string[]): string[] {
  const files = sources.flatMap((source) => [...loadedWith(bundle, source)]);
  return files.filter((file) => file.includes(folder));
}

describe("the deployable bundle", () => {
  it("is smaller than 1.2 MB", () => {
    expect(bytesOf(bundle)).toBeLessThan(1.2e6);
  });

  it("loads none of the libraries that a call needs before the host has heard of the functions", () => {
    for (const library of ["@azure/data-tables", "@azure/identity", "microsoft-graph-client", "node_modules/jose"]) {
      expect(loadedOf(library, "functions/calls.ts")).toEqual([]);
    }
    expect(loadedOf("@azure/data-tables", "src/create-app.ts")).not.toEqual([]);
  });

  it.each(["src/cli/", "src/check/", "src/console/", "src/store/call-pruning.ts", "node_modules/commander"])(
    "loads nothing of %s on the way to a call",
    (folder) => {
      expect(loadedOf(folder, "functions/calls.ts", "src/create-app.ts")).toEqual([]);
    },
  );

  it("has the numbering plan as a text, which loads sooner than a program", () => {
    expect(planText).toMatch(/JSON\.parse\(["'`]\{"version":/);
  });

  it("loads the identity library apart from the rest, when a token is wanted", () => {
    expect(loadedOf("@azure/identity", "src/create-app.ts")).toEqual([]);
    expect(bytesByPackage(bundle).map(([name]) => name)).toContain("@azure/identity");
  });
});
