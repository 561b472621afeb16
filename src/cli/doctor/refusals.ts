import type { TableClient } from "@azure/data-tables";
import { odata } from "@azure/data-tables";
import { HOUR_MS, hourOf } from "../../store/call-rows.ts";
import { orFault } from "../../store/tables.ts";
import type { Host } from "../host.ts";
import { CALL_CODES } from "./call-codes.ts";
import { good, patience, type Verdict, wrong } from "./examination.ts";

/** Hours that are looked back. */
const HOURS = 24;
const PART = "redirects";

/** Whether Graph refused redirects of late for a reason that lies in the set-up. */
export async function examineRefusals(calls: TableClient, { now, interrupted }: Host): Promise<Verdict[]> {
  const at = now();
  const from = `${hourOf(new Date(at.getTime() - HOURS * HOUR_MS))}-`;
  const to = `${hourOf(at)}-z`;
  const filter = odata`PartitionKey ge ${from} and PartitionKey le ${to} and graphCode ne ''`;
  const counts = new Map<string, number>();
  await orFault(calls, async () => {
    const queryOptions = { filter, select: ["graphCode", "graphStatus"] };
    for await (const row of calls.listEntities({ queryOptions, abortSignal: patience(interrupted) })) {
      for (const code of [row.graphCode, row.graphStatus].map(String)) {
        if (code in CALL_CODES) counts.set(code, (counts.get(code) ?? 0) + 1);
      }
    }
  });
  if (counts.size === 0) return [good(PART, `none was refused for its set-up in the last ${HOURS} hours`)];
  return [...counts].map(([code, count]) => {
    const { means = "", remedy = "" } = CALL_CODES[code] ?? {};
    return wrong(PART, `${count} refused with ${code} in the last ${HOURS} hours: ${means}`, remedy);
  });
}
