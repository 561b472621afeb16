import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../infra/bicep.ts";
import { SNAPSHOTS } from "../infra/templates.ts";
import { chapter } from "../support/markdown.ts";

const DEPLOY = read("docs/deploy.md");
const OPERATIONS = read("docs/operations.md");

function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, "utf8");
}

function shellIn(markdown: string): string[] {
  return [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
}

/** Runs commands of the guide in a shell where `az` only notes what it was asked, and answers `an-answer`. */
function askedOfAz(commands: string, environment: Readonly<Record<string, string>> = {}): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "ringroute-"));
  try {
    const notes = join(folder, "notes");
    const note = `printf '%s\\001' "$@" >> '${notes}'; printf '\\002' >> '${notes}'`;
    writeFileSync(join(folder, "az"), `#!/bin/sh\n${note}\necho an-answer\n`, { mode: 0o755 });
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    const run = spawnSync("sh", ["-euc", commands], { cwd: ROOT, env: { ...environment, PATH }, encoding: "utf8" });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const asked = readFileSync(notes, "utf8").split("\u0002").slice(0, -1);
    return asked.map((args) => args.split("\u0001").slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function option(args: readonly string[], name: string): string | undefined {
  return args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
}

// The guide is for a POSIX shell.
describe.skipIf(process.platform === "win32")("docs/deploy.md and docs/operations.md", () => {
  it.each([...shellIn(DEPLOY), ...shellIn(OPERATIONS)].map((text) => [text.split("\n")[0], text]))(
    "give a shell what it can read: %s",
    (_, text) => {
      const run = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
      expect([run.status, run.stderr]).toEqual([0, ""]);
    },
  );

  it("register every provider that the templates use", () => {
    const [loop = ""] = shellIn(chapter(DEPLOY, "## 2. Azure"));
    const registered = askedOfAz(loop).map((args) => option(args, "--namespace"));
    const used = JSON.stringify(SNAPSHOTS).matchAll(/"(?:type|serviceName)":"(Microsoft\.\w+)\//g);
    // Known to every subscription.
    const always = ["Microsoft.Authorization"];
    const needed = [...new Set([...used].map(([, name = ""]) => name))].filter((name) => !always.includes(name));
    expect(registered.sort()).toEqual(needed.sort());
  });

  it.each([
    [
      "### With azd",
      "### With az",
      [...read("infra/main.bicep").matchAll(/^output (\w+)/gm)].map(([, name = ""]) => name),
    ],
    ["### With az", "### With azd", []],
  ])("use no variable that nothing sets: %s", (_, other, setByAzd) => {
    const way = DEPLOY.replace(chapter(DEPLOY, other), "");
    const steps = way.slice(way.indexOf("## 1. "), way.indexOf("## From GitHub Actions"));
    expect(unsetIn(steps + chapter(DEPLOY, "## Take it down"), setByAzd)).toEqual([]);
    expect(unsetIn(OPERATIONS)).toEqual([]);
  });
});

/** Variables that commands use, and neither they nor anybody else sets. */
function unsetIn(markdown: string, setElsewhere: readonly string[] = []): string[] {
  const commands = shellIn(markdown).join("\n");
  const set = [...commands.matchAll(/(?:^|[\s;])(\w+)=|^for (\w+) in/gm)].map(([, name, loop]) => name ?? loop);
  const used = [...commands.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  return used.filter((name) => !set.includes(name) && !setElsewhere.includes(name));
}

describe.skipIf(process.platform === "win32")("docs/deploy.md, rights to deploy", () => {
  const [, grants = "", locks = ""] = shellIn(chapter(DEPLOY, "### Rights to deploy"));
  const environment = { DEPLOYER: "a-deployer", DEPLOYER_KIND: "Group", RESOURCE_GROUP: "a-group" };
  let given: string[][];
  beforeAll(() => {
    given = askedOfAz(`${grants}\n${locks}`, environment);
  });

  it("go to the deployer on the group, and say what the deployer is", () => {
    const assignments = given.filter(([, , verb]) => verb === "create").filter(([, what]) => what === "assignment");
    expect(assignments.map((args) => option(args, "--role"))).toEqual([
      "Contributor",
      "Role Based Access Control Administrator",
      "Locks of a-group",
    ]);
    for (const args of assignments) {
      expect(option(args, "--assignee-object-id")).toBe("a-deployer");
      expect(option(args, "--assignee-principal-type")).toBe("Group");
      expect(option(args, "--scope")).toBe("an-answer");
    }
  });

  it("hold for giving and taking just the roles that the templates give, and so not for Owner", () => {
    const administrator = given.find((args) => option(args, "--role")?.startsWith("Role Based Access"));
    const condition = option(administrator ?? [], "--condition") ?? "";
    const roles = [...read("infra/modules/roles.bicep").matchAll(/'([0-9a-f-]{36})'/g)].map(([, id]) => id);
    const lists = [...condition.matchAll(/ForAnyOfAnyValues:GuidEquals \{([^}]*)\}/g)].map(([, ids = ""]) =>
      ids.split(","),
    );
    expect(lists).toEqual([roles, roles]);
    expect(condition).toMatch(/roleAssignments\/write'\}\)\) OR\s+\(@Request\[/);
    expect(condition).toMatch(/roleAssignments\/delete'\}\)\) OR\s+\(@Resource\[/);
    expect(condition.match(/\(/g)).toHaveLength(condition.match(/\)/g)?.length ?? 0);
    expect(option(administrator ?? [], "--condition-version")).toBe("2.0");
  });

  it("let it put locks on, and take none away", () => {
    const definition = given.find(([, what]) => what === "definition");
    expect(JSON.parse(option(definition ?? [], "--role-definition") ?? "")).toMatchObject({
      Name: "Locks of a-group",
      Actions: ["Microsoft.Authorization/locks/read", "Microsoft.Authorization/locks/write"],
      AssignableScopes: ["an-answer"],
    });
  });
});

describe("docs/deploy.md, a certificate or a secret", () => {
  const text = chapter(DEPLOY, "## A certificate or a secret");

  it.each(["certificate", "secret"])("keeps the %s under the name that the app reads", (kind) => {
    expect(read("infra/modules/key-vault.bicep")).toMatch(/secrets\/bot-\$\{content\}\)'/);
    expect(text).toMatch(new RegExp(`az keyvault ${kind} (create|set) [^\\n]*--name bot-${kind}\\b`));
  });

  it("has the key written as PEM, and renewed by nobody but people", () => {
    expect(text).toContain("s|application/x-pkcs12|application/x-pem-file|; s|AutoRenew|EmailContacts|");
  });

  it("names the roles that administrators get", () => {
    expect(text).toContain("Key Vault Certificates Officer");
    expect(text).toContain("Secrets Officer");
  });
});
