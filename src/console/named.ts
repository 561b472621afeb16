import type { Names } from "../cli/names.ts";
import { OVERRIDES } from "../cli/override/override-scope.ts";
import { unreachable } from "../errors.ts";
import type { RowTable } from "../store/cells.ts";
import { placeOf, type RowKeys } from "../store/layouts.ts";
import { textOfKey } from "../store/tables.ts";

/** A stored row's keys as people know them: a line by its name, an override by its scope's, all else decoded. */
export function namedKeys(table: RowTable, keys: RowKeys, names: Names): RowKeys {
  const [partitionKey, rowKey] = [textOfKey(keys.partitionKey), textOfKey(keys.rowKey)];
  switch (table) {
    case "Lines":
      return { partitionKey, rowKey: names.line(rowKey) };
    case "Routes":
      return {
        partitionKey: names.partition(keys.partitionKey),
        rowKey: keys.partitionKey === OVERRIDES ? names.scope(keys.rowKey) : rowKey,
      };
    case "CallerLists":
      return { partitionKey: names.party(partitionKey), rowKey };
    case "Schedules":
      return { partitionKey, rowKey };
    default:
      return unreachable(table);
  }
}

/** `Routes Support/day`; a list of CallerLists by its name alone, whose rows stand in many partitions. */
export function namedPlace(table: RowTable, keys: RowKeys, names: Names): string {
  const named = namedKeys(table, keys, names);
  return named.partitionKey === "" ? `${table} ${named.rowKey}` : placeOf({ table, ...named });
}
