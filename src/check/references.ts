import type { Line, Rule } from "../routing/rule.ts";
import { HOURS_ROW } from "../store/schedule-rows.ts";
import { textOfKey } from "../store/tables.ts";
import type { Directory } from "./directory.ts";
import { atLine, atRule, type Finding, formatCaller, nameOfLine } from "./finding.ts";
import type { Steps } from "./steps.ts";

/** Names in rows that lead nowhere, numbers that lead two ways, and list rows whose time is over. */
export function* findReferences(rules: readonly Rule[], directory: Directory): Steps<readonly Finding[]> {
  const ofRules: Finding[] = [];
  for (const rule of rules) {
    ofRules.push(...unknownLists(rule, directory), ...otherwiseSpelled(rule, directory));
    yield;
  }
  return [
    ...ofRules,
    ...unknownHolidays(directory),
    ...unknownGroups(directory),
    ...duplicates(directory, "number"),
    ...duplicates(directory, "name"),
    ...lapsedMembers(directory),
  ];
}

function unknownLists(rule: Rule, { book: { lists } }: Directory): Finding[] {
  const names = [...rule.caller.include, ...rule.caller.exclude].flatMap((term) =>
    term.kind === "list" ? [term.name] : [],
  );
  return [...new Set(names)].flatMap((name): Finding[] => {
    if (lists === undefined || lists.has(name)) return [];
    return [
      {
        severity: "warning",
        kind: "unknown-list",
        ...atRule(rule),
        column: "caller",
        found: formatCaller(rule.caller),
        says: `Nobody is on a list "${name}".`,
        remedy: "Write the name of a list that there is, or add callers to it.",
      },
    ];
  });
}

/** Schedules that are looked for as typed and in lower case, and have yet another spelling. */
function otherwiseSpelled(rule: Rule, directory: Directory): Finding[] {
  const name = rule.schedule?.schedule;
  if (name === undefined || directory.schedule(name) !== undefined) return [];
  const [spelled] = directory.schedulesLike(name);
  return spelled === undefined
    ? []
    : [
        {
          severity: "error",
          kind: "unknown-schedule",
          ...atRule(rule),
          column: "schedule",
          found: name,
          says: `There is no schedule "${name}", only "${spelled}".`,
          remedy: `Write ${spelled}.`,
        },
      ];
}

function unknownHolidays(directory: Directory): readonly Finding[] {
  return [...directory.book.schedules].flatMap(([partitionKey, schedule]): Finding[] => {
    const holidays = "holidays" in schedule ? schedule.holidays : [];
    return holidays
      .filter((name) => directory.schedule(name) === undefined)
      .map((name) => ({
        severity: "error",
        kind: "unknown-schedule",
        table: "Schedules",
        partitionKey,
        rowKey: HOURS_ROW,
        column: "holidays",
        found: holidays.join(", "),
        says: `There are no rows under "${name}", so its days do not count here.`,
        remedy: "Write the name of a schedule that there is, or add its dated rows.",
      }));
  });
}

function unknownGroups(directory: Directory): readonly Finding[] {
  return [...directory.rows.values()].flatMap((line): Finding[] => {
    const { group } = line;
    if (group === undefined || directory.groupKey(line) !== undefined) return [];
    const spelled = directory.partitionLike(group);
    return [
      {
        severity: spelled === undefined ? "warning" : "error",
        kind: "unknown-group",
        ...atLine(line.id),
        column: "group",
        found: group,
        says: `Routes has no rules for the group "${group}"${spelled === undefined ? "" : `, only for "${spelled}"`}.`,
        remedy: spelled === undefined ? "Add its rules, or take the group out." : `Write ${textOfKey(spelled)}.`,
      },
    ];
  });
}

/** Of two lines with one number calls choose neither; of two with one name nobody can say which is meant. */
function duplicates({ rows }: Directory, column: "number" | "name"): readonly Finding[] {
  const firsts = new Map<string, Line>();
  const byId = [...rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return byId.flatMap((line): Finding[] => {
    const text = line[column];
    if (text === undefined) return [];
    const first = firsts.get(text.toLowerCase());
    firsts.set(text.toLowerCase(), first ?? line);
    if (first === undefined) return [];
    const { partitionKey, rowKey } = atLine(first.id);
    return [
      {
        severity: column === "number" ? "error" : "warning",
        kind: `duplicate-${column}`,
        ...atLine(line.id),
        column,
        found: text,
        says: `${text} is already the ${column} of ${partitionKey}/${rowKey}${column === "name" ? "" : nameInBrackets(first)}.`,
        remedy:
          column === "number"
            ? "Write this line's own number, or leave the cell empty."
            : "Write a name of its own: commands and overrides tell lines by their names.",
      },
    ];
  });
}

function nameInBrackets(line: Line): string {
  return line.name === undefined ? "" : ` (${nameOfLine(line)})`;
}

/** One finding a list: it may have many rows. */
function lapsedMembers({ book }: Directory): readonly Finding[] {
  return [...(book.lists ?? [])].flatMap(([list, { members, lapsed }]): Finding[] => {
    if (lapsed === 0) return [];
    // The count is no part of the sentence: it changes, and the finding stays the same.
    const found = `${lapsed} of ${members} callers`;
    const says = "Callers on the list are past their date and count no longer.";
    const remedy = "Remove these rows, or write a later until.";
    return [
      {
        severity: "note",
        kind: "expired",
        table: "CallerLists",
        partitionKey: "",
        rowKey: list,
        column: "until",
        found,
        says,
        remedy,
      },
    ];
  });
}
