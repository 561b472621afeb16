import type { Command } from "commander";
import { compareRules } from "../../routing/decide.ts";
import { normaliseGuid } from "../../routing/party.ts";
import { normaliseNumber } from "../../routing/phone-number.ts";
import type { Line, Rule } from "../../routing/rule.ts";
import { bookOf } from "../../routing/rule-book.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { COLUMNS } from "../../store/layouts.ts";
import { type ReadRow, readLine, readRule } from "../../store/rule-rows.ts";
import { keyOf, textOfKey } from "../../store/tables.ts";
import { SHARED_PARTITIONS } from "../../store/typed-keys.ts";
import { EXIT, type ExitCode, MistakeError, UsageError } from "../exit.ts";
import { findLine } from "../find-line.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { Names } from "../names.ts";
import { localZone, ruleNow } from "../on-now.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { addColumnFlags, someCells, typedCells } from "./column-flags.ts";
import { removeRow, setRow, storedRow } from "./row-commands.ts";
import { problemsInRow, rowAsJson, showRow } from "./row-text.ts";

const WHOSE = "Whose rules: a line (id, number or name), a group, all, default or override.";

interface ListFlags extends CommonFlags {
  readonly to?: string;
}

/** `ringroute routes`: the rules. */
export function addRoutes(program: Command, run: Run): void {
  const routes = program
    .command("routes")
    .description("Who rings when: rows of Routes")
    .addHelpText("after", "\nExample:\n  ringroute routes list --to PstnAppInstance");
  leaf(routes, "list [whose]", `The rules in the order in which they are asked, and which count now. ${WHOSE}`, [
    "ringroute routes list",
    "ringroute routes list --to PstnAppInstance",
  ])
    .option("--to <line>", "all rules that a call to this line may meet")
    .action((whose: string | undefined, flags: ListFlags) => run(flags, (session) => list(session, whose, flags)));
  leaf(routes, "show <whose> <rule>", `One rule. ${WHOSE}`, ["ringroute routes show default front-desk"]).action(
    (whose: string, rule: string, flags: CommonFlags) => run(flags, (session) => show(session, whose, rule, flags)),
  );
  const set = leaf(routes, "set <whose> <rule>", `Change columns of a rule, or add a rule. ${WHOSE}`, [
    "ringroute routes set default front-desk --priority 200",
    "ringroute routes set PstnAppInstance day --priority 50 --schedule office-hours --targets phone:+14255550123",
  ]);
  addColumnFlags(set, "Routes").action((whose: string, rule: string, flags: CommonFlags) =>
    run(flags, async (session) => {
      const cells = someCells(typedCells({ ...flags }, COLUMNS.Routes), COLUMNS.Routes);
      const rows = await readWholeRows(session);
      return await setRow(session, placeOf(rows, whose, rule, session), cells, rows, flags.json ?? false);
    }),
  );
  leaf(routes, "remove <whose> <rule>", `Remove a rule. ${WHOSE}`, ["ringroute routes remove PstnAppInstance mobile"])
    .option("--yes", "do not ask")
    .action((whose: string, rule: string, flags: CommonFlags & { readonly yes?: true }) =>
      run(flags, async (session) => {
        const rows = await readWholeRows(session);
        const row = storedRow(placeOf(rows, whose, rule, session));
        return await removeRow(session, "Routes", row, rows, flags.yes ?? false);
      }),
    );
}

function placeOf(rows: WholeRows, whose: string, rule: string, session: Session) {
  const { region } = session.settings;
  const typed = { partitionKey: partitionOf(rows, whose, session), rowKey: rule };
  return { table: "Routes", rows: rows.Routes, typed, region } as const;
}

/**
 * The partition that a person means. Where a line and a group have one name, its letter case tells which is meant; a name
 * that is nobody's yet is a new group's.
 *
 * @throws UsageError for a name that is as much a line's as a group's, or several lines'
 */
function partitionOf(rows: WholeRows, whose: string, { settings: { region } }: Session): string {
  const typed = whose.trim();
  const name = typed.toLowerCase();
  if (SHARED_PARTITIONS.some((shared) => shared === name) || normaliseGuid(typed) !== undefined) return name;
  const lines = rows.Lines.flatMap((row) => readLine(row, region).value ?? []);
  const number = normaliseNumber(typed, region);
  if (number !== undefined) return lines.find((line) => line.number === number)?.id ?? number;
  const lineNames = lines.flatMap((line) => line.name ?? []);
  const groups = [
    ...rows.Routes.map((row) => textOfKey(row.partitionKey)),
    ...lines.flatMap(({ group }) => group ?? []),
  ];
  const isIn = (names: readonly string[]) => names.some((each) => each.toLowerCase() === name);
  if (!isIn(lineNames)) return typed;
  const isLine = !isIn(groups) || (lineNames.includes(typed) && !groups.includes(typed));
  if (isLine) return findLine(typed, rows.Lines, region, "The line").id;
  if (groups.includes(typed) && !lineNames.includes(typed)) return typed;
  throw new UsageError(`"${typed}" is the name of a line and of a group; write the line's id.`);
}

interface ListedRule extends ReadRow<Rule> {
  readonly row: Row;
}

async function list(session: Session, whose: string | undefined, { to, json }: ListFlags): Promise<ExitCode> {
  const { out, settings, startedAt } = session;
  if (whose !== undefined && to !== undefined)
    throw new UsageError("Name whose rules you want, or --to a line; not both.");
  const rows = await readWholeRows(session);
  const { region } = settings;
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const wanted = wantedRows(rows, book, whose, to, session);
  const listed = wanted.map((row): ListedRule => ({ row, ...readRule(row, region) })).sort(inOrder(names));
  const nowOf = (rule: Rule) => ruleNow(rule, book, startedAt.getTime(), localZone());
  if (json) {
    out.printJson(
      listed.map(({ row, value, faults }) => ({
        ...rowAsJson("Routes", row, value, faults),
        now: value === undefined ? { on: false, why: "left out" } : nowOf(value),
      })),
    );
    return EXIT.good;
  }
  const table = listed.map(({ row, value: rule, faults }) => {
    const keys = [names.partition(row.partitionKey), textOfKey(row.rowKey)];
    if (rule === undefined) return [...keys, "", "", "", `no: ${problemsInRow(faults)}`];
    const { on, why } = nowOf(rule);
    const now = `${on ? "yes" : "no"}${why === undefined ? "" : `: ${why}`}`;
    const problems = faults.length === 0 ? "" : `\n${problemsInRow(faults)}`;
    return [...keys, String(rule.priority), names.callers(rule.caller), names.action(rule), now + problems];
  });
  out.printTable(["Of", "Rule", "Priority", "Callers", "Rings", "Counts now"], table);
  if (listed.length === 0) out.tell("There are no such rules.");
  return EXIT.good;
}

function wantedRows(
  rows: WholeRows,
  book: Book,
  whose: string | undefined,
  to: string | undefined,
  session: Session,
): readonly Row[] {
  if (to !== undefined)
    return rowsForLine(rows, book, findLine(to, rows.Lines, session.settings.region, "--to"), session);
  if (whose === undefined) return rows.Routes;
  const wanted = partitionOf(rows, whose, session).toLowerCase();
  const own = rows.Routes.filter(({ partitionKey }) => textOfKey(partitionKey).toLowerCase() === wanted);
  if (own.length > 0) return own;
  const line = rows.Lines.map((row) => readLine(row, session.settings.region).value).find(
    (each) => each?.id === wanted,
  );
  const ofGroup = line === undefined ? [] : groupRows(rows, line);
  if (ofGroup.length === 0) throw new MistakeError(`There are no rules of ${whose}.`);
  session.out.tell(`${whose} has no rules of its own; these are of its group, ${line?.group}.`);
  return ofGroup;
}

function groupRows(rows: WholeRows, { group }: Line): readonly Row[] {
  const keys = group === undefined ? [] : [keyOf(group), keyOf(group.toLowerCase())];
  return rows.Routes.filter(({ partitionKey }) => keys.includes(partitionKey));
}

/** What a call to a line may meet. Overrides that cannot be read may have been meant for it. */
function rowsForLine(rows: WholeRows, book: Book, line: Line, { settings }: Session): readonly Row[] {
  const overrides = book.rules.get("override") ?? [];
  const partitions = { all: [], overrides, line: [], group: [], default: [] };
  const scoped = bookOf(line.id, line, partitions, new Map(), settings.region).partitions.flat();
  const others = new Set(overrides.filter((rule) => !scoped.includes(rule)).map(({ name }) => name));
  const asked = new Set(["all", "override", keyOf(line.id), "default"]);
  const shared = rows.Routes.filter(
    ({ partitionKey, rowKey }) => asked.has(partitionKey) && !(partitionKey === "override" && others.has(rowKey)),
  );
  return [...shared, ...groupRows(rows, line)];
}

/** The order in which a call asks them; between lines and groups, which no call asks both, by name. */
function inOrder(names: Names) {
  const rank = ({ partitionKey }: Row) => {
    const first = ["all", "override"].indexOf(partitionKey);
    if (first >= 0) return first;
    if (partitionKey === "default") return 4;
    return normaliseGuid(partitionKey) === undefined && !partitionKey.startsWith("+") ? 3 : 2;
  };
  return (one: ListedRule, other: ListedRule) =>
    rank(one.row) - rank(other.row) ||
    names.partition(one.row.partitionKey).localeCompare(names.partition(other.row.partitionKey)) ||
    (one.value !== undefined && other.value !== undefined
      ? compareRules(one.value, other.value)
      : Number(one.value === undefined) - Number(other.value === undefined));
}

async function show(session: Session, whose: string, name: string, { json }: CommonFlags): Promise<ExitCode> {
  const { out, settings, startedAt } = session;
  const rows = await readWholeRows(session);
  const row = storedRow(placeOf(rows, whose, name, session));
  const { value: rule, faults } = readRule(row, settings.region);
  if (json) {
    out.printJson(rowAsJson("Routes", row, rule, faults));
    return EXIT.good;
  }
  out.print(...showRow(out, "Routes", row), "");
  if (faults.length > 0) out.print(problemsInRow(faults));
  if (rule === undefined) return EXIT.good;
  const book = readBook(rows, undefined, settings.region);
  const names = new Names(book);
  const { on, why } = ruleNow(rule, book, startedAt.getTime(), localZone());
  out.print(
    `Of ${names.partition(row.partitionKey)}. It ${rule.action.kind === "reject" ? "is to" : "rings"} ${names.action(rule)}.`,
    `It ${on ? "counts" : "does not count"} now${why === undefined ? "" : `: ${why}`}.`,
  );
  return EXIT.good;
}
