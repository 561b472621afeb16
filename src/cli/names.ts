import { type CallerMatch, type CallerTerm, formatTerm } from "../routing/caller-match.ts";
import { formatInternational } from "../routing/phone-number.ts";
import type { Line, Rule, Target } from "../routing/rule.ts";
import { formatTarget } from "../routing/targets.ts";
import type { Book } from "../store/book.ts";
import { textOfKey } from "../store/tables.ts";
import { OVERRIDES } from "./override/override-scope.ts";

/** Ids and numbers by the names that the rows themselves give them, and numbers as people read them. */
export class Names {
  /** By id and by number. A name that two lines share tells neither. */
  readonly #lines = new Map<string, string>();
  /** Display names that targets have somewhere, by id. */
  readonly #displayNames = new Map<string, string>();

  constructor({ lines, rules }: Pick<Book, "lines" | "rules">) {
    const known = [...lines.values()];
    const byName = Map.groupBy(known, ({ name }) => name?.toLowerCase());
    for (const { id, number, name } of known) {
      const label =
        name !== undefined && byName.get(name.toLowerCase())?.length === 1
          ? name
          : number && formatInternational(number);
      if (label === undefined) continue;
      this.#lines.set(id, label);
      if (number !== undefined) this.#lines.set(number, label);
    }
    for (const target of targetsOf(known, [...rules.values()].flat())) {
      if (target.displayName !== undefined && !this.#displayNames.has(target.id))
        this.#displayNames.set(target.id, target.displayName);
    }
  }

  /** A line by its name, else its number, else its id. */
  line(idOrNumber: string): string {
    return this.#lines.get(idOrNumber) ?? formatInternational(idOrNumber);
  }

  /** Whoever has an id or a number: a caller above all, whose number people want to see whatever its name. */
  party(id: string): string {
    return id.startsWith("+") ? formatInternational(id) : (this.#displayNames.get(id) ?? this.#lines.get(id) ?? id);
  }

  /** A target by its display name, the name of the line that it is, its number, else as rows write it. */
  target(target: Target): string {
    const { kind, id, displayName, weight } = target;
    const name = displayName ?? this.#lines.get(id) ?? this.#displayNames.get(id);
    const plain = kind === "phone" ? formatInternational(id) : formatTarget({ kind, id, weight: 1 });
    return `${name ?? plain}${weight === 1 ? "" : ` x${weight}`}`;
  }

  targets(targets: readonly Target[]): string {
    return targets.map((target) => this.target(target)).join(", ");
  }

  /** What a rule does with a call: whom it rings and how, or how it rejects. */
  action({ action }: Pick<Rule, "action">): string {
    if (action.kind === "reject") return `reject ${action.reason}`;
    const ring = { all: "", random: "one at random of ", "round-robin": "the next of " }[action.ring];
    return `${ring}${this.targets(action.targets)}`;
  }

  /** A caller column. */
  callers({ include, exclude }: CallerMatch): string {
    const terms = [...include.map((term) => this.#term(term)), ...exclude.map((term) => `!${this.#term(term)}`)];
    return terms.join(", ");
  }

  /** A partition of Routes. */
  partition(partitionKey: string): string {
    return this.#lines.get(partitionKey) ?? formatInternational(textOfKey(partitionKey));
  }

  /** An override's scope, by its key: `Support`, `site:Denver`, `all`. */
  scope(rowKey: string): string {
    return this.partition(textOfKey(rowKey));
  }

  /** A rule by its keys, an override by its scope: `Support/day`, `override/site:Denver`. */
  rule(partitionKey: string, rowKey: string): string {
    const name = partitionKey === OVERRIDES ? this.scope(rowKey) : textOfKey(rowKey);
    return `${this.partition(partitionKey)}/${name}`;
  }

  #term(term: CallerTerm): string {
    if (term.kind === "anyone") return "anyone";
    return term.kind === "party" ? this.party(term.id) : formatTerm(term);
  }
}

function* targetsOf(lines: readonly Line[], rules: readonly Rule[]): Generator<Target> {
  for (const { action } of rules) if (action.kind === "redirect") yield* [...action.targets, ...action.fallback];
  for (const { fallback } of lines) yield* fallback;
}
