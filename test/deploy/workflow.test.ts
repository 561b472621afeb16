import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BICEP_VERSION, ENVIRONMENTS, EXAMPLES, ROOT } from "../../infra/bicep.ts";

const WORKFLOW = read(".github/workflows/deploy.yml");
const DEPLOY = read("docs/deploy.md");

function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, "utf8");
}

/** What a parameter file reads from the environment. */
function readBy(path: string): string[] {
  return [...read(path).matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name = ""]) => name);
}

/** Names and values of the env blocks of the steps that hand a parameter file to Azure. */
function envBlocks(): ReadonlyMap<string, string>[] {
  return [...WORKFLOW.matchAll(/ {8}env:\n((?: {10}.*\n)+) {8}run: \|\n((?: {10}.*\n?)+)/g)]
    .filter(([, , run = ""]) => run.includes("$PARAMETERS"))
    .map(
      ([, block = ""]) =>
        new Map([...block.matchAll(/(\w+): (.*)/g)].map(([, name = "", value = ""]) => [name, value])),
    );
}

// azd has its own environment, and reads main.bicepparam alone.
const DEPLOYED = [...ENVIRONMENTS].filter(([name]) => name !== "main").map(([, path]) => `${path}.bicepparam`);

describe(".github/workflows/deploy.yml", () => {
  it("gives what-if and deployment every variable that a parameter file reads, and none besides", () => {
    const wanted = [...new Set(DEPLOYED.flatMap(readBy))];
    const blocks = envBlocks();
    expect(blocks).toHaveLength(2);
    for (const block of blocks) expect([...block.keys()].sort()).toEqual([...wanted, "RESOURCE_GROUP"].sort());
  });

  it("takes each from the variable of that name", () => {
    for (const block of envBlocks()) {
      for (const [name, value] of block) {
        expect(value).toBe(`\${{ vars.${name === "RESOURCE_GROUP" ? "AZURE_RESOURCE_GROUP" : name} }}`);
      }
    }
  });

  it("asks for no variable that docs/deploy.md does not tell of", () => {
    const asked = [...WORKFLOW.matchAll(/vars\.(\w+)/g)].map(([, name]) => `\`${name}\``);
    expect(asked.length).toBeGreaterThan(10);
    for (const name of asked) expect(DEPLOY).toContain(name);
  });

  it("deploys any parameter file, with a name that people type", () => {
    expect(WORKFLOW).toMatch(/ {6}environment:\n(?: {8}.*\n)*? {8}type: string\n/);
    expect(WORKFLOW).toMatch(/PARAMETERS: infra\/\$\{\{ inputs\.environment \}\}\.bicepparam\n/);
    expect(WORKFLOW.replace(/ {8}description: .*\n/, "")).not.toMatch(/\b(dev|prod|usgov)\b/);
  });

  it("compiles with the version that the gate has, whatever is on the machine's PATH", () => {
    expect(WORKFLOW).toContain(`BICEP_VERSION: v${BICEP_VERSION}\n`);
    const installs = WORKFLOW.match(/.*\n.*az bicep install --version "\$BICEP_VERSION"/g) ?? [];
    expect(installs).toHaveLength(2);
    for (const lines of installs) expect(lines).toContain("az config set bicep.use_binary_from_path=false");
  });
});

describe("the examples of the gate", () => {
  it("have a value for everything that a parameter file reads, and for nothing else", () => {
    const asked = new Set([...DEPLOYED, "infra/main.bicepparam"].flatMap(readBy));
    expect([...asked].sort()).toEqual(Object.keys(EXAMPLES).sort());
  });
});
