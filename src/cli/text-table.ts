import stringWidth from "string-width";
import { escapeControls } from "./printable.ts";

/** Spaces between columns. */
const GAP = "  ";
/** No column becomes narrower than this while others are wider. */
const LEAST_WIDTH = 8;

/**
 * Aligned columns that fit a width: what is too long goes on below, broken at spaces and commas where it can be.
 *
 * @param rows cells by row; a row may be shorter than the headings
 * @param width columns of the terminal; `Infinity` in a pipe
 * @returns lines without spaces at their ends
 */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[], width: number): string[] {
  const used = headings.map((_, column) => rows.some((row) => (row[column] ?? "") !== ""));
  const pick = (row: readonly string[]) =>
    headings.flatMap((_, column) => (used[column] ? [escapeControls(row[column] ?? "")] : []));
  const table = [headings, ...rows].map(pick);
  const widths = fitted(
    (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => widthOf(row[column] ?? "")))),
    width,
  );
  return table.flatMap((row) => linesOf(row, widths));
}

function widthOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => stringWidth(line)));
}

/** Takes from the widest column until all fit. */
function fitted(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const gaps = GAP.length * Math.max(0, widths.length - 1);
  let excess = widths.reduce((sum, each) => sum + each, gaps) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST_WIDTH) break;
    const next = Math.max(LEAST_WIDTH, ...widths.filter((each) => each < widest));
    const same = widths.flatMap((each, column) => (each === widest ? [column] : []));
    const each = Math.min(widest - next || 1, Math.max(1, Math.floor(excess / same.length)));
    for (const column of same) widths[column] = widest - each;
    excess -= each * same.length;
  }
  return widths;
}

function linesOf(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, column) => cell.split("\n").flatMap((line) => wrap(line, widths[column] ?? Infinity)));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, column) => pad(cell[line] ?? "", widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** A text in lines no wider than `width`, broken behind spaces and commas, and within a word only when it must. */
export function wrap(text: string, width: number): string[] {
  if (stringWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/[^\s,]+[\s,]*|[\s,]+/g) ?? []) {
    if (line !== "" && stringWidth((line + word).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
    while (stringWidth(line.trimEnd()) > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
