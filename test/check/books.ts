import { findMistakes } from "../../src/check/find-mistakes.ts";
import { type CheckContext, type Finding, placeOfFinding } from "../../src/check/finding.ts";
import { type Book, type ListSummary, readBook } from "../../src/store/book.ts";
import type { Row } from "../../src/store/cells.ts";
import type { TypedRows, TypedTable } from "../support/decisions.ts";

/** The moment of the checks unless a test says otherwise: a Wednesday. */
export const NOW = "2026-06-03T12:00:00Z";

export interface CheckOptions extends Partial<Omit<CheckContext, "atMs">> {
  /** Who is on each list, and who of them lapsed; absent where lists were not read. */
  readonly lists?: ListSummary["sizes"];
}

/** A book of typed rows, read as the command reads stored ones. */
export function bookOfRows(rows: TypedRows, lists?: ListSummary["sizes"]): Book {
  const tables = {
    Lines: rowsOf({ line: rows.lines ?? {} }),
    Routes: rowsOf(rows.routes ?? {}),
    Schedules: rowsOf(rows.schedules ?? {}),
  };
  return readBook(tables, lists && { sizes: lists, faults: [] }, "US");
}

export function mistakesIn(rows: TypedRows, { lists, ...context }: CheckOptions = {}): readonly Finding[] {
  return findMistakes(bookOfRows(rows, lists), {
    atMs: Date.parse(NOW),
    region: "US",
    hasAppFallback: true,
    ...context,
  });
}

/** Findings in short: `error shadowed Routes default/b, column priority`. */
export function inShort(findings: readonly Finding[]): string[] {
  return findings.map((finding) => `${finding.severity} ${finding.kind} ${placeOfFinding(finding)}`);
}

function rowsOf(table: TypedTable): Row[] {
  return Object.entries(table).flatMap(([partitionKey, rows]) =>
    Object.entries(rows).map(([rowKey, cells]) => ({ ...cells, partitionKey, rowKey })),
  );
}
