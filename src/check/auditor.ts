import { Fault, messageOf } from "../errors.ts";
import type { Log, LogLevel } from "../log.ts";
import { sweepOverrides } from "../store/override-sweep.ts";
import type { Tables } from "../store/tables.ts";
import { findMistakes } from "./find-mistakes.ts";
import { type CheckContext, type Finding, identityOf, rowOfFinding, type Severity } from "./finding.ts";
import { readBookToCheck } from "./read-book.ts";

/** Less than the host's functionTimeout; CallerLists, which may be long, gets what leaves time for the rest. */
const AUDIT_MS = 45_000;
const LISTS_MS = 30_000;
/** Findings that are told, at most, until some of them are gone. */
const MOST_TOLD = 5000;

const LEVELS: Readonly<Record<Severity, LogLevel>> = { error: "warn", warning: "warn", note: "info" };

/** Looks through the rows from time to time and logs what is wrong with them, each finding once. */
export class Auditor {
  readonly #tables: Tables;
  readonly #context: Omit<CheckContext, "atMs">;
  /** Findings that were told and are still there. */
  #told: ReadonlySet<string> = new Set();

  constructor(tables: Tables, context: Omit<CheckContext, "atMs">) {
    this.#tables = tables;
    this.#context = context;
  }

  /** Sweeps lapsed overrides, then logs findings that are new since the last run, and a count of all. Never throws a Fault. */
  async run(now: Date, log: Log): Promise<void> {
    const signal = AbortSignal.timeout(AUDIT_MS);
    try {
      let swept = 0;
      await sweepOverrides(this.#tables, this.#context.region, now, signal, ({ scope, until }) => {
        swept++;
        log("info", "override_swept", { row: `override/${scope}`, until: until.toISOString() });
      });
      const listsSignal = AbortSignal.timeout(LISTS_MS);
      const atMs = now.getTime();
      const { region } = this.#context;
      const book = await readBookToCheck(this.#tables, { region, atMs, signal, listsSignal });
      const findings = findMistakes(book, { ...this.#context, atMs });
      this.#tell(findings, book.lists !== undefined, log);
      const left = book.lists === undefined ? { reason: "CallerLists is too long to be read in time" } : {};
      log("info", "rows_audited", { ...countsOf(findings), swept, ...left });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log("warn", "rows_audited", { reason: messageOf(error) });
    }
  }

  /** @param isWhole whether the lists were read: otherwise what was found in them may still be there */
  #tell(findings: readonly Finding[], isWhole: boolean, log: Log): void {
    const told = new Set(isWhole ? [] : this.#told);
    for (const finding of findings) {
      const identity = identityOf(finding);
      if (told.size >= MOST_TOLD) break;
      told.add(identity);
      if (!this.#told.has(identity)) logFinding(finding, log);
    }
    this.#told = told;
  }
}

function logFinding(finding: Finding, log: Log): void {
  const { severity, kind, table, column, says, remedy } = finding;
  const where = { table, row: rowOfFinding(finding), ...(column === undefined ? {} : { column }) };
  log(LEVELS[severity], "mistake_found", { severity, kind, ...where, finding: says, remedy });
}

function countsOf(findings: readonly Finding[]): Record<"errors" | "warnings" | "notes", number> {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}
