import { basename } from "node:path";
import { isWrong } from "../../errors.ts";
import type { FoundRules } from "../../ports.ts";
import type { Decision } from "../../routing/decision.ts";
import type { Party } from "../../routing/party.ts";
import type { Line } from "../../routing/rule.ts";
import { type Book, readBook } from "../../store/book.ts";
import { textOf } from "../../store/cells.ts";
import type { RowSource } from "../../store/row-source.ts";
import { parseAt } from "../at.ts";
import { parseCaller } from "../caller.ts";
import { type CsvFault, formatCsvFault } from "../csv/faults.ts";
import { cellsBelow, type Heading, readHeadings } from "../csv/headings.ts";
import { readInert } from "../csv/inert.ts";
import { readCsv } from "../csv/read-csv.ts";
import { UnreadableFile } from "../csv/read-text.ts";
import { Decider } from "../decider.ts";
import { UsageError } from "../exit.ts";
import { findLine } from "../find-line.ts";
import type { WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { chooseZone } from "../zone.ts";
import { type Expected, isMet, parseExpected } from "./expected.ts";

/** What expectations are held against: the tables as they are, or as they would be. */
export interface ExpectedRows {
  readonly whole: WholeRows;
  readonly source: RowSource;
}

/** A line of a file of expectations. */
export interface ExpectationLine {
  readonly line: number;
  /** What the line says of itself, in a column `name` or `note`. */
  readonly name: string;
  readonly to: string;
  readonly from: string;
  readonly at: string;
  readonly expected: string;
}

export interface Verdict {
  readonly expectation: ExpectationLine;
  readonly line: Line;
  readonly caller: Party;
  readonly atMs: number;
  readonly timeZone: string;
  readonly decision: Decision;
  readonly found: FoundRules;
  readonly met: boolean;
}

const REQUIRED = ["to", "from", "at", "expected"] as const;
const COLUMNS = [...REQUIRED, "name", "note"];

/**
 * Decides every call of a file of expectations as the app would.
 *
 * @param zone what --zone holds
 * @throws UsageError with every line that cannot be read
 */
export async function judgeExpectations(
  path: string,
  rows: ExpectedRows,
  session: Session,
  zone: string | undefined,
): Promise<Verdict[]> {
  const faults: CsvFault[] = [];
  const lines = await readExpectations(path, faults);
  const judge = new Judge(rows, session, { file: basename(path), faults, zone });
  const verdicts: Verdict[] = [];
  for (const line of lines) verdicts.push(...(await judge.judge(line)));
  if (faults.length > 0) {
    faults.sort((one, other) => one.line - other.line);
    throw new UsageError(`${basename(path)} cannot be read:\n${faults.map(formatCsvFault).join("\n")}`);
  }
  if (verdicts.length === 0) throw new UsageError(`${basename(path)} holds no expectations.`);
  return verdicts;
}

async function readExpectations(path: string, faults: CsvFault[]): Promise<ExpectationLine[]> {
  const file = basename(path);
  const lines: ExpectationLine[] = [];
  let headings: readonly Heading[] | undefined;
  try {
    for await (const { line, cells } of readCsv(path)) {
      if (headings === undefined) {
        const read = readHeadings(cells, COLUMNS, REQUIRED, () => `it is not one of ${COLUMNS.join(", ")}`);
        headings = read.headings;
        faults.push(...read.faults.map((fault) => ({ file, line, ...fault })));
        if (faults.length > 0) return [];
        continue;
      }
      const below = cellsBelow(headings, cells);
      if ("wrong" in below) faults.push({ file, line, expected: below.wrong });
      else lines.push(lineFrom(line, (column) => textOf(readInert(below.get(column) ?? ""))));
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    faults.push({ file, line: error.line, expected: error.message });
  }
  return lines;
}

function lineFrom(line: number, text: (column: string) => string): ExpectationLine {
  const [to, from, at, expected] = [text("to"), text("from"), text("at"), text("expected")];
  return { line, to, from, at, expected, name: text("name") || text("note") };
}

/** What judging takes beside rows and session; faults are added. */
interface JudgeRun {
  readonly file: string;
  readonly faults: CsvFault[];
  readonly zone: string | undefined;
}

/** Holds expectations against rows, one after the other. */
class Judge {
  readonly #rows: ExpectedRows;
  readonly #session: Session;
  readonly #run: JudgeRun;
  readonly #book: Book;
  readonly #decider: Decider;
  readonly #zones = new Map<string, string>();

  constructor(rows: ExpectedRows, session: Session, run: JudgeRun) {
    this.#rows = rows;
    this.#session = session;
    this.#run = run;
    this.#book = readBook(rows.whole, undefined, session.settings.region);
    this.#decider = new Decider(rows.source, session.settings, session.host.interrupted);
  }

  /** @returns nothing when the line cannot be read, which is noted */
  async judge(expectation: ExpectationLine): Promise<Verdict[]> {
    const { region } = this.#session.settings;
    const report = (column: (typeof REQUIRED)[number], expected: string) => {
      const { file, faults } = this.#run;
      faults.push({ file, line: expectation.line, column, found: expectation[column], expected });
    };
    const line = this.#findLine(expectation.to, report);
    const caller = parseCaller(expectation.from, region);
    if (isWrong(caller)) report("from", caller.wrong);
    const expected = parseExpected(expectation.expected, this.#book, region);
    if (isWrong(expected)) report("expected", expected.wrong);
    if (line === undefined || isWrong(caller) || isWrong(expected)) return [];
    const timeZone = await this.#zoneOf(line, caller);
    const named = parseAt(expectation.at, timeZone, this.#session.startedAt);
    if (isWrong(named)) {
      report("at", named.wrong);
      return [];
    }
    if (named.note !== undefined) this.#session.out.tell(`${this.#run.file} line ${expectation.line}: ${named.note}`);
    return [await this.#decide(expectation, expected, { line, caller, at: named.at }, timeZone)];
  }

  async #decide(
    expectation: ExpectationLine,
    expected: Expected,
    call: { readonly line: Line; readonly caller: Party; readonly at: Date },
    timeZone: string,
  ): Promise<Verdict> {
    const { decision, found } = await this.#decider.decide(call);
    const { line, caller, at } = call;
    const met = isMet(expected, decision);
    return { expectation, line, caller, atMs: at.getTime(), timeZone, decision, found, met };
  }

  #findLine(text: string, report: (column: "to", expected: string) => void): Line | undefined {
    try {
      return findLine(text, this.#rows.whole.Lines, this.#session.settings.region, "to");
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      report("to", error.message.replace(/^to is ".*?", (and )?/, "").replace(/\.$/, ""));
      return undefined;
    }
  }

  /** The zone of the schedules that a line's rules name: whose wall a time without an offset is read from. */
  async #zoneOf(line: Line, caller: Party): Promise<string> {
    const known = this.#zones.get(line.id);
    if (known !== undefined) return known;
    const { found } = await this.#decider.decide({ line, caller, at: this.#session.startedAt });
    const find = (name: string) => found.book.schedules.get(name.toLowerCase());
    const zone = chooseZone(this.#run.zone, found.book.partitions.flat(), find, this.#session);
    this.#zones.set(line.id, zone);
    return zone;
  }
}
