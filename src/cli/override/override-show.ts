import { readBook } from "../../store/book.ts";
import { cellsOf } from "../../store/layouts.ts";
import { readRule } from "../../store/rule-rows.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { Names } from "../names.ts";
import { localZone, ruleNow } from "../on-now.ts";
import { readWholeRows } from "../read-rows.ts";
import { problemsInRow } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { coverage, linesOf, OVERRIDES } from "./override-scope.ts";
import { actionOf, nameOfScope } from "./override-text.ts";

/** `ringroute override show`: every override, whether it is in force, and the lines whose calls it takes. */
export async function overrideShow(session: Session, flags: CommonFlags): Promise<ExitCode> {
  const { out, startedAt } = session;
  const { region } = session.settings;
  const rows = await readWholeRows(session);
  const book = readBook(rows, undefined, region);
  const names = new Names(book);
  const covered = coverage(linesOf(book), book.rules.get(OVERRIDES) ?? [], book, startedAt.getTime(), region);
  const overrides = rows.Routes.filter(({ partitionKey }) => partitionKey === OVERRIDES).map((row) => {
    const { value: rule, faults } = readRule(row, region);
    const now = rule === undefined ? undefined : ruleNow(rule, book, startedAt.getTime(), localZone());
    const lines = covered.flatMap(({ line, by }) => (by !== undefined && by.name === row.rowKey ? [line.id] : []));
    return { row, rule, faults, on: now?.on ?? false, why: now?.why ?? "", lines };
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
        nameOfScope(row.rowKey, names),
        rule === undefined ? "" : actionOf(rule, names),
        [on ? "on" : "off", why].filter((text) => text !== "").join(", "),
        lines.map((id) => names.line(id)).join(", ") || "none",
        cellsOf("Routes", row).note ?? "",
        problemsInRow(faults),
      ]),
  );
  return EXIT.good;
}
