import type { Command } from "commander";
import { sayOddNumber } from "../../check/numbers.ts";
import { isWrong } from "../../errors.ts";
import { formatMoment } from "../../routing/format-moment.ts";
import { formatInternational, isInPlan, normaliseNumber } from "../../routing/phone-number.ts";
import type { Row } from "../../store/cells.ts";
import { COLUMNS, cellsOf } from "../../store/layouts.ts";
import { readMembership } from "../../store/list-rows.ts";
import { readAllRows } from "../../store/row-edits.ts";
import { keyOf, readPartition, textOfKey } from "../../store/tables.ts";
import { readKeys } from "../../store/typed-keys.ts";
import { parseCaller } from "../caller.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { localZone } from "../on-now.ts";
import { readListSummary } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { addColumnFlags, typedCells } from "./column-flags.ts";
import { NO_ROWS, removeRow, setRow, storedRow, type TypedPlace } from "./row-commands.ts";
import { problemsInRow, rowAsJson } from "./row-text.ts";

interface ShowFlags extends CommonFlags {
  readonly caller?: string;
}

/** `ringroute lists`: callers that rules name together. */
export function addLists(program: Command, run: Run): void {
  const lists = program
    .command("lists")
    .description("Lists of callers: rows of CallerLists")
    .addHelpText("after", "\nExample:\n  ringroute lists show blocked");
  leaf(lists, "list", "All lists, with how many callers are on them", ["ringroute lists list"]).action(
    (flags: CommonFlags) => run(flags, (session) => list(session, flags)),
  );
  leaf(lists, "show [list]", "The callers on a list, or the lists that a caller is on", [
    "ringroute lists show blocked",
    "ringroute lists show --caller +18005550199",
  ])
    .option("--caller <caller>", "a number or a user's object id")
    .action((name: string | undefined, flags: ShowFlags) => run(flags, (session) => show(session, name, flags)));
  const set = leaf(lists, "set <list> <caller>", "Put a caller on a list, or change until when", [
    "ringroute lists set blocked +18005550198 --until 2027-01-01T00:00-08:00",
  ]);
  addColumnFlags(set, "CallerLists").action((name: string, caller: string, flags: CommonFlags) =>
    run(flags, async (session) => {
      const place = await placeOf(session, name, caller);
      tellOddNumber(session, caller);
      const cells = typedCells({ ...flags }, COLUMNS.CallerLists);
      return await setRow(session, place, cells, NO_ROWS, flags.json ?? false);
    }),
  );
  leaf(lists, "remove <list> <caller>", "Take a caller off a list", ["ringroute lists remove blocked +18005550199"])
    .option("--yes", "do not ask")
    .action((name: string, caller: string, flags: CommonFlags & { readonly yes?: true }) =>
      run(flags, async (session) => {
        const row = storedRow(await placeOf(session, name, caller));
        return await removeRow(session, "CallerLists", row, NO_ROWS, flags.yes ?? false);
      }),
    );
}

function tellOddNumber({ out, settings }: Session, caller: string): void {
  const number = normaliseNumber(caller, settings.region);
  if (number === undefined || isInPlan(number)) return;
  const { says, remedy } = sayOddNumber(number);
  out.tell(`warning: ${says} ${remedy}`);
}

/** The rows of a caller, as calls look for them and as they were typed, which may be another spelling. */
async function placeOf({ tables, settings, host }: Session, list: string, caller: string): Promise<TypedPlace> {
  const typed = { partitionKey: caller, rowKey: list };
  const keys = readKeys("CallerLists", typed, settings.region);
  const partitions = new Set([
    caller.trim(),
    keyOf(caller.trim()),
    ...("partitionKey" in keys ? [keys.partitionKey] : []),
  ]);
  const rows = await Promise.all(
    [...partitions].map((each) => readPartition(tables.CallerLists, each, host.interrupted)),
  );
  return { table: "CallerLists", rows: rows.flat(), typed, region: settings.region };
}

async function list(session: Session, { json }: CommonFlags): Promise<ExitCode> {
  const { out } = session;
  const { sizes, faults } = await readListSummary(session);
  const named = [...sizes].sort(([one], [other]) => one.localeCompare(other));
  if (json) {
    out.printJson({ lists: named.map(([name, size]) => ({ list: textOfKey(name), ...size })), faults });
    return EXIT.good;
  }
  const table = named.map(([name, { members, lapsed }]) => [
    textOfKey(name),
    members.toLocaleString("en-US"),
    lapsed === 0 ? "" : lapsed.toLocaleString("en-US"),
  ]);
  out.printTable(["List", "Callers", "Lapsed"], table);
  if (table.length === 0) out.tell("There are no lists.");
  if (faults.length > 0) {
    out.print("", out.paint("bold", "Rows with a mistake"));
    for (const fault of faults)
      out.print(`${textOfKey(fault.rowKey)} ${textOfKey(fault.partitionKey)}: ${problemsInRow([fault])}`);
  }
  return EXIT.good;
}

async function show(session: Session, name: string | undefined, { caller, json }: ShowFlags): Promise<ExitCode> {
  if ((name === undefined) === (caller === undefined))
    throw new UsageError("Name a list, or a caller with --caller; one of them.");
  if (caller !== undefined) return await showCaller(session, caller, json ?? false);
  const { tables, host, out } = session;
  const wanted = (name ?? "").trim().toLowerCase();
  let read = 0;
  let found = 0;
  for await (const row of readAllRows(tables.CallerLists, host.interrupted)) {
    if (++read % 10_000 === 0) out.progress(`${read.toLocaleString("en-US")} rows read, ${found} of them on the list`);
    if (textOfKey(row.rowKey).trim().toLowerCase() !== wanted) continue;
    found++;
    out.print(json ? lineOfJson(row) : lineOf(formatInternational(textOfKey(row.partitionKey)), row, session));
  }
  if (found === 0) throw new MistakeError(`Nobody is on the list ${name}.`);
  return EXIT.good;
}

async function showCaller(session: Session, typed: string, json: boolean): Promise<ExitCode> {
  const { tables, settings, host, out } = session;
  const caller = parseCaller(typed, settings.region);
  if (isWrong(caller)) throw new UsageError(`--caller is "${typed}"; ${caller.wrong}.`);
  const rows = await readPartition(tables.CallerLists, keyOf(caller.id), host.interrupted);
  for (const row of rows) out.print(json ? lineOfJson(row) : lineOf(textOfKey(row.rowKey), row, session));
  if (rows.length === 0) out.tell(`${formatInternational(caller.id)} is on no list.`);
  return EXIT.good;
}

/** Lists may be long: a row is printed when it is read, before anybody knows how wide the others are. */
function lineOf(name: string, row: Row, { startedAt }: Session): string {
  const { value, faults } = readMembership(row);
  const { untilMs } = value ?? {};
  const lapsed = untilMs !== undefined && untilMs <= startedAt.getTime();
  const until = untilMs === undefined ? "" : `${lapsed ? "was " : ""}until ${formatMoment(untilMs, localZone())}`;
  const { note = "" } = cellsOf("CallerLists", row);
  const says = [until, note, problemsInRow(faults)].filter((text) => text !== "");
  return [name.padEnd(18), ...says].join("  ").trimEnd();
}

function lineOfJson(row: Row): string {
  const { value, faults } = readMembership(row);
  return JSON.stringify(rowAsJson("CallerLists", row, value, faults));
}
