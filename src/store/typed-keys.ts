import { isWrong } from "../errors.ts";
import { parseExceptionKey } from "../routing/exception-key.ts";
import { normaliseGuid } from "../routing/party.ts";
import { normaliseNumber, type Region } from "../routing/phone-number.ts";
import type { RowFault, RowTable } from "./cells.ts";
import type { RowKeys } from "./layouts.ts";
import { HOURS_ROW } from "./schedule-rows.ts";
import { keyOf } from "./tables.ts";

/** The partitions of Routes that are nobody's own. */
export const SHARED_PARTITIONS = ["all", "default", "override"] as const;
export const LINE_PARTITION = "line";

/** Longest key that the table service takes, in bytes of UTF-16. */
const MOST_KEY_BYTES = 1024;

/**
 * Keys as a person types them, in the one spelling under which a call looks for them: ids in lower case, callers in
 * E.164, `All` as `all`. What has no spelling of its own (names of rules, groups, schedules and lists) stays as typed,
 * with what a key may not hold percent-encoded.
 *
 * @param region whose national spellings of numbers count
 * @returns the keys to store, or what is wrong with them
 */
export function readKeys(table: RowTable, typed: RowKeys, region: Region | undefined): RowKeys | readonly RowFault[] {
  const faults: RowFault[] = [];
  const report = (column: "PartitionKey" | "RowKey", wrong: string) => {
    const found = (column === "PartitionKey" ? typed.partitionKey : typed.rowKey).slice(0, 200);
    faults.push({ table, ...typed, column, found, wrong, skipsRow: true });
    return "";
  };
  const partitionKey = keyOf(partitionOf(table, typed.partitionKey.trim(), region, report));
  const rowKey = keyOf(rowNameOf(table, typed.rowKey.trim(), region, report));
  if (partitionKey.length * 2 > MOST_KEY_BYTES) report("PartitionKey", "write at most 512 characters");
  if (rowKey.length * 2 > MOST_KEY_BYTES) report("RowKey", "write at most 512 characters");
  return faults.length > 0 ? faults : { partitionKey, rowKey };
}

type Report = (column: "PartitionKey" | "RowKey", wrong: string) => string;

function partitionOf(table: RowTable, text: string, region: Region | undefined, report: Report): string {
  switch (table) {
    case "Lines":
      if (text === "" || text.toLowerCase() === LINE_PARTITION) return LINE_PARTITION;
      return report("PartitionKey", `write ${LINE_PARTITION}`);
    case "Routes": {
      const shared = SHARED_PARTITIONS.find((name) => name === text.toLowerCase());
      if (text === "") return report("PartitionKey", "write a line's id, a group's name, all, default or override");
      return shared ?? lineId(text, region) ?? text;
    }
    case "Schedules":
      return text === "" ? report("PartitionKey", "write the schedule's name") : text;
    case "CallerLists": {
      const caller = callerKey(text, region);
      return caller ?? report("PartitionKey", "write the caller as +14255550100, or a user's object id");
    }
  }
}

function rowNameOf(table: RowTable, text: string, region: Region | undefined, report: Report): string {
  switch (table) {
    case "Lines":
      return (
        lineId(text, region) ?? report("RowKey", "write the line's id: the bot's app id or the resource account's")
      );
    case "Routes":
      return text === "" ? report("RowKey", "write the rule's name") : text;
    case "Schedules": {
      if (text.toLowerCase() === HOURS_ROW) return HOURS_ROW;
      const days = parseExceptionKey(text);
      return isWrong(days) ? report("RowKey", days.wrong) : text;
    }
    case "CallerLists":
      return text === "" ? report("RowKey", "write the list's name") : text.toLowerCase();
  }
}

/** A line by its id, or by its number where the platform names it so. */
function lineId(text: string, region: Region | undefined): string | undefined {
  return normaliseGuid(text) ?? normaliseNumber(text, region);
}

/** A caller as calls name it: an object id, a number, or an extension as it is. */
function callerKey(text: string, region: Region | undefined): string | undefined {
  return normaliseGuid(text) ?? normaliseNumber(text, region) ?? (/^\d{2,6}$/.test(text) ? text : undefined);
}
