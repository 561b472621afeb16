/** How a cell begins that a spreadsheet takes for a formula: signs of either width, and what it skips before one. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** Cells that a spreadsheet writes anew, each in its own way: dates, numbers with a zero in front, long ones, `1E5`. */
const REWRITTEN = /^(\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|0\d+|\d{12,}|\d+(\.\d+)?E\d+)$/i;

/** Whether a spreadsheet would make something else of a text, whatever apostrophes stand before it. */
function isAtRisk(text: string): boolean {
  const bare = text.replace(/^'+/, "");
  return FORMULA.test(bare) || REWRITTEN.test(bare);
}

/**
 * A cell as it stands in an exported file. What a spreadsheet would run as a formula or write anew (`+14255550100`,
 * `2026-12-25`, `=1+1`) gets an apostrophe in front, by which spreadsheets know text. Everything else stays as it is,
 * `O'Brien` and `'quoted'` among it.
 */
export function makeInert(text: string): string {
  return isAtRisk(text) ? `'${text}` : text;
}

/** The text of a cell that `makeInert` wrote, or that a person typed. */
export function readInert(cell: string): string {
  return cell.startsWith("'") && isAtRisk(cell) ? cell.slice(1) : cell;
}
