import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

describe("npm run bench", () => {
  it.each([
    ["without a name", [], "Name a bench."],
    ["with a name that none has", ["webhok"], 'There is no bench "webhok".'],
    ["with a flag that the bench lacks", ["decide", "--lines", "5"], "--lines"],
    ["with one file to compare", ["compare", "old.json"], "compare takes 2 files."],
  ])("is wrong usage %s, which it says in a sentence", (_what, args, sentence) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
  });

  it("says of a file to compare that it is no result", () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "compare", MAIN, MAIN], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(`${MAIN} is no result of a bench`);
  });
});
