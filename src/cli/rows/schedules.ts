import type { Command } from "commander";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { type Cells, COLUMNS } from "../../store/layouts.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { EXCEPTION_COLUMNS, HOURS_COLUMNS, HOURS_ROW, readSchedule } from "../../store/schedule-rows.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { scheduleNamed, scheduleNow } from "../on-now.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { addColumnFlags, flagOf, someCells, typedCells } from "./column-flags.ts";
import { removeRow, removeRows, setRow, storedRow, type TypedPlace } from "./row-commands.ts";
import { problemsInRow, rowAsJson } from "./row-text.ts";
import { addSchedulesShow } from "./schedules-show.ts";

const ROW = "hours (the week), or the days of an exception: 2026-12-25, 2026-12-24..2026-12-26, 12-25";

interface RemoveFlags extends CommonFlags {
  readonly yes?: true;
  readonly all?: true;
}

/** `ringroute schedules`: when rules count. */
export function addSchedules(program: Command, run: Run): void {
  const schedules = program
    .command("schedules")
    .description("Opening hours and holidays: rows of Schedules")
    .addHelpText("after", "\nExample:\n  ringroute schedules show office-hours");
  leaf(schedules, "list", "All schedules: open or closed now, and until when", ["ringroute schedules list"]).action(
    (flags: CommonFlags) => run(flags, (session) => list(session, flags)),
  );
  addSchedulesShow(schedules, run);
  const set = leaf(schedules, "set <schedule> <row>", `Change or add a row of a schedule. The row is ${ROW}.`, [
    'ringroute schedules set office-hours hours --friday "09:00-12:30, 13:30-16:00"',
    "ringroute schedules set us-holidays 2026-12-25 --hours closed --name Christmas",
  ]);
  addColumnFlags(set, "Schedules").action((name: string, row: string, flags: CommonFlags) =>
    run(flags, async (session) => {
      const cells = someCells(typedCells({ ...flags }, COLUMNS.Schedules), COLUMNS.Schedules);
      refuseOtherKind(row, cells);
      const rows = await readWholeRows(session);
      return await setRow(session, placeOf(rows, name, row, session), cells, rows, flags.json ?? false);
    }),
  );
  leaf(schedules, "remove <schedule> [row]", `Remove a row of a schedule, or all of them. The row is ${ROW}.`, [
    "ringroute schedules remove us-holidays 12-24",
  ])
    .option("--all", "the whole schedule")
    .option("--yes", "do not ask")
    .action((name: string, row: string | undefined, flags: RemoveFlags) =>
      run(flags, (session) => remove(session, name, row, flags)),
    );
}

/** The weekly hours and the dated rows stand in one table, with columns of their own. */
function refuseOtherKind(row: string, cells: Cells): void {
  const isWeek = row.trim().toLowerCase() === HOURS_ROW;
  const columns: readonly string[] = isWeek ? HOURS_COLUMNS : EXCEPTION_COLUMNS;
  // What should not be there may still be emptied.
  const others = Object.entries(cells).flatMap(([column, text]) =>
    columns.includes(column) || text === "" ? [] : [column],
  );
  if (others.length === 0) return;
  const flags = columns.map(flagOf).join(", ");
  throw new UsageError(
    isWeek
      ? `${others.map(flagOf).join(", ")}: only for dated rows; "${HOURS_ROW}" is the week, and takes ${flags}.`
      : `${others.map(flagOf).join(", ")}: only for the row "${HOURS_ROW}", the week; ${row} is a dated row, and takes ${flags}.`,
  );
}

function placeOf(rows: WholeRows, name: string, row: string, { settings: { region } }: Session): TypedPlace {
  return { table: "Schedules", rows: rows.Schedules, typed: { partitionKey: name, rowKey: row }, region };
}

async function remove(session: Session, name: string, row: string | undefined, flags: RemoveFlags): Promise<ExitCode> {
  if ((row === undefined) === (flags.all === undefined))
    throw new UsageError(`Name the row to remove, which is ${ROW}; or --all for the whole schedule.`);
  const rows = await readWholeRows(session);
  const yes = flags.yes ?? false;
  if (row !== undefined) {
    const stored = storedRow(placeOf(rows, name, row, session));
    return await removeRow(session, "Schedules", stored, rows, yes);
  }
  const wanted = name.trim().toLowerCase();
  const own = rows.Schedules.filter(({ partitionKey }) => textOfKey(partitionKey).toLowerCase() === wanted);
  const [first] = own;
  if (first === undefined) throw new MistakeError(`There is no schedule ${name}.`);
  const edits = own.map((before): RowEdit => {
    const { partitionKey, rowKey } = before;
    return { kind: "remove", table: "Schedules", keys: { partitionKey, rowKey }, before };
  });
  return await removeRows(
    session,
    `schedule ${textOfKey(first.partitionKey)} with ${own.length} rows`,
    edits,
    rows,
    yes,
  );
}

async function list(session: Session, { json }: CommonFlags): Promise<ExitCode> {
  const { out, settings } = session;
  const rows = await readWholeRows(session);
  const book = readBook(rows, undefined, settings.region);
  const byName = Map.groupBy(rows.Schedules, ({ partitionKey }) => partitionKey);
  if (json) {
    out.printJson([...byName].map(([key, own]) => scheduleAsJson(key, own, book, session)));
    return EXIT.good;
  }
  const table = [...byName].map(([key, own]) => {
    const { value, faults } = readSchedule(key, own);
    const problems = faults.map((fault) => `${textOfKey(fault.rowKey)}: ${problemsInRow([fault])}`).join("\n");
    const days = String(value?.exceptions.length ?? 0);
    if (value === undefined || !("timeZone" in value)) return [textOfKey(key), "", "", days, "", problems];
    const holidays = value.holidays.map(
      (each) => `${each}${scheduleNamed(book, each) === undefined ? " (unknown)" : ""}`,
    );
    return [textOfKey(key), value.timeZone, stateOf(key, book, session), days, holidays.join(", "), problems];
  });
  out.printTable(["Schedule", "Zone", "Now", "Exceptions", "Holidays of", "Problem"], table);
  if (table.length === 0) out.tell("There are no schedules.");
  return EXIT.good;
}

function stateOf(key: string, book: Book, { startedAt }: Session): string {
  const schedule = book.schedules.get(key);
  if (schedule === undefined || !("timeZone" in schedule)) return "";
  return scheduleNow(schedule, book, startedAt.getTime());
}

function scheduleAsJson(key: string, rows: readonly Row[], book: Book, session: Session) {
  return {
    schedule: textOfKey(key),
    now: stateOf(key, book, session) || null,
    rows: rows.map((row) => {
      const { value, faults } = readSchedule(key, [row]);
      return rowAsJson("Schedules", row, value, faults);
    }),
  };
}
