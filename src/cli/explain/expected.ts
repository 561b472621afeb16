import { isWrong, unreachable, type Wrong } from "../../errors.ts";
import type { DecidedBy, Decision } from "../../routing/decision.ts";
import type { Region } from "../../routing/phone-number.ts";
import { REJECT_REASONS, type RejectReason, type Rule, type Target } from "../../routing/rule.ts";
import { parseTargets } from "../../routing/targets.ts";
import type { Book } from "../../store/book.ts";
import { oneOf } from "../../store/cells.ts";
import { textOfKey } from "../../store/tables.ts";

/** What a call is expected to be told. */
export type Expected =
  /** These and nobody else, whatever their order, names and weights. */
  | { readonly kind: "targets"; readonly ids: ReadonlySet<string> }
  /** With any reason when none is named. */
  | { readonly kind: "reject"; readonly reason?: RejectReason }
  /** One of the rules that are called so. */
  | { readonly kind: "rule"; readonly rules: readonly Pick<Rule, "partition" | "name">[] };

type Named = Pick<Book, "lines" | "rules">;

/**
 * Reads `user:ID, phone:NUMBER`, the display name of a target or the name of a line, `reject`, `reject busy`,
 * `rule NAME` or `rule PARTITION/NAME`.
 *
 * @param book the rows that the expectation is held against: it knows the rules and the names
 */
export function parseExpected(text: string, book: Named, region: Region | undefined): Expected | Wrong {
  const [, reason] = /^reject(?:\s+(.*))?$/i.exec(text) ?? [];
  if (/^reject\b/i.test(text)) return parseReject(reason ?? "");
  const rule = /^rule\s+(.+)$/i.exec(text)?.[1];
  return rule === undefined ? parseExpectedTargets(text, book, region) : findRules(rule, book);
}

function parseReject(reason: string): Expected | Wrong {
  if (reason === "") return { kind: "reject" };
  const known = oneOf(REJECT_REASONS)(reason);
  return isWrong(known)
    ? { wrong: `write reject, or reject with ${REJECT_REASONS.join(", ")}` }
    : { kind: "reject", reason: known };
}

function findRules(typed: string, { rules, lines }: Named): Expected | Wrong {
  const isMeant = ({ partition, name }: Rule) => {
    const line = lines.get(partition);
    const partitions = [textOfKey(partition), line?.name, line?.number].filter((each) => each !== undefined);
    const names = [textOfKey(name), ...partitions.map((each) => `${each}/${textOfKey(name)}`)];
    return names.some((each) => each.toLowerCase() === typed.toLowerCase());
  };
  const found = [...rules.values()].flat().filter(isMeant);
  return found.length === 0 ? { wrong: "no rule that can be read is called so" } : { kind: "rule", rules: found };
}

const FORMS = "write user:ID, phone:NUMBER, app:ID or resource:ID, a target's display name, reject busy, or rule NAME";

function parseExpectedTargets(text: string, book: Named, region: Region | undefined): Expected | Wrong {
  const ids = new Set<string>();
  const whole = parseTargets(text, region);
  // Commas within a quoted name do not separate; names without quotes have none.
  const entries = isWrong(whole) ? text.split(/[,;\n]/).map((each) => each.trim()) : [];
  for (const entry of entries.filter((each) => each !== "")) {
    const targets = parseTargets(entry, region);
    const found = isWrong(targets) ? idNamed(entry, book) : targets.map(({ id }) => id);
    if (isWrong(found)) return /^(user|phone|app|resource)\s*:/i.test(entry) && isWrong(targets) ? targets : found;
    for (const id of found) ids.add(id);
  }
  for (const { id } of isWrong(whole) ? [] : whole) ids.add(id);
  return ids.size === 0 ? { wrong: FORMS } : { kind: "targets", ids };
}

function idNamed(typed: string, { lines, rules }: Named): readonly string[] | Wrong {
  const isMeant = (name: string | undefined) => name?.toLowerCase() === typed.toLowerCase();
  const targets: Target[] = [...lines.values()].flatMap(({ fallback }) => fallback);
  for (const { action } of [...rules.values()].flat()) {
    if (action.kind === "redirect") targets.push(...action.targets, ...action.fallback);
  }
  const found = new Set([
    ...targets.flatMap(({ displayName, id }) => (isMeant(displayName) ? [id] : [])),
    ...[...lines.values()].flatMap(({ name, id }) => (isMeant(name) ? [id] : [])),
  ]);
  if (found.size === 1) return [...found];
  if (found.size === 0) return { wrong: FORMS };
  return { wrong: `${found.size} of them are called so: ${[...found].join(", ")}` };
}

/** Whether a decision is what was expected. */
export function isMet(expected: Expected, decision: Decision): boolean {
  switch (expected.kind) {
    case "targets": {
      if (decision.kind !== "redirect") return false;
      const ids = new Set(decision.targets.map(({ id }) => id));
      return ids.size === expected.ids.size && [...ids].every((id) => expected.ids.has(id));
    }
    case "reject":
      return decision.kind === "reject" && (expected.reason === undefined || expected.reason === decision.reason);
    case "rule":
      return expected.rules.some((rule) => isBy(rule, decision.by));
    default:
      return unreachable(expected);
  }
}

function isBy({ partition, name }: Pick<Rule, "partition" | "name">, by: DecidedBy): boolean {
  return by.kind === "rule" && by.partition === partition && by.name === name;
}
