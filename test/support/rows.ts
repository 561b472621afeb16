import type { Row } from "../../src/store/cells.ts";

/** Ids that stand for somebody, so that a test can say who. */
export const IDS = {
  line: "7629bdce-046c-4903-86b4-a8f718277e1a",
  adele: "98da8a1a-1b87-452c-a713-65d3f10b1253",
  ben: "bf5aae9a-d11d-47a8-93b1-782504c9c3f3",
  queue: "6d17c2f5-eac8-588b-835e-843f1323bef3",
  tenant: "aaaaaaaa-0000-4000-8000-000000000001",
} as const;

/** A row as the table service gives it; only the cells that matter need be spelled. */
export function aRow(cells: Readonly<Record<string, unknown>>): Row {
  const { partitionKey = "default", rowKey = "night", ...others } = cells;
  return { ...others, partitionKey: String(partitionKey), rowKey: String(rowKey) };
}

/** A row of Routes that rings Adele, unless the cells say otherwise. */
export function aRoute(cells: Readonly<Record<string, unknown>> = {}): Row {
  return aRow({ targets: `user:${IDS.adele}`, ...cells });
}
