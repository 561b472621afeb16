import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runScript } from "./run-script.ts";

const DEPLOY = read("docs/deploy.md");
const OPERATIONS = read("docs/operations.md");
const AZURE_YAML = read("azure.yaml");
const WORKFLOWS = [".github/workflows/ci.yml", ".github/workflows/deploy.yml"] as const;
const MAIN_BICEP = read("infra/main.bicep");

/** Files of infra/scripts by the name under which npm runs them. */
const SCRIPTS = new Map(
  readdirSync(new URL("../../infra/scripts/", import.meta.url))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [/name: "(azure:[\w-]+)"/.exec(read(`infra/scripts/${file}`))?.[1] ?? file, file.slice(0, -3)]),
);

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** The scripts that a text runs, each with its options. Lines that end in a backslash go on. */
function scriptsRunBy(text: string): { readonly name: string; readonly options: readonly string[] }[] {
  const joined = text.replaceAll("\\\n", " ");
  return [...joined.matchAll(/npm run (?:--silent )?(azure:[\w-]+)(?: -- ([^\n`|]*))?/g)].map(
    ([, name = "", rest = ""]) => ({
      name,
      options: [...rest.matchAll(/(?<=^|\s)--[a-z-]+/g)].map(([option]) => option),
    }),
  );
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

describe("the commands of documents, workflows and azure.yaml", () => {
  const commands = [DEPLOY, OPERATIONS, AZURE_YAML, ...WORKFLOWS.map(read)].flatMap(scriptsRunBy);

  it("run every script of infra/scripts, and none besides", () => {
    expect([...new Set(commands.map(({ name }) => name))].sort()).toEqual([...SCRIPTS.keys()].sort());
  });

  it.each([...SCRIPTS])("give %s options that it has", async (name, file) => {
    const { code, stdout } = await runScript(file, ["--help"]);
    expect(code).toBe(0);
    const known = matches(stdout, /^ {2}(--[a-z-]+) /gm);
    const given = [...commands, ...scriptsRunBy(stdout)].filter((command) => command.name === name);
    expect(given.length).toBeGreaterThan(1);
    for (const { options } of given) expect(known).toEqual(expect.arrayContaining([...options]));
  });

  it("ask the templates for outputs that they have", () => {
    const outputs = matches(MAIN_BICEP, /^output (\w+) /gm);
    const asked = [...matches(DEPLOY, /\$\(output (\w+)\)/g), ...matches(read(WORKFLOWS[1]), /jq -er \.(\w+)\.value/g)];
    expect(asked.length).toBeGreaterThan(4);
    expect(outputs).toEqual(expect.arrayContaining(asked));
  });
});

describe("azure.yaml", () => {
  it("names the service as the templates tag the site", () => {
    const [service] = matches(AZURE_YAML, /^services:\n(?: *#.*\n)* {2}(\w+):/gm);
    expect(MAIN_BICEP).toContain(`param azdServiceName string = '${service}'`);
  });

  it("deploys the archive that npm run package writes", () => {
    expect(AZURE_YAML).toContain("dist: dist/ringroute.zip");
    expect(read("local/package.ts")).toContain('join(outDir, "ringroute.zip")');
  });

  it("reads only outputs of the templates, and what docs/deploy.md has people set", () => {
    const variables = matches(AZURE_YAML, /\$(?:env:)?([A-Z][A-Z_]+)/g);
    const ofPowerShell = ["LASTEXITCODE"];
    const known = [
      ...matches(MAIN_BICEP, /^output (\w+) /gm),
      ...matches(DEPLOY, /^azd env set (\w+) /gm),
      ...ofPowerShell,
    ];
    expect(variables.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(variables));
  });

  it("does the same on Windows as elsewhere", () => {
    const windows = matches(AZURE_YAML, /windows:\n([\s\S]*?)posix:/g);
    const posix = matches(AZURE_YAML, /posix:\n([\s\S]*?)(?=\n {2,6}\w+:\n|\nhooks:|$)/g);
    const commands = (text: string) => matches(text, /(npm (?:ci|run)[^\n&|}]*)/g).map(plain);
    expect(windows.map(commands)).toEqual(posix.map(commands));
    expect(windows).toHaveLength(4);
  });
});

/** A command without what the two shells write differently. */
function plain(command: string): string {
  return command
    .replace(/\$env:/g, "$")
    .replaceAll('"', "")
    .replace(/ \*?>.*/, "")
    .trim();
}

describe.each(WORKFLOWS)("%s", (file) => {
  const workflow = read(file);

  it("pins every action to a commit, and says which version that is", () => {
    const uses = matches(workflow, /uses: (.+)$/gm).filter((action) => !action.startsWith("./"));
    expect(uses.length).toBeGreaterThan(1);
    for (const action of uses) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("starts with the right to read and no other", () => {
    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(workflow).not.toContain("secrets.");
  });

  it("puts no expression into a shell's text, where a value could become a command", () => {
    const texts = [...workflow.matchAll(/^( *)run: (?:\|\n((?:\1 {2}.*\n|\n)+)|(.*)$)/gm)].map(
      ([, , block, line]) => block ?? line,
    );
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).not.toContain("${{");
  });
});

describe("docs/deploy.md", () => {
  it("leads nowhere that is not there", () => {
    const base = new URL("../../docs/deploy.md", import.meta.url);
    const links = matches(DEPLOY, /\]\(([^)\s]+)\)/g).filter((target) => !target.startsWith("https:"));
    expect(links.length).toBeGreaterThan(5);
    for (const target of links) {
      const { pathname, hash } = new URL(target, base);
      const text = readFileSync(pathname, "utf8");
      if (hash !== "") expect(anchorsIn(text), target).toContain(hash.slice(1));
    }
  });

  it("speaks only of settings, variables and outputs that there are", () => {
    const known = new Set([
      ...matches(read("src/settings.ts"), /"([A-Z]+(?:_[A-Z]+)+)"/g),
      ...matches(MAIN_BICEP, /^output (\w+) /gm),
      ...matches(AZURE_YAML, /\$(?:env:)?([A-Z][A-Z_]+)/g),
      ...matches(read(WORKFLOWS[1]), /vars\.(\w+)/g),
      ...matches(DEPLOY, /(?:^|[ ])([A-Z_]+)=\S/gm),
    ]);
    const spoken = DEPLOY.match(/\b[A-Z]{3,}_[A-Z_]+\b/g) ?? [];
    expect(spoken.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** The anchors that GitHub gives a text's headings. */
function anchorsIn(markdown: string): string[] {
  return matches(markdown, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
