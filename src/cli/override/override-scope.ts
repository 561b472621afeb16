import { unreachable } from "../../errors.ts";
import { normaliseGuid } from "../../routing/party.ts";
import type { Region } from "../../routing/phone-number.ts";
import type { Line, Rule, Target } from "../../routing/rule.ts";
import { bookOf } from "../../routing/rule-book.ts";
import type { Book } from "../../store/book.ts";
import type { Row } from "../../store/cells.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { readRule } from "../../store/rule-rows.ts";
import { keyOf } from "../../store/tables.ts";
import { UsageError } from "../exit.ts";
import { findLine } from "../find-line.ts";
import { ruleNow } from "../on-now.ts";

export const OVERRIDES = "override";

/** Whose calls an override sends elsewhere. */
export type Scope =
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "site"; readonly site: string }
  | { readonly kind: "all" };

/**
 * Reads a scope as a person types it: `all`, `site:NAME`, or a line by its id, number or name.
 *
 * @param wish what it is called where it was typed, for the message: `--scope`
 * @throws UsageError when there is no such line or site
 */
export function readScope(
  text: string,
  rows: readonly Row[],
  book: Book,
  region: Region | undefined,
  wish: string,
): Scope {
  const typed = text.trim();
  if (typed.toLowerCase() === "all") return { kind: "all" };
  const named = /^site\s*:\s*(.*)$/i.exec(typed)?.[1];
  if (named === undefined) return { kind: "line", line: findLine(typed, rows, region, wish) };
  const sites = [...book.lines.values()].flatMap(({ site }) => site ?? []);
  const site = sites.find((each) => each.toLowerCase() === named.toLowerCase());
  if (site !== undefined) return { kind: "site", site };
  const known = sites.length === 0 ? "No line has a site." : `Sites are ${[...new Set(sites)].sort().join(", ")}.`;
  throw new UsageError(`${wish} is "${typed}", and no line has that site. ${known}`);
}

/** The key under which the scope's override is stored. */
export function keyOfScope(scope: Scope): string {
  switch (scope.kind) {
    case "line":
      return keyOf(scope.line.id);
    case "site":
      return keyOf(`site:${scope.site}`);
    case "all":
      return "all";
    default:
      return unreachable(scope);
  }
}

/** Whether an override's row is for the scope, however its key is spelled: a line's may be its number or name. */
export function isOfScope({ rowKey }: Pick<Row, "rowKey">, scope: Scope, region: Region | undefined): boolean {
  if (rowKey === keyOfScope(scope)) return true;
  const rule = readRule({ partitionKey: OVERRIDES, rowKey, action: "reject" }, region).value;
  const line = scope.kind === "line" ? scope.line : { id: "", fallback: [], ...scope };
  const [, ofLine = [], ofSite = [], ofAll = []] = overridesOf(line, rule === undefined ? [] : [rule], region);
  return { line: ofLine, site: ofSite, all: ofAll }[scope.kind].length > 0;
}

/** The overrides that a line's calls ask, the narrowest scope first, as calls order them. */
function overridesOf(line: Line, overrides: readonly Rule[], region: Region | undefined) {
  const partitions = { all: undefined, overrides, line: undefined, group: undefined, default: undefined };
  return bookOf(line.id, line, partitions, new Map(), region).partitions;
}

export function removalOf(row: Row): RowEdit {
  const { partitionKey, rowKey } = row;
  return { kind: "remove", table: "Routes", keys: { partitionKey, rowKey }, before: row };
}

/** Every line that is known: by its row, by rules of its own, or because somebody named it as a scope. */
export function linesOf({ lines, rules }: Book, scope?: Scope): Line[] {
  const all = new Map([...lines.values()].map((line) => [line.id, line]));
  const isLine = (partition: string) => normaliseGuid(partition) === partition || /^\+\d+$/.test(partition);
  const ids = [...rules.keys()].filter(isLine);
  for (const line of [...ids.map((id) => ({ id, fallback: [] })), ...(scope?.kind === "line" ? [scope.line] : [])]) {
    if (!all.has(line.id)) all.set(line.id, line);
  }
  return [...all.values()];
}

/** Whether a scope reaches a line, whatever narrower one there is. */
export function isWithin(line: Line, scope: Scope): boolean {
  switch (scope.kind) {
    case "line":
      return line.id === scope.line.id;
    case "site":
      return line.site?.trim().toLowerCase() === scope.site.trim().toLowerCase();
    case "all":
      return true;
    default:
      return unreachable(scope);
  }
}

/** The rules that calls within a scope ask, overrides aside. */
export function rulesFor(scope: Scope, lines: readonly Line[], { rules }: Book): Rule[] {
  const own = lines
    .filter((line) => isWithin(line, scope))
    .flatMap(({ id, group }) => (group === undefined ? [id] : [id, group]));
  return [...new Set(["all", ...own, "default"])].flatMap((partition) => rules.get(keyOf(partition)) ?? []);
}

/** Whether a target is the line itself, which its own calls never ring. */
export function isOwn(target: Target, { id, number }: Line): boolean {
  return target.id === id || (target.kind === "phone" && target.id === number);
}

/** Whether a rule has nobody else to ring than the line itself, so that it does not apply to the line's calls. */
export function ringsOnly({ action }: Rule, line: Line): boolean {
  return action.kind === "redirect" && action.targets.every((target) => isOwn(target, line));
}

/** A line with the override that takes its calls; undefined when none does. */
export interface Covered {
  readonly line: Line;
  readonly by: Rule | undefined;
}

/** Which override takes the calls of each line at a moment. */
export function coverage(
  lines: readonly Line[],
  overrides: readonly Rule[],
  book: Pick<Book, "schedules">,
  atMs: number,
  region: Region | undefined,
): Covered[] {
  // The zone only words a reason, which nobody reads here.
  const isOn = (rule: Rule) => ruleNow(rule, book, atMs, "Etc/UTC").on;
  return lines.map((line) => {
    const by = overridesOf(line, overrides, region).flat();
    return { line, by: by.find((rule) => isOn(rule) && !ringsOnly(rule, line)) };
  });
}
