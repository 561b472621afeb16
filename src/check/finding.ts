import type { RowTable } from "../store/cells.ts";

/** `error`: calls go elsewhere than the row says. `warning`: probably not meant. `note`: worth knowing. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A mistake in the rows: where it is, what it is, and what would be right. */
export interface Finding {
  readonly severity: Severity;
  /** What kind of mistake it is, as a stable word: `loop`, `never-applies`. */
  readonly kind: FindingKind;
  readonly table: RowTable;
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly column?: string;
  /** The cell's text, shortened. */
  readonly found?: string;
  /** A sentence. */
  readonly says: string;
  /** What to do, as a sentence in the imperative. */
  readonly remedy: string;
}

export type FindingKind =
  /** The row is left out: a cell cannot be read. */
  | "bad-row"
  /** A cell is ignored. */
  | "bad-cell"
  /** No call looks for a row under such keys. */
  | "never-read"
  | "unknown-schedule"
  | "unknown-list"
  | "unknown-group"
  | "unknown-scope"
  | "never-applies"
  | "shadowed"
  | "same-conditions"
  | "loop"
  | "duplicate-number"
  | "expired"
  | "no-answer";

/** What a check takes beside the rows. */
export interface CheckContext {
  /** Epoch milliseconds: what has expired by then has expired. */
  readonly atMs: number;
  readonly botAppId?: string;
  /** Whether FALLBACK_TARGET answers for lines that nobody else does. */
  readonly hasAppFallback: boolean;
}

/** One line that says where: `Routes default/night, column schedule`. */
export function placeOfFinding({ table, partitionKey, rowKey, column }: Finding): string {
  return `${table} ${partitionKey}/${rowKey}${column === undefined ? "" : `, column ${column}`}`;
}

/** What is found after a change and was not before it. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map(identityOf));
  return after.filter((finding) => !known.has(identityOf(finding)));
}

function identityOf({ kind, says, ...place }: Finding): string {
  return JSON.stringify([kind, place.table, place.partitionKey, place.rowKey, place.column ?? "", says]);
}
