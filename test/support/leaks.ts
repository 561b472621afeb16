/**
 * Whether a text shows a number: its last seven digits or more, in whatever script and with whatever stands between them.
 * The last four alone are what masking leaves.
 */
export function showsNumber(text: string, number: string): boolean {
  const last = number.replace(/\D/g, "").slice(-7);
  const between = String.raw`(?:\\u[\da-f]{4}|\D){0,4}`;
  return new RegExp([...last].join(between)).test(inAsciiDigits(text));
}

/** The parts of bearer tokens, and of whatever else has the form of one. */
export function tokenPartsIn(text: string): string[] {
  return text.match(/\beyJ[\w-]{10,}/g) ?? [];
}

function inAsciiDigits(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x0966));
}
