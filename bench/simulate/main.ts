import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { messageOf } from "../../src/errors.ts";
import { doubt } from "./doubts.ts";
import { fillIn } from "./markdown.ts";
import { answersTable, type Findings, tablesOfPage } from "./page.ts";
import { plotsOf } from "./plots.ts";
import { askAll } from "./questions.ts";
import { readServiceTimes, SERVICE_TIMES } from "./service-times.ts";

const USAGE = `npm run simulate [-- OPTIONS]

Plays loads on a model of the deployed app and writes what comes of it into docs/scale.md and docs/scale-*.svg.

  --check        write nothing; end with 1 when the page or a plot does not hold what would be written
  --seed N       another seed: print only
  --times FILE   service times laid over those of bench/simulate/service-times.json, in its form or as a bench writes
                 them to .local/bench; may be given again: print only
`;

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
const PAGE = "scale.md";

function main(): number {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      seed: { type: "string" },
      times: { type: "string", multiple: true },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const printsOnly = values.seed !== undefined || values.times !== undefined;
  if (values.check && printsOnly) throw new Error("--check takes neither --seed nor --times");
  const seed = Number(values.seed ?? 1);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is "${values.seed}"; use a whole number`);
  const times = (values.times ?? []).reduce(
    (before, file) => readServiceTimes(JSON.parse(readFileSync(file, "utf8")), before),
    SERVICE_TIMES,
  );
  const findings = { seed, times, answers: askAll(seed, times), doubts: doubt(seed, times) };
  printAnswers(findings);
  if (printsOnly) return 0;

  const stale = [...documentsOf(findings)].filter(([name, text]) => contentOf(name) !== text);
  for (const [name, text] of stale) {
    if (!values.check) writeFileSync(DOCS + name, text);
    process.stdout.write(`docs/${name} ${values.check ? "is stale: npm run simulate" : "written"}\n`);
  }
  return values.check && stale.length > 0 ? 1 : 0;
}

function printAnswers({ answers }: Findings): void {
  process.stdout.write(
    "% of calls redirected within 2 · 5 · 15 s, by always-ready instances; a model, not a measurement\n",
  );
  for (const [load, title] of [
    ["burst", "All calls of one second, at 09:00:00"],
    ["steady", "Calls that keep coming"],
  ] as const) {
    process.stdout.write(`\n${title}\n${answersTable(answers, load)}\n`);
  }
  process.stdout.write("\n");
}

/** What each file in docs/ should hold. */
function documentsOf(findings: Findings): Map<string, string> {
  const page = fillIn(readFileSync(DOCS + PAGE, "utf8"), tablesOfPage(findings));
  return new Map([[PAGE, page], ...Object.entries(plotsOf(findings))]);
}

function contentOf(name: string): string | undefined {
  try {
    return readFileSync(DOCS + name, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
