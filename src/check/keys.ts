import { normaliseGuid } from "../routing/party.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Row, RowFault, RowTable } from "../store/cells.ts";
import type { RowKeys } from "../store/layouts.ts";
import { HOURS_ROW } from "../store/schedule-rows.ts";
import { textOfKey } from "../store/tables.ts";
import { LINE_PARTITION, readKeys, SHARED_PARTITIONS } from "../store/typed-keys.ts";
import type { Directory } from "./directory.ts";
import { atLine, atRule, type Finding, nameOfLine } from "./finding.ts";
import type { Steps } from "./steps.ts";

/** Rows that stand under keys for which no call looks: one finding for each line, partition of rules and schedule. */
export function* findUnreadKeys(directory: Directory): Steps<readonly Finding[]> {
  return [...(yield* unreadLines(directory)), ...(yield* unreadRules(directory)), ...unreadSchedules(directory)];
}

type Place = Pick<Finding, "table" | "partitionKey" | "rowKey">;

function unread(place: Place, column: string, found: string, says: string, remedy: string): Finding {
  return { severity: "error", kind: "never-read", ...place, column, found: textOfKey(found), says, remedy };
}

function* unreadLines({ book, context }: Directory): Steps<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const key of book.lines.keys()) {
    yield;
    const right = rightKeys("Lines", { partitionKey: LINE_PARTITION, rowKey: key }, context.region);
    if (right.rowKey === key) continue;
    const says = "No call looks for a line under this id.";
    findings.push(unread(atLine(key), "RowKey", key, says, adviceFor(right, "rowKey")));
  }
  return findings;
}

function* unreadRules(directory: Directory): Steps<readonly Finding[]> {
  const { book } = directory;
  const groups = new Set([...directory.rows.values()].flatMap((line) => directory.groupKey(line) ?? []));
  const shared = new Set<string>(SHARED_PARTITIONS);
  const findings: Finding[] = [];
  for (const [key, [first]] of book.rules) {
    yield;
    if (first === undefined || shared.has(key) || groups.has(key) || normaliseGuid(key) === key) continue;
    const [says, remedy, severity = "error"] = whyUnread(key, directory) ?? [];
    if (says === undefined || remedy === undefined) continue;
    findings.push({ ...unread(atRule(first), "PartitionKey", key, says, remedy), severity });
  }
  return findings;
}

/** What is wrong with a partition of rules that is neither shared, nor a group's, nor an id; undefined when nothing is. */
function whyUnread(
  key: string,
  directory: Directory,
): readonly [says: string, remedy: string, severity?: Finding["severity"]] | undefined {
  const text = textOfKey(key);
  const right = rightKeys("Routes", { partitionKey: key, rowKey: "any" }, directory.context.region);
  const spelled = right.partitionKey === undefined ? text : textOfKey(right.partitionKey);
  const [line] = [...directory.linesNumbered(spelled), ...directory.linesNamed(text)];
  if (line !== undefined && line.id !== spelled) {
    return [`Calls to ${nameOfLine(line)} look for its rules under its id, not under "${text}".`, `Write ${line.id}.`];
  }
  if (right.partitionKey !== key)
    return [`No call looks for rules under "${text}" in this spelling.`, adviceFor(right, "partitionKey")];
  // A number may be all that the platform names a line by.
  if (spelled.startsWith("+")) return undefined;
  const group = directory.groupLike(text);
  return [
    `"${text}" is no line's id and no line's group, so no call asks these rules.`,
    group === undefined
      ? "Write a line's id, the group of a line in Lines, all, default or override."
      : `Write ${group}.`,
    // Rules of a group are best written before the first line is put into it.
    "warning",
  ];
}

function unreadSchedules({ book, context }: Directory): readonly Finding[] {
  return [...book.schedules.keys()].flatMap((key) => {
    const right = rightKeys("Schedules", { partitionKey: key, rowKey: HOURS_ROW }, context.region);
    if (right.partitionKey === key) return [];
    const place = { table: "Schedules", partitionKey: key, rowKey: HOURS_ROW } as const;
    const says = "No rule can name a schedule that is spelled so.";
    return [unread(place, "PartitionKey", key, says, adviceFor(right, "partitionKey"))];
  });
}

/** Keys as they should be, as far as somebody can tell; else what is wrong with them. */
type RightKeys = Partial<RowKeys> & { readonly wrong?: string };

function rightKeys(table: RowTable, stored: RowKeys, region: Region | undefined): RightKeys {
  const typed = { partitionKey: textOfKey(stored.partitionKey), rowKey: textOfKey(stored.rowKey) };
  const read = readKeys(table, typed, region);
  return "partitionKey" in read ? read : { wrong: read[0]?.wrong ?? "" };
}

function adviceFor({ wrong, ...keys }: RightKeys, column: keyof RowKeys): string {
  const advice = wrong ?? `write ${keys[column]}`;
  return `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
}

/**
 * What is wrong with the keys of a row as it is stored, of those tables whose rows are not kept by their PartitionKey once
 * they are read: a line that stands elsewhere than in the partition `line`, a caller in a spelling that no call has.
 */
export function faultsOfKeys(table: "Lines" | "CallerLists", row: Row, region: Region | undefined): RowFault[] {
  const { partitionKey, rowKey } = row;
  const wrong = table === "Lines" ? wrongLinePartition(partitionKey) : wrongCaller(row, region);
  const found = partitionKey.slice(0, 200);
  return wrong === undefined
    ? []
    : [{ table, partitionKey, rowKey, column: "PartitionKey", found, wrong, skipsRow: true }];
}

function wrongLinePartition(partitionKey: string): string | undefined {
  return partitionKey === LINE_PARTITION ? undefined : `write ${LINE_PARTITION}`;
}

function wrongCaller({ partitionKey }: RowKeys, region: Region | undefined): string | undefined {
  const right = rightKeys("CallerLists", { partitionKey, rowKey: "any" }, region);
  return right.partitionKey === partitionKey ? undefined : (right.wrong ?? `write ${right.partitionKey}`);
}
