import { beforeEach, describe, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";

const azurite = useAzurite();
beforeEach(async () => await seedTables(azurite().azurite.connectionString));

const COMMANDS = ["lines", "routes", "schedules", "lists"].flatMap((noun) =>
  ["list", "show", "set", "remove"].map((verb) => [noun, verb] as const),
);

const NOUNS = ["lines", "routes", "schedules", "lists"];

/** The command lines below `Examples` of a help text, as a shell would take them apart. */
function examplesIn(help: string): string[][] {
  const [, examples = ""] = help.split(/^Examples?:$/m);
  return examples
    .split("\n")
    .filter((line) => line.startsWith("  ringroute "))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").slice(1));
}

describe("ringroute --help", () => {
  it.each(NOUNS)("of %s has an example that runs against the sample rows", async (noun) => {
    const [args = []] = examplesIn((await runCommand([noun, "--help"])).stdout);
    expect(args[0]).toBe(noun);
    expect(await runCommand(args, { connectionString: azurite().azurite.connectionString })).toMatchObject({ code: 0 });
  });

  it.each(NOUNS)("of %s set says of each flag what it may hold, no two alike", async (noun) => {
    const { stdout } = await runCommand([noun, "set", "--help"]);
    const flags = stdout.replace(/\n {10,}/g, " ").match(/^ +--[a-z-]+ <text> +.*$/gm) ?? [];
    const own = flags.filter((flag) => !flag.includes("--connection-string"));
    const words = own.map((flag) => flag.replace(/^ +--[a-z-]+ <text> +/, ""));
    expect(words.length).toBeGreaterThan(1);
    expect(new Set(words).size).toBe(words.length);
  });

  it("names the allowed values of a rule's ring, reason and timeout", async () => {
    const { stdout } = await runCommand(["routes", "set", "--help"]);
    expect(stdout.replace(/\s+/g, " ")).toContain("--ring <text> all, random or round-robin");
    expect(stdout.replace(/\s+/g, " ")).toContain("busy, forbidden or none");
    expect(stdout.replace(/\s+/g, " ")).toContain("15 to 90");
  });

  it.each(COMMANDS)("of %s %s has examples that run against the sample rows", async (noun, verb) => {
    const { connectionString } = azurite().azurite;
    const examples = examplesIn((await runCommand([noun, verb, "--help"])).stdout);
    expect(examples.length).toBeGreaterThan(0);
    for (const args of examples) {
      const answer = verb === "remove" ? ["--yes"] : [];
      const { code, stderr } = await runCommand([...args, ...answer], { connectionString });
      expect({ args, code, stderr: code === 0 ? "" : stderr }).toEqual({ args, code: 0, stderr: "" });
    }
  });
});
