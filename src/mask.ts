/** Digits that stay readable at a masked number's end: enough to tell calls apart, too few to ring. */
const SHOWN_DIGITS = 4;

/** A number for eyes that need not know it: `+1425555****` is not guessable, `+*******0142` tells two callers apart. */
export function maskNumber(number: string): string {
  const digits = number.match(/\d/g)?.length ?? 0;
  let seen = 0;
  return number.replace(/\d/g, (digit) => (++seen > digits - SHOWN_DIGITS && digits > SHOWN_DIGITS + 2 ? digit : "*"));
}

/** Masks every number of seven digits or more within a text; ids and short numbers stay. */
export function maskNumbers(text: string): string {
  return text.replace(/(?<![\w-])\+?\d[\d ().-]{5,}\d(?![\w-])/g, maskNumber);
}
