import type { Command } from "commander";
import { normaliseGuid } from "../../routing/party.ts";
import { formatInternational, normaliseNumber, type Region } from "../../routing/phone-number.ts";
import type { Line, Rule } from "../../routing/rule.ts";
import { bookOf } from "../../routing/rule-book.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { COLUMNS } from "../../store/layouts.ts";
import { readLine } from "../../store/rule-rows.ts";
import { keyOf, textOfKey } from "../../store/tables.ts";
import { LINE_PARTITION } from "../../store/typed-keys.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { findLine } from "../find-line.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { Names } from "../names.ts";
import { localZone, ruleNow } from "../on-now.ts";
import { readWholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { addColumnFlags, someCells, typedCells } from "./column-flags.ts";
import { removeRow, setRow, storedRow } from "./row-commands.ts";
import { problemsInRow, rowAsJson, showRow } from "./row-text.ts";

/** `ringroute lines`: what can be called. */
export function addLines(program: Command, run: Run): void {
  const lines = program
    .command("lines")
    .description("What can be called: rows of Lines")
    .addHelpText("after", "\nExample:\n  ringroute lines show Support");
  leaf(lines, "list", "All lines, with how many rules they have and the override in force", [
    "ringroute lines list",
  ]).action((flags: CommonFlags) => run(flags, (session) => list(session, flags)));
  leaf(lines, "show <line>", "One line, by its id, number or name", ["ringroute lines show PstnAppInstance"]).action(
    (line: string, flags: CommonFlags) => run(flags, (session) => show(session, line, flags)),
  );
  const set = leaf(lines, "set <line>", "Change columns of a line, or add a line by its id", [
    "ringroute lines set PstnAppInstance --site Denver",
  ]);
  addColumnFlags(set, "Lines").action((line: string, flags: CommonFlags) =>
    run(flags, async (session) => {
      const rows = await readWholeRows(session);
      const cells = someCells(typedCells({ ...flags }, COLUMNS.Lines), COLUMNS.Lines);
      const place = placeOf(rows.Lines, idToSet(line, rows.Lines, session.settings.region), session);
      return await setRow(session, place, cells, rows, flags.json ?? false);
    }),
  );
  leaf(lines, "remove <line>", "Remove a line's row; its rules stay", ["ringroute lines remove PstnAppInstance"])
    .option("--yes", "do not ask")
    .action((line: string, flags: CommonFlags & { readonly yes?: true }) =>
      run(flags, async (session) => {
        const rows = await readWholeRows(session);
        return await removeRow(session, "Lines", rowOfLine(line, rows.Lines, session), rows, flags.yes ?? false);
      }),
    );
}

/** Lines are told by id, number or name; one that is not known yet by its id, or by the number that Graph calls it by. */
function idToSet(text: string, rows: readonly Row[], region: Region | undefined): string {
  const number = normaliseGuid(text) === undefined ? normaliseNumber(text, region) : undefined;
  const isNew = number !== undefined && !rows.some((row) => isCalled(number, readLine(row, region).value));
  return isNew ? number : findLine(text, rows, region, "The line").id;
}

function isCalled(number: string, line: Line | undefined): boolean {
  return line?.number === number || line?.id === number;
}

function placeOf(rows: readonly Row[], id: string, { settings }: Pick<Session, "settings">) {
  return {
    table: "Lines",
    rows,
    typed: { partitionKey: LINE_PARTITION, rowKey: id },
    region: settings.region,
  } as const;
}

function rowOfLine(text: string, rows: readonly Row[], session: Session): Row {
  return storedRow(placeOf(rows, findLine(text, rows, session.settings.region, "The line").id, session));
}

async function list(session: Session, { json }: CommonFlags): Promise<ExitCode> {
  const { out, settings } = session;
  const rows = await readWholeRows(session);
  const read = rows.Lines.map((row) => ({ row, ...readLine(row, settings.region) }));
  if (json) {
    out.printJson(read.map(({ row, value, faults }) => rowAsJson("Lines", row, value, faults)));
    return EXIT.good;
  }
  const book = readBook(rows, undefined, settings.region);
  const names = new Names(book);
  const table = read.map(({ row, value: line, faults }) =>
    line === undefined
      ? [row.rowKey, "", "", "", "", "", "", problemsInRow(faults)]
      : [
          names.line(line.id),
          line.number === undefined ? "" : formatInternational(line.number),
          line.group ?? "",
          line.site ?? "",
          String(rulesOf(line, book).length),
          names.targets(line.fallback),
          overrideOf(line, book, names, session),
          problemsInRow(faults),
        ],
  );
  const byName = (one: readonly string[], other: readonly string[]) => (one[0] ?? "").localeCompare(other[0] ?? "");
  const headings = ["Line", "Number", "Group", "Site", "Rules", "Fallback", "Override", "Problem"];
  out.printTable(headings, table.sort(byName));
  if (read.length === 0)
    out.tell("There are no lines. A line without a row is served by its rules and those of default.");
  return EXIT.good;
}

async function show(session: Session, text: string, { json }: CommonFlags): Promise<ExitCode> {
  const { out, settings } = session;
  const rows = await readWholeRows(session);
  const row = rowOfLine(text, rows.Lines, session);
  const { value: line, faults } = readLine(row, settings.region);
  if (json) {
    out.printJson(rowAsJson("Lines", row, line, faults));
    return EXIT.good;
  }
  out.print(...showRow(out, "Lines", row));
  if (faults.length > 0) out.print("", problemsInRow(faults));
  if (line === undefined) return EXIT.good;
  const book = readBook(rows, undefined, settings.region);
  const own = rulesOf(line, book).map(({ name }) => textOfKey(name));
  out.print("", own.length === 0 ? "It has no rules of its own." : `Its own rules: ${own.join(", ")}.`);
  if (line.group !== undefined) out.print(groupText(line.group, book));
  const override = overrideOf(line, book, new Names(book), session);
  if (override !== "") out.print(`An override is in force: ${override}.`);
  return EXIT.good;
}

function rulesOf({ id }: Line, { rules }: Book): readonly Rule[] {
  return rules.get(keyOf(id)) ?? [];
}

/** The rules of a line's group, found as calls find them. */
function groupText(group: string, { rules }: Book): string {
  const found = [group, group.toLowerCase()].map((name) => rules.get(keyOf(name)) ?? []);
  const names = found.find((each) => each.length > 0)?.map(({ name }) => textOfKey(name)) ?? [];
  return names.length === 0
    ? `Its group, ${group}, has no rules.`
    : `Rules of its group, ${group}: ${names.join(", ")}.`;
}

/** Where an override sends the line's calls now, and until when; empty without one. */
function overrideOf(line: Line, book: Book, names: Names, { startedAt, settings }: Session): string {
  const overrides = book.rules.get("override");
  const partitions = { all: [], overrides, line: [], group: [], default: [] };
  const scoped = bookOf(line.id, line, partitions, new Map(), settings.region).partitions.flat();
  for (const rule of scoped) {
    const now = ruleNow(rule, book, startedAt.getTime(), localZone());
    if (now.on) return [names.action(rule), ...(now.why === undefined ? [] : [now.why])].join(", ");
  }
  return "";
}
