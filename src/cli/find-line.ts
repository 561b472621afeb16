import { normaliseGuid } from "../routing/party.ts";
import { normaliseNumber, type Region } from "../routing/phone-number.ts";
import type { Line } from "../routing/rule.ts";
import type { Row } from "../store/cells.ts";
import { readLine } from "../store/rule-rows.ts";
import { UsageError } from "./exit.ts";

/**
 * The line that a person means by an id, a number or a name. An id needs no row: a line without one is served by its
 * rules and `default`.
 *
 * @param text as typed after the flag
 * @param flag for the message
 * @throws UsageError when no line is called so, or several are
 */
export function findLine(text: string, rows: readonly Row[], region: Region | undefined, flag: string): Line {
  const lines = rows.flatMap((row) => readLine(row, region).value ?? []);
  const id = normaliseGuid(text);
  if (id !== undefined) return lines.find((line) => line.id === id) ?? { id, fallback: [] };
  const number = normaliseNumber(text, region);
  const byNumber = lines.filter((line) => number !== undefined && (line.number === number || line.id === number));
  const name = text.trim().toLowerCase();
  const found = byNumber.length > 0 ? byNumber : lines.filter((line) => line.name?.toLowerCase() === name);
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  if (only === undefined)
    throw new UsageError(`${flag} is "${text}", and no line has that id, number or name.${near(lines)}`);
  throw new UsageError(
    `${flag} is "${text}", and ${found.length} lines are called so: ${found.map(({ id }) => id).join(", ")}.`,
  );
}

/** A few lines, so that a person sees how lines are called. */
function near(lines: readonly Line[]): string {
  const names = lines.slice(0, 5).map(({ id, name, number }) => name ?? number ?? id);
  if (names.length === 0) return " There are no rows in Lines yet.";
  return ` Lines are for instance ${names.join(", ")}.`;
}
