import { type CallerMatch, formatTerm } from "../routing/caller-match.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Line, Rule } from "../routing/rule.ts";
import type { RowTable } from "../store/cells.ts";
import { textOfKey } from "../store/tables.ts";
import { LINE_PARTITION } from "../store/typed-keys.ts";

/** `error`: calls go elsewhere than the row says. `warning`: probably not meant. `note`: worth knowing. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A mistake in the rows: where it is, what it is, and what would be right. */
export interface Finding {
  readonly severity: Severity;
  /** What kind of mistake it is, as a stable word: `loop`, `never-applies`. */
  readonly kind: FindingKind;
  readonly table: RowTable;
  /** Empty where a whole list of CallerLists is meant, whose rows stand in many partitions. */
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
  /** A cell can be read, and can never do anything. */
  | "idle-cell"
  /** A cell is ignored. */
  | "bad-cell"
  /** No call looks for a row under such keys. */
  | "never-read"
  /** No hours under that name. */
  | "unknown-schedule"
  /** Nobody is on the list. */
  | "unknown-list"
  /** A line's group has no rules. */
  | "unknown-group"
  /** An override is for no line that there is. */
  | "unknown-scope"
  /** Two overrides are for the same lines. */
  | "same-scope"
  /** Proved: no call ever lets the rule decide. */
  | "never-applies"
  /** Proved: an earlier rule takes all of its calls. */
  | "shadowed"
  /** Another row has the very same conditions. */
  | "same-conditions"
  /** At one priority, only the names of two rules settle which of them decides. */
  | "tie"
  | "loop"
  /** Graph refuses to redirect a call to the bot itself to a phone. */
  | "phone-from-bot"
  | "duplicate-number"
  | "duplicate-name"
  /** No numbering plan has the number. */
  | "odd-number"
  | "expired"
  /** Nobody answers the line. */
  | "no-answer";

/** What a check takes beside the rows. */
export interface CheckContext {
  /** Epoch milliseconds: what has expired by then has expired, and what never happens from then on never happens. */
  readonly atMs: number;
  readonly botAppId?: string;
  /** Whether FALLBACK_TARGET answers for lines that nobody else does. */
  readonly hasAppFallback: boolean;
  /** Whose national spellings of numbers count. */
  readonly region?: Region;
}

/** A finding's place: a rule's row. */
export function atRule({ partition, name }: Rule): Pick<Finding, "table" | "partitionKey" | "rowKey"> {
  return { table: "Routes", partitionKey: partition, rowKey: name };
}

/** A finding's place: a line's row. */
export function atLine(rowKey: string): Pick<Finding, "table" | "partitionKey" | "rowKey"> {
  return { table: "Lines", partitionKey: LINE_PARTITION, rowKey };
}

/** One line that says where: `Routes default/night, column schedule`. */
export function placeOfFinding({ table, column, ...keys }: Finding): string {
  return `${table} ${rowOfFinding(keys)}${column === undefined ? "" : `, column ${column}`}`;
}

/** The row: `default/night`, with the keys as people type them. */
export function rowOfFinding({ partitionKey, rowKey }: Pick<Finding, "partitionKey" | "rowKey">): string {
  const name = textOfKey(rowKey);
  return partitionKey === "" ? name : `${textOfKey(partitionKey)}/${name}`;
}

/** What is found after a change and was not before it. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map(identityOf));
  return after.filter((finding) => !known.has(identityOf(finding)));
}

/** What tells one finding from all others. */
export function identityOf({ kind, says, ...place }: Finding): string {
  return JSON.stringify([kind, place.table, place.partitionKey, place.rowKey, place.column ?? "", says]);
}

/** A rule as people name it: `default/night`. */
export function nameOfRule({ partition, name }: Rule): string {
  return rowOfFinding({ partitionKey: partition, rowKey: name });
}

/** A line as people name it. */
export function nameOfLine({ id, name, number }: Line): string {
  return name ?? number ?? id;
}

/** The caller column as a person would type it. */
export function formatCaller({ include, exclude }: CallerMatch): string {
  return [...include.map(formatTerm), ...exclude.map((term) => `!${formatTerm(term)}`)].join(", ");
}

export function formatSchedule({ schedule, negated }: { readonly schedule: string; readonly negated: boolean }) {
  return `${negated ? "!" : ""}${schedule}`;
}
