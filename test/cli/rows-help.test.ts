import { beforeEach, describe, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";

const azurite = useAzurite();
beforeEach(async () => await seedTables(azurite().azurite.connectionString));

const COMMANDS = ["lines", "routes", "schedules", "lists"].flatMap((noun) =>
  ["list", "show", "set", "remove"].map((verb) => [noun, verb] as const),
);

/** The command lines below `Examples` of a help text, as a shell would take them apart. */
function examplesIn(help: string): string[][] {
  const [, examples = ""] = help.split(/^Examples?:$/m);
  return examples
    .split("\n")
    .filter((line) => line.startsWith("  ringroute "))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").slice(1));
}

describe("ringroute --help", () => {
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
