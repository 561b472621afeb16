import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { findCompiler, otherVersion, PARAMETER_FILES, ROOT, runCompiler, withoutCompiler } from "./bicep.ts";

const USAGE = `npm run check:infra [-- --update]

Compiles, lints and checks the format of the Azure templates, and compares what each environment would deploy with the
snapshot in git. Needs no Azure.

  --update   writes format and snapshots anew, to be looked at before they are committed
`;

/** What the compiler prints with \`--diagnostics-format sarif\`, as far as it is used. */
const sarif = z.object({
  runs: z.array(
    z.object({
      results: z.array(
        z.object({
          ruleId: z.string(),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string() }),
                region: z.object({ startLine: z.number() }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** What is wrong, one line each; empty when nothing is. */
type Step = () => readonly string[];

/**
 * Hints and warnings count as much as errors do.
 *
 * @param printed the compiler's diagnostics in SARIF, or what it says when it gave up
 * @returns a line each, with file, line and rule
 */
export function diagnosticsIn(printed: string): string[] {
  if (!printed.startsWith("{")) return [printed.trim()];
  return sarif.parse(JSON.parse(printed)).runs.flatMap(({ results }) =>
    results.map(({ ruleId, message, locations: [location] }) => {
      const { artifactLocation, region } = location?.physicalLocation ?? {};
      const file = artifactLocation?.uri.replace(`file://${ROOT}`, "") ?? "?";
      return `${file}:${region?.startLine ?? "?"} ${ruleId}: ${message.text}`;
    }),
  );
}

const SARIF = ["--diagnostics-format", "sarif"];

function build(compiler: string): readonly string[] {
  return diagnosticsIn(runCompiler(compiler, ["build", "infra/main.bicep", "--stdout", ...SARIF]).stderr);
}

function lint(compiler: string, file: string): readonly string[] {
  return diagnosticsIn(runCompiler(compiler, ["lint", `${file}.bicepparam`, ...SARIF]).stdout);
}

/** The compiler formats in place and has no other check, so it formats a copy. */
function format(compiler: string, update: boolean): readonly string[] {
  const templates = readdirSync(join(ROOT, "infra"), { recursive: true, encoding: "utf8" });
  const files = [
    ...templates.filter((path) => path.endsWith(".bicep")).map((path) => join("infra", path)),
    ...[...PARAMETER_FILES.values()].map((path) => `${path}.bicepparam`),
  ];
  const copy = mkdtempSync(join(tmpdir(), "ringroute-infra-"));
  try {
    for (const path of files) cpSync(join(ROOT, path), join(copy, path));
    const run = runCompiler(compiler, ["format", "--pattern", "**/*.bicep*", "--newline-kind", "LF"], copy);
    if (!run.ok) return [run.stderr.trim()];
    const read = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");
    const other = files.filter((path) => read(ROOT, path) !== read(copy, path));
    if (!update) return other.map((path) => `${path} is not formatted: npm run check:infra -- --update`);
    for (const path of other) writeFileSync(join(ROOT, path), read(copy, path));
    return [];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Predicts for an invented subscription, so that a snapshot is the same on every machine. */
function snapshot(compiler: string, name: string, file: string, update: boolean): readonly string[] {
  const run = runCompiler(compiler, [
    ...["snapshot", `${file}.bicepparam`, "--mode", update ? "overwrite" : "validate"],
    ...["--tenant-id", "00000000-0000-0000-0000-000000000002"],
    ...["--subscription-id", "00000000-0000-0000-0000-000000000000"],
    ...["--resource-group", `rg-ringroute-${name}`],
    ...["--location", name.startsWith("usgov") ? "usgovvirginia" : "westeurope"],
  ]);
  if (run.ok) return [];
  return [`${run.stdout}${run.stderr}`.trim(), "to accept it: npm run check:infra -- --update"];
}

/**
 * Runs every check and prints a line for each; where the templates do not build, the others would only repeat why.
 *
 * @returns whether none found anything
 */
function check(compiler: string, update: boolean, print: (line: string) => void): boolean {
  const version = runCompiler(compiler, ["--version"]).stdout.trim();
  print(version);
  const other = otherVersion(version, process.env);
  if (other !== undefined) print(`${other.failure ? "FAIL" : "note"}  ${other.says}`);
  const builds = () => build(compiler);
  const files = [...PARAMETER_FILES];
  const steps: [string, Step][] = [
    ["build main.bicep", builds],
    ...files.map(([name, file]): [string, Step] => [`lint ${name}.bicepparam`, () => lint(compiler, file)]),
    ["format", () => format(compiler, update)],
    ...files.map(([name, file]): [string, Step] => [`snapshot ${name}`, () => snapshot(compiler, name, file, update)]),
  ];
  let good = !other?.failure;
  for (const [name, step] of steps) {
    const found = step();
    print(`${found.length === 0 ? "ok  " : "FAIL"}  ${name}`);
    for (const each of found) print(each);
    good &&= found.length === 0;
    if (found.length > 0 && step === builds) break;
  }
  return good;
}

function main(): number {
  const { values } = parseArgs({ options: { update: { type: "boolean" }, help: { type: "boolean" } } });
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const compiler = findCompiler(process.env);
  if (compiler !== undefined) return check(compiler, values.update ?? false, print) ? 0 : 1;
  const { failure, says } = withoutCompiler(process.env);
  print(says);
  return failure ? 1 : 0;
}

if (import.meta.main) process.exitCode = main();
