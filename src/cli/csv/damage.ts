import { parsePhoneNumberFromString } from "libphonenumber-js";
import { formatDay, MONTHS } from "../../routing/dates.ts";
import { normaliseNumber, type Region } from "../../routing/phone-number.ts";
import type { RowTable } from "../../store/cells.ts";

/** Columns that are for people: whatever they hold is meant. */
const FREE_TEXT = new Set(["note", "name"]);
const ROUNDED = /(^|[:;,\s])\d+([.,]\d+)?E\+\d+($|[;,\s])/i;
const FORMULA_ERROR = /^#(NAME\?|VALUE!|REF!|DIV\/0!|NUM!|NULL!|N\/A|#+)$/i;
/** Day 0 of a spreadsheet's calendar, in days since 1970-01-01. */
const SERIAL_ZERO = -25_569;

/** What a spreadsheet did to a cell that had been something else, as a sentence; undefined when it left it alone. */
export function damageOf(table: RowTable, column: string, text: string): string | undefined {
  if (FREE_TEXT.has(column)) return undefined;
  if (ROUNDED.test(text)) return "digits lost in a spreadsheet: type the number again, in a column of the format Text";
  if (FORMULA_ERROR.test(text)) return "a spreadsheet took the text for a formula and lost it: type it again";
  return table === "Schedules" && column === "RowKey" ? rewrittenDate(text) : undefined;
}

/** A date that was typed as `2026-12-25` or `12-25` and that a spreadsheet wrote as it writes dates. */
function rewrittenDate(text: string): string | undefined {
  const meant = datesMeantBy(text);
  return meant === undefined
    ? undefined
    : `a spreadsheet wrote the date in its own way: write ${meant.join(" or ")}, in a column of the format Text`;
}

function datesMeantBy(text: string): readonly string[] | undefined {
  if (/^\d{5}$/.test(text)) return [formatDay(Number(text) + SERIAL_ZERO)];
  const [, first, second, year] = /^(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{4}|\d{2})$/.exec(text) ?? [];
  if (first !== undefined && second !== undefined && year !== undefined) {
    const monthFirst = dateOf(year, Number(first), Number(second));
    const dayFirst = dateOf(year, Number(second), Number(first));
    const dates = [...new Set([dayFirst, monthFirst])].flatMap((each) => each ?? []);
    return dates.length === 0 ? undefined : dates;
  }
  const [, day, word = "", ofYear] = /^(\d{1,2})[\s-]([a-z]{3,9})\.?(?:[\s-](\d{4}|\d{2}))?$/i.exec(text) ?? [];
  const month = MONTHS.findIndex((name) => name.startsWith(word.toLowerCase())) + 1;
  if (day === undefined || month === 0) return undefined;
  const date = dateOf(ofYear ?? "2000", month, Number(day));
  return date === undefined ? undefined : [ofYear === undefined ? date.slice("2000-".length) : date];
}

function dateOf(year: string, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${year.padStart(4, "20")}-${two(month)}-${two(day)}`;
}

/** What becomes of a number without its `+`: surely the number that it was, or perhaps another. */
export type LostPlus = { readonly kind: "certain"; readonly number: string } | { readonly kind: "uncertain" };

/**
 * Judges a number of mere digits that is read as if a `+` stood before it. A national spelling of the region is none.
 *
 * @returns undefined when nothing was lost, or when the text is no number
 */
export function lostPlus(text: string, region: Region | undefined): LostPlus | undefined {
  const number = normaliseNumber(text, region);
  if (number === undefined || text.includes("+") || `+${text.replace(/\D/g, "")}` !== number) return undefined;
  return parsePhoneNumberFromString(number)?.isValid() ? { kind: "certain", number } : { kind: "uncertain" };
}

/** UTF-8 that was read as Windows-1252 on its way: `Ã¼` was an `ü`. */
export function isMojibake(text: string): boolean {
  return /[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac/.test(text);
}
