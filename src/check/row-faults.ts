import type { RowFault } from "../store/cells.ts";
import type { Finding, FindingKind } from "./finding.ts";

/** What the readers of rows found wrong with one row alone. */
export function findingOfFault(fault: RowFault): Finding {
  const { table, partitionKey, rowKey, column, found, wrong, skipsRow } = fault;
  const kind = kindOf(fault);
  return {
    severity: skipsRow ? "error" : "warning",
    kind,
    table,
    partitionKey,
    rowKey,
    column,
    found,
    says: SAYS[kind],
    remedy: `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}${/[.?]$/.test(wrong) ? "" : "."}`,
  };
}

const SAYS = {
  "never-read": "No call looks for a row under this key.",
  "bad-row": "The row is left out.",
  "bad-cell": "The cell is ignored.",
  "same-conditions": "Another row has the same conditions and goes first by its name.",
} as const satisfies Partial<Record<FindingKind, string>>;

function kindOf({ column, skipsRow }: RowFault): keyof typeof SAYS {
  if (column === "PartitionKey") return "never-read";
  if (skipsRow) return "bad-row";
  // Of a row that is kept, only another one that is its double makes the key a mistake.
  return column === "RowKey" ? "same-conditions" : "bad-cell";
}
