import type { Line } from "../../routing/rule.ts";
import { type Book, readBook } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import { cellsOf } from "../../store/layouts.ts";
import { readRule } from "../../store/rule-rows.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { Names } from "../names.ts";
import { ruleNow, scheduleNamed } from "../on-now.ts";
import { readWholeRows } from "../read-rows.ts";
import { problemsInRow } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { chooseZone, zoneOfRules } from "../zone.ts";
import { coverage, isOfScope, linesOf, OVERRIDES, rulesFor, type Scope } from "./override-scope.ts";
import { actionOf } from "./override-text.ts";

export interface OverrideShowFlags extends CommonFlags {
  readonly zone?: string;
}

/** `ringroute override show`: every override, whether it is in force, and the lines whose calls it takes. */
export async function overrideShow(session: Session, flags: OverrideShowFlags): Promise<ExitCode> {
  const { out, startedAt } = session;
  const { region } = session.settings;
  const rows = await readWholeRows(session);
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const lines = linesOf(book);
  const covered = coverage(lines, book.rules.get(OVERRIDES) ?? [], book, startedAt.getTime(), region);
  const zoneOf = zonesOfOverrides(flags.zone, lines, book, session);
  const overrides = rows.Routes.filter(({ partitionKey }) => partitionKey === OVERRIDES).map((row) => {
    const { value: rule, faults } = readRule(row, region);
    const now = rule === undefined ? undefined : ruleNow(rule, book, startedAt.getTime(), zoneOf(row));
    const coveredBy = covered.flatMap(({ line, by }) => (by !== undefined && by.name === row.rowKey ? [line.id] : []));
    return { row, rule, faults, on: now?.on ?? false, why: now?.why ?? "", lines: coveredBy };
  });
  if (flags.json) {
    out.printJson(
      overrides.map(({ row, faults, on, lines }) => ({
        scope: textOfKey(row.rowKey),
        on,
        lines,
        stored: cellsOf("Routes", row),
        faults,
      })),
    );
    return EXIT.good;
  }
  if (overrides.length === 0) {
    out.tell("No override is on.");
    return EXIT.good;
  }
  out.printTable(
    ["Scope", "Does", "Now", "Lines", "Note", "Problem"],
    overrides
      .toSorted((one, other) => Number(other.on) - Number(one.on))
      .map(({ row, rule, faults, on, why, lines }) => [
        names.scope(row.rowKey),
        rule === undefined ? "" : actionOf(rule, names),
        [on ? "on" : "off", why].filter((text) => text !== "").join(", "),
        lines.map((id) => names.line(id)).join(", ") || "none",
        cellsOf("Routes", row).note ?? "",
        problemsInRow(faults),
      ]),
  );
  return EXIT.good;
}

/** The zone in which an override's times are told: that of the flag, else the one that `override on` takes for its scope. */
function zonesOfOverrides(
  typed: string | undefined,
  lines: readonly Line[],
  book: Book,
  session: Session,
): (override: Row) => string {
  const find = (name: string) => scheduleNamed(book, name);
  if (typed !== undefined) {
    const timeZone = chooseZone(typed, [], find, session);
    return () => timeZone;
  }
  const scopes: readonly Scope[] = [
    { kind: "all" },
    ...[...new Set(lines.flatMap(({ site }) => site ?? []))].map((site) => ({ kind: "site" as const, site })),
    ...lines.map((line) => ({ kind: "line" as const, line })),
  ];
  return (override) => {
    const scope = scopes.find((each) => isOfScope(override, each, session.settings.region));
    return zoneOfRules(scope === undefined ? [] : rulesFor(scope, lines, book), find).timeZone;
  };
}
