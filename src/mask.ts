/** Digits that stay readable at a masked number's end: enough to tell calls apart, too few to ring. */
const SHOWN_DIGITS = 4;

/** The number in our own advice on how to write one. It is kept for fiction, and belongs to nobody. */
const EXAMPLE = "+14255550100";

/** A number for eyes that need not know it: `+*******0142` tells two callers apart, and cannot be rung. */
export function maskNumber(number: string): string {
  const digits = number.match(/\p{Nd}/gu)?.length ?? 0;
  let seen = 0;
  return number.replace(/\p{Nd}/gu, (digit) =>
    ++seen > digits - SHOWN_DIGITS && digits > SHOWN_DIGITS + 2 ? digit : "*",
  );
}

const SEVEN_DIGITS = String.raw`\p{Nd}(?:[\p{Zs}\p{Pd}\p{Cf}()./]{0,3}\p{Nd}){6,}`;
const GUID = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;
const DATE = String.raw`(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d|-\d)`;
/** Whatever people put between the digits. Within a word or an id there is no number, unless it has a `+`. */
const NUMBER = new RegExp(
  String.raw`[+＋]${SEVEN_DIGITS}|(?<!\w|\w-)(?!${GUID}|${DATE})${SEVEN_DIGITS}(?!(?!x\d)\w|-\w)`,
  "giu",
);

/** Masks every number of seven digits or more within a text; ids, dates such as 2026-12-25 and short numbers stay. */
export function maskNumbers(text: string): string {
  return text.replace(NUMBER, (number) => (number === EXAMPLE ? number : maskNumber(number)));
}
