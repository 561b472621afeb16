import { type Command, Option } from "commander";
import type { Finding } from "../../check/finding.ts";
import { finish } from "../../check/steps.ts";
import type { RowTable } from "../../store/cells.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { printVerdicts, sourceOf, verdictsAsJson, ZONE_HELP } from "../explain/expect.ts";
import { judgeExpectations, type Verdict } from "../explain/expect-file.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { quoted } from "../quoted.ts";
import { refuses } from "../rows/review-edit.ts";
import { describeFinding } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { applyPlans } from "./apply.ts";
import { type CsvFault, formatCsvFault } from "./faults.ts";
import { existingFile, findFiles } from "./find-files.ts";
import { sizeOf, type TablePlan } from "./plan.ts";
import { planAsJson, printPlan } from "./plan-text.ts";
import { callerListsAfter, findInSurvey, type Survey, surveyTables } from "./survey.ts";
import { FILE_NAMES, readTableFile, type TableFile, tableNamed } from "./table-file.ts";

/** Findings that are told; a table that goes may leave hundreds behind. */
const MOST_FINDINGS = 20;

interface ImportFlags extends CommonFlags {
  readonly table?: string;
  readonly prune?: true;
  readonly pruneAll?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly expect?: string;
  readonly zone?: string;
}

export function addImport(program: Command, run: Run): void {
  leaf(program, "import <path>", "Bring the tables to what CSV files say", [
    "ringroute export rows",
    "ringroute import rows --dry-run",
    "ringroute import rows/routes.csv --prune --yes",
  ])
    .option("--prune", "remove rows that the files do not name, from the tables that they are for")
    .option("--prune-all", "with --prune --yes: also when a file has no rows at all")
    .option("--dry-run", "show what would be done, and write nothing")
    .option("--yes", "do not ask")
    .option("--expect <file>", "write only if all of these expected calls hold afterwards")
    .option("--zone <zone>", ZONE_HELP)
    .addOption(
      new Option("--table <name>", "what a single file holds, when its name does not tell").choices(
        Object.values(FILE_NAMES).map((name) => name.replace(".csv", "")),
      ),
    )
    .addHelpText(
      "after",
      `
The path is a file, or a folder with some of
${Object.values(FILE_NAMES).join(", ")}.
Nothing is written unless every line is good. A column that a file does not
have stays as it is.`,
    )
    .action((path: string, flags: ImportFlags) => run(flags, (session) => importRows(session, path, flags)));
}

async function importRows(session: Session, path: string, flags: ImportFlags): Promise<ExitCode> {
  const { out, host } = session;
  if (flags.pruneAll && !flags.prune) throw new UsageError("--prune-all goes with --prune, and --prune is not given.");
  const expectPath = flags.expect === undefined ? undefined : await existingFile(flags.expect, host.cwd);
  const files = await readFiles(session, path, flags);
  refuseFaults(session, files, flags);
  const survey = await surveyTables(session, files, flags.prune === true);
  refuseToPruneAll(survey.plans, files, flags);
  const findings = finish(findInSurvey(survey, session));
  const verdicts = expectPath === undefined ? [] : await verdictsAfter(session, survey, expectPath, flags.zone);
  const count = survey.plans.reduce((sum, plan) => sum + sizeOf(plan), 0);
  if (!flags.json) printOutlook(session, survey, verdicts);
  // A row that goes may leave others without what they need.
  const edit = survey.plans.some(({ removed }) => removed.length > 0) ? "remove" : "replace";
  const refused = findings.filter((finding) => refuses(finding, edit));
  tellFindings(session, findings, refused);
  const why = whyNot(refused.length, verdicts);
  const report = (written: number) => {
    const expectations = verdictsAsJson(verdicts);
    if (flags.json) out.printJson({ plan: planAsJson(survey.plans), findings, expectations, written });
  };
  if (why !== undefined || count === 0 || flags.dryRun) {
    report(0);
    if (why !== undefined) throw new MistakeError(`Nothing is written: ${why}.`);
    out.tell(count === 0 ? "Nothing to do: the tables say what the files say." : "Nothing is written (--dry-run).");
    return EXIT.good;
  }
  if (!flags.yes && !(await out.confirm(`Write ${rows(count)} to ${session.settings.where}?`))) {
    out.tell("Nothing is written.");
    return EXIT.mistakes;
  }
  const written = await write(session, survey.plans, count, againWith(path, flags));
  report(written);
  return written === count ? EXIT.good : EXIT.mistakes;
}

async function readFiles({ host, settings, out }: Session, path: string, flags: ImportFlags): Promise<TableFile[]> {
  const { files, others } = await findFiles(path, host.cwd, flags.expect);
  if (others.length > 0) out.tell(`Left alone, since no table is called so: ${others.join(", ")}`);
  const table = flags.table === undefined ? undefined : tableNamed(`${flags.table}.csv`);
  if (table !== undefined && files.length > 1)
    throw new UsageError("--table is for a single file, and the path is a folder.");
  const read: TableFile[] = [];
  for (const file of files) read.push(await readTableFile(file, table, settings.region));
  return read;
}

/** Tells everything that is wrong with the files, and goes no further when anything is. */
function refuseFaults({ out }: Session, files: readonly TableFile[], { json }: ImportFlags): void {
  const tell = (few: TableFile["faults"], kind: string, file: string) => {
    out.tell(...few.items.map((each: CsvFault) => `${kind}: ${formatCsvFault(each)}`));
    if (few.more > 0) out.tell(`  … and ${few.more.toLocaleString("en")} more in ${file}`);
  };
  for (const { notes, file } of files) tell(notes, "note", file);
  for (const { faults, file } of files) tell(faults, "error", file);
  const count = files.reduce((sum, { faults }) => sum + faults.count, 0);
  if (count === 0) return;
  if (json) out.printJson({ faults: files.flatMap(({ faults }) => faults.items), written: 0 });
  throw new MistakeError(
    `Nothing is written: ${count.toLocaleString("en")} mistake${count === 1 ? "" : "s"} in the files.`,
  );
}

/** An empty file is more often an accident than a wish. */
function refuseToPruneAll(plans: readonly TablePlan[], files: readonly TableFile[], flags: ImportFlags): void {
  if (flags.yes && flags.pruneAll) return;
  const isEmpty = (table: RowTable) => files.some((file) => file.table === table && file.size === 0);
  const plan = plans.find(({ table, removed }) => removed.length > 0 && isEmpty(table));
  if (plan === undefined) return;
  throw new UsageError(
    `${plan.file} has no rows, and --prune would remove all ${rows(plan.removed.length)} of ${plan.table}; if that is meant, say it with --prune --yes --prune-all.`,
  );
}

async function verdictsAfter(
  session: Session,
  { after, plans }: Survey,
  path: string,
  zone?: string,
): Promise<Verdict[]> {
  const source = sourceOf(after, callerListsAfter(plans, session));
  return await judgeExpectations(path, { whole: after, source }, session, zone);
}

/** What would be done, and how expected calls would then go. */
function printOutlook(session: Session, { plans, after }: Survey, verdicts: readonly Verdict[]): void {
  printPlan(session.out, plans);
  if (verdicts.length === 0) return;
  session.out.print("");
  printVerdicts(verdicts, after, session);
}

/** Those first for which nothing is written. */
function tellFindings({ out }: Session, findings: readonly Finding[], refused: readonly Finding[]): void {
  const inOrder = [...new Set([...refused, ...findings])];
  out.tell(...inOrder.slice(0, MOST_FINDINGS).map((finding) => describeFinding(finding, refused.includes(finding))));
  const more = inOrder.length - MOST_FINDINGS;
  if (more > 0) out.tell(`  … and ${more.toLocaleString("en")} more; --dry-run --json names them all`);
}

function whyNot(errors: number, verdicts: readonly Verdict[]): string | undefined {
  if (errors > 0) return `the rows together would have ${errors} new mistake${errors === 1 ? "" : "s"}`;
  const failed = verdicts.filter(({ met }) => !met).length;
  return failed > 0 ? `${failed} expectation${failed === 1 ? "" : "s"} would not hold` : undefined;
}

/** Carries the plans out, and says how far it came when that was not to the end. @returns how many rows are written */
async function write(
  { tables, host, out }: Session,
  plans: readonly TablePlan[],
  count: number,
  again: string,
): Promise<number> {
  let written = 0;
  const onProgress = (now: number) => {
    written = now;
    out.progress(`Written ${now.toLocaleString("en")} of ${rows(count)}`);
  };
  const soFar = () =>
    `${written.toLocaleString("en")} of ${rows(count)} ${written === 1 ? "is" : "are"} written. For the rest: ${again}`;
  try {
    const { whole } = await applyPlans(tables, plans, host.interrupted, onProgress);
    out.tell(whole ? `Written: ${rows(count)}.` : `Stopped: ${soFar()}`);
    return written;
  } catch (error) {
    out.tell(`Not finished: ${soFar()}`);
    throw error;
  }
}

/** The command line for what was not written. A connection string holds a key, which is not said again. */
export function againWith(path: string, flags: ImportFlags): string {
  const { prune, pruneAll, table, expect, zone, endpoint, connectionString } = flags;
  const named = Object.entries({ table, expect, zone, endpoint });
  const words = [
    "ringroute import",
    quoted(path),
    ...(prune ? ["--prune"] : []),
    ...(pruneAll ? ["--yes --prune-all"] : []),
    ...named.flatMap(([name, text]) => (text === undefined ? [] : [`--${name} ${quoted(text)}`])),
  ];
  return `${words.join(" ")}${connectionString === undefined ? "" : ", with the same --connection-string"}`;
}

function rows(count: number): string {
  return `${count.toLocaleString("en")} row${count === 1 ? "" : "s"}`;
}
